"""Judging documents by the official rules: ours, Saxon in both its homes, other Python validators, and the floor.

    python benchmarks/validation.py [--quick] [--json] [--peers FOLDER]

CPU time. `ours` is the native engine where it is installed (`make native`), `ours_python` the same rules without it.
Both, saxonche and the floor (lxml parse + XSD) take turns in one process, a few runs a turn, for what is hot must not
be measured in the other's cache; all get the same text and give the same findings, which is asserted for every
document here. The other peers follow in processes of their own, on the same files: Saxon-HE on a
warm JVM (Debian's libsaxonhe-java and a JDK), both Saxons also with the stylesheets of SchXslt, as official releases
carry them (SCHXSLT names SchXslt's folder xslt/2.0), phive with its own sets of the same release (fetched by Maven),
which must find the same rule ids, and the Python validators. The last two are measured where FOLDER (or AVROP_PEERS)
names a virtual environment with verifyhash-einvoice and mock-einvoice. A peer that is not there is null, and
`not_measured` says why. `*_ms` is the least of the repetitions, `*_median_ms` the median, of a JVM `*_mean_ms` the mean
of the later half. `ours_with_gate_and_schemas` and `phive_with_schemas` are the whole way from bytes.
`memory_ours_catalogue_mib`: resident at most while catalogues of so many lines are judged from their files.
The rules are read from ../shared/standards (or AVROP_SHARED); without them there is nothing to measure.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from avrop.schematron.hits import Hit

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
SHARED = Path(os.environ.get("AVROP_SHARED", ROOT.parent / "shared"))
# The official release that is measured.
RELEASE = "2026.5"
ENGINES = ("compiled", "saxon")
Result = dict[str, Any]


class Bench:
    """One release of every billing and Post-Award set, installed below a folder of our own."""

    def __init__(self, folder: Path) -> None:
        from avrop.ubl.installed import XSD
        from avrop.ubl.rulesets import Registry
        from avrop.ubl.schemas import Schemas

        self.folder, self.shared, self.release = folder, SHARED, RELEASE
        self.registry = Registry(folder / "standards")
        for part in (f"peppol/billing/{RELEASE}", f"peppol/postaward/{RELEASE}", "peppol/mls", "ubl/2.3"):
            self.registry.install(SHARED / "standards" / part)
        self.entries = [entry for entry in self.registry.listing() if entry.name != XSD]
        (xsd,) = (entry for entry in self.registry.listing() if entry.name == XSD)
        self.schemas = Schemas(self.registry.folder / "xsd" / xsd.content, xsd.release)

    def titles(self, *names: str) -> list[str]:
        """The sets of that name as they are called on the command line; without a name all."""
        return [entry.title for entry in self.entries if not names or entry.name in names]

    def file(self, name: str, content: bytes) -> Path:
        """The document on disk, for those that read it in another process."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def sheets(self, name: str, *sets: str) -> list[Path]:
        """Our plain stylesheets of the sets."""
        from avrop.schematron.oracle import xslt
        from avrop.schematron.source import parse

        found = [entry for entry in self.entries if entry.name in sets]
        return [
            self.file(
                f"{name}/{entry.name}.xslt", xslt.to_xslt(parse(self.source(entry).read_bytes())).encode()
            )
            for entry in found
        ]

    def source(self, entry: Any) -> Path:
        """The set's flat Schematron."""
        return self.registry.folder / "content" / str(entry.content)

    def race(self, content: bytes, sets: tuple[str, ...], turns: int, runs_a_turn: int) -> Result:
        """All in turns, after one run each to warm up, whose findings are compared."""
        from lxml import etree

        from avrop.ubl import gate

        entries = [entry for entry in self.entries if entry.name in sets]
        text = content.decode()
        ours, theirs, python = (self._found(text, entries, engine) for engine in (*ENGINES, "python"))
        assert ours == theirs == python, "the engines differ"
        shape = self.schemas.check(etree.fromstring(content))
        assert shape == (), shape
        runs: dict[str, Callable[[], object]] = {
            "ours": lambda: self.registry.run(text, entries, "compiled"),
            "ours_python": lambda: self.registry.run(text, entries, "python"),
            "saxonche": lambda: self.registry.run(text, entries, "saxon"),
            "floor": lambda: self.schemas.check(etree.fromstring(content)),
            "ours_with_gate_and_schemas": lambda: self.registry.judge(gate.admit(content).root),
        }
        spent: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(turns):
            for name, run in runs.items():
                spent[name] += [self._clock(run) for _ in range(runs_a_turn)]
        found: Result = {"findings": sum(sum(c.values()) for c in ours)}
        for name, values in spent.items():
            found[f"{name}_ms"] = round(min(values), 2)
            found[f"{name}_median_ms"] = round(statistics.median(values), 2)
        found["times_saxonche"] = round(found["saxonche_ms"] / found["ours_ms"], 1)
        found["python_times_saxonche"] = round(found["saxonche_ms"] / found["ours_python_ms"], 1)
        return found

    def _found(self, text: str, entries: list[Any], engine: Any) -> list[Counter[tuple[str, str]]]:
        """Each set's findings as (rule id, place)."""
        results = self.registry.run(text, entries, engine)
        assert all(isinstance(result, list) for result in results), results
        return [Counter((hit.id, hit.at) for hit in cast("list[Hit]", result)) for result in results]

    def ids(self, content: bytes, sets: tuple[str, ...]) -> Counter[str]:
        """How often each rule speaks."""
        entries = [entry for entry in self.entries if entry.name in sets]
        found = self._found(content.decode(), entries, "compiled")
        return Counter(one for counts in found for one, _ in counts.elements())

    @staticmethod
    def _clock(run: Callable[[], object]) -> float:
        before = time.process_time()
        run()
        return (time.process_time() - before) * 1000


