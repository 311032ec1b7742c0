"""The documents of validation.py by the engines that run elsewhere; where one is not there, None and the reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from benchmarks import _peers, _phive

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.validation import Bench, Result

BILLING = ("CEN-EN16931-UBL", "PEPPOL-EN16931-UBL")
PACKAGES = {"verifyhash_einvoice": "verifyhash", "mock_einvoice": "mock-einvoice"}
Race = tuple[str, bytes, tuple[str, ...]]  # name, document, the names of its sets


def _tried(found: Result, name: str, measure: Callable[[], Any]) -> Any:
    """What a peer gave; where it is not there an empty dict, and the reason among the results."""
    try:
        return measure()
    except _peers.NotThere as why:
        found["not_measured"][name] = str(why)
        return {}


def _times(theirs: float | None, ours: float) -> float | None:
    return round(theirs / ours, 1) if theirs else None


def invoices(bench: Bench, found: Result, environment: Path | None) -> None:
    """The clean invoices, which lie in the bench's folder `data`."""
    shared, data, scratch = bench.shared, bench.folder / "data", bench.folder
    sources = [bench.source(entry) for entry in bench.entries if entry.name in BILLING]
    official = cache(lambda: _peers.official_sheets(shared, sources, scratch))
    peers: dict[str, Callable[[], _peers.Figures]] = {
        "jvm": lambda: _peers.jvm(shared, data, bench.sheets("sheets", *BILLING), scratch),
        "jvm_schxslt": lambda: _peers.jvm(shared, data, official(), scratch),
        "saxonche_schxslt": lambda: _peers.saxonche(shared, data, official(), scratch),
        **{k: partial(_peers.package, v, environment, shared, data, scratch) for k, v in PACKAGES.items()},
    }
    for name, measure in peers.items():
        result = _tried(found, name, measure)
        other = "mean" if "jvm" in name else "median"
        for lines in (1, 20, 2000):
            least, second = result.get(lines, (None, None))
            found[f"invoice_{lines}"] |= {f"{name}_ms": least, f"{name}_{other}_ms": second}
    for lines in (1, 20, 2000):
        race = found[f"invoice_{lines}"]
        race["times_jvm"] = _times(race["jvm_ms"], race["ours_ms"])


def order_and_catalogue(bench: Bench, found: Result, order: bytes, catalogue: bytes, small: bytes) -> None:
    """By Saxon on the JVM: the peer reads three files, and names them by the lines of an invoice."""
    for name, rules, at, files in (
        ("order_20", "PEPPOLBIS-T01", 20, (order, order, order)),
        ("catalogue_10000", "PEPPOLBIS-T19", 2000, (small, small, catalogue)),
    ):
        for lines, content in zip((1, 20, 2000), files, strict=True):
            bench.file(f"{name}/inv{lines}.xml", content)
        sheets, data = bench.sheets(name, rules), bench.folder / name
        result = _tried(found, "jvm", partial(_peers.jvm, bench.shared, data, sheets, bench.folder))
        found[name]["jvm_ms"] = result[at][0] if result else None


def by_phive(bench: Bench, found: Result, environment: Path | None, races: list[Race], quick: bool) -> None:
    """All documents by phive, which must find the same: on one JVM for each of its sets."""
    many, few = (200, 2) if quick else (400, 4)
    path = _tried(found, "phive", lambda: _phive.program(environment, bench.folder))
    results: dict[str, _phive.Judged] = {}
    for rules in _phive.NAMES if path else ():
        files = [
            (bench.file(f"phive/{name}", content), few if name.endswith("000") else many)
            for name, content, sets in races
            if rules in sets
        ]
        results |= _tried(found, "phive", partial(_phive.judge, path, rules, bench.release, files))
    for name, content, sets in races:
        one, race = results.get(name), found[name]
        assert one is None or one.ids == bench.ids(content, sets), f"phive differs: {name}, {one}"
        race |= {f"phive_{key}": getattr(one, key, None) for key in _phive.MILLISECONDS}
        race["times_phive"] = _times(race["phive_ms"], race["ours_ms"])