def figures(quick: bool, environment: Path | None, folder: Path) -> Result:
    """Everything this benchmark says, by document and figure."""
    from benchmarks import _beside, _fresh
    from benchmarks import _documents as made
    from benchmarks._beside import BILLING

    bench = Bench(folder)
    invoices = {lines: made.invoice(SHARED, lines) for lines in (1, 20, 2000)}
    order, catalogue = made.an_order(20), made.a_catalogue(10_000)
    few, many, huge = ((3, 1), (5, 10), (1, 1)) if quick else ((7, 1), (12, 20), (3, 1))
    races = (
        ("invoice_1", invoices[1], BILLING, *many),
        ("invoice_20", invoices[20], BILLING, *many),
        ("invoice_20_faulty", made.faulty(invoices[20]), BILLING, *many),
        ("invoice_2000", invoices[2000], BILLING, *few),
        ("order_20", order, ("PEPPOLBIS-T01",), *many),
        ("catalogue_10000", catalogue, ("PEPPOLBIS-T19",), *huge),
    )
    from avrop.schematron import native

    found: Result = {"not_measured": {}, "native_engine": native.MODULE is not None} | {
        name: bench.race(*how) for name, *how in races
    }
    for lines, content in invoices.items():
        bench.file(f"data/inv{lines}.xml", content)
    _beside.invoices(bench, found, environment)
    if not quick:
        _beside.order_and_catalogue(bench, found, order, catalogue, made.a_catalogue(1))
    _beside.by_phive(bench, found, environment, [race[:3] for race in races], quick)
    one = folder / "data" / "inv20.xml"
    for engine, name in zip(ENGINES, ("ours", "saxonche"), strict=True):
        start = _fresh.cold_start(
            bench.registry.folder, one, engine, bench.titles(*BILLING), 3 if quick else 7
        )
        found[f"cold_start_{name}"] = start
    at = bench.registry.folder
    found["memory_ours_all_sets_mib"] = _fresh.memory(at, one, "compiled", bench.titles(), [])
    found["memory_ours_catalogue_mib"] = {
        f"{lines}": _fresh.memory(at, one, "compiled", bench.titles("PEPPOLBIS-T19"), [file])["peak"]
        for lines in (100, 10_000, 100_000)
        for file in (made.write_catalogue(folder / f"catalogue{lines}.xml", lines),)
    }
    found["memory_saxonche_billing_mib"] = _fresh.memory(at, one, "saxon", bench.titles(*BILLING), [])
    found["compile"] = _fresh.compile_times(at, bench.titles(), folder)
    found["sets"] = len(found["compile"])
    found |= _in_short(found)
    found["fallbacks"] = sum(one["fallbacks"] for one in found["compile"].values())
    return found


def _in_short(found: Result) -> Result:
    """The figures under the names that others read."""
    lines = {1: found["invoice_1"], 20: found["invoice_20"], 2000: found["invoice_2000"]}
    peers = {"saxonche": "saxonche_ms", "jvm": "jvm_ms", "floor": "floor_ms"}
    return (
        {f"ms_{count}": race["ours_ms"] for count, race in lines.items()}
        | {f"{name}_ms_20": lines[20][key] for name, key in peers.items()}
        | {
            "rss_mib": found["memory_ours_all_sets_mib"]["loaded"],
            "cold_start_s": found["cold_start_ours"]["cpu_s"],
        }
    )


def aims(found: Result) -> list[tuple[str, str, object]]:
    """Issue 4's aims, each with what was measured."""
    twenty, thousands = found["invoice_20"], found["invoice_2000"]
    order, catalogue = found["order_20"], found["catalogue_10000"]
    return [
        ("CEN + PEPPOL, 20 lines, ms", "<= 1.5", twenty["ours_ms"]),
        ("  times as fast as saxonche", ">= 10", twenty["times_saxonche"]),
        ("  times as fast as the JVM", ">= 5", twenty["times_jvm"]),
        ("  times as fast as phive", "", twenty["times_phive"]),
        ("  in Python alone, ms", "<= 1.5", twenty["ours_python_ms"]),
        ("CEN + PEPPOL, 2,000 lines, ms", "<= 150", thousands["ours_ms"]),
        ("  in Python alone, ms", "<= 150", thousands["ours_python_ms"]),
        ("T01, 20 lines, times saxonche", ">= 10", order["times_saxonche"]),
        ("T19, 10,000 lines, times saxonche", ">= 10", catalogue["times_saxonche"]),
        ("  10,000 and 100,000 lines, MiB", "flat", _grown(found["memory_ours_catalogue_mib"])),
        ("all sets loaded, resident MiB", "<= 120", found["memory_ours_all_sets_mib"]["loaded"]),
        ("  saxonche, billing alone", "(210-240)", found["memory_saxonche_billing_mib"]["loaded"]),
        ("cold start, CPU s", "<= 0.6", found["cold_start_ours"]["cpu_s"]),
        ("  saxonche", "(2.7)", found["cold_start_saxonche"]["cpu_s"]),
        ("patterns left to Saxon", "0", found["fallbacks"]),
    ]


def _grown(peaks: dict[str, float]) -> str:
    """Peaks of resident memory over that of a small catalogue."""
    return " ".join(f"+{peaks[lines] - peaks['100']:.1f}" for lines in ("10000", "100000"))


def shown(found: Result) -> str:
    """The figures as a person reads them."""
    lines = []
    for name, value in found.items():
        if isinstance(value, dict):
            lines.append(name)
            lines += [f"    {key:<38} {_short(inner)}" for key, inner in value.items()]
        else:
            lines.append(f"{name:<42} {value}")
    lines += ["", f"{'aim of issue 4':<40} {'aim':>10} {'seen':>10}"]
    return "\n".join(lines + [f"{what:<40} {aim:>10} {seen!s:>10}" for what, aim, seen in aims(found)])


def _short(value: object) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key} {inner}" for key, inner in value.items())
    return "null" if value is None else str(value)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--peers", type=Path, default=os.environ.get("AVROP_PEERS"), metavar="FOLDER")
    options = parser.parse_args()
    if not (SHARED / "standards").is_dir():
        raise SystemExit(f"no official rules at {SHARED}/standards")
    peers = Path(options.peers).absolute() if options.peers else None
    with tempfile.TemporaryDirectory(prefix="avrop-bench-") as folder:
        found = figures(options.quick, peers, Path(folder))
    if options.json:
        print(json.dumps(found))
    else:
        print(shown(found))


if __name__ == "__main__":
    main()
