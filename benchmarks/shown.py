"""Showing an invoice: CPU time and weight of its page and of its PDF, at 20 and 2,000 lines.

    python benchmarks/shown.py [--quick] [--json]

The page is what `web.documents` renders (50 lines of it), from bytes through the gate to HTML; the PDF is PDF/A-3a and
PDF/UA-1 with the XML inside, a large one made in a process of its own (counted). `rss_mib` is this process after it
all, `made_apart_mib` the largest process that made one. No peer is known that makes both from UBL in Python.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
AT = datetime(2026, 11, 20, tzinfo=UTC)
MIB = 1024 * 1024


def cpu() -> float:
    """Seconds of CPU time of this process and of those it has waited for."""
    apart = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + apart.ru_utime + apart.ru_stime


def measured(run: Callable[[bytes], bytes], raws: Sequence[bytes]) -> tuple[float, int]:
    """(best CPU milliseconds of one run, bytes that came out)."""
    best, size = float("inf"), 0
    for raw in raws:
        before = cpu()
        size = len(run(raw))
        best = min(best, (cpu() - before) * 1000)
    return best, size


def figures(quick: bool) -> dict[str, float]:
    """Everything this benchmark says."""
    from django.test import RequestFactory

    from avrop.web.documents import pages, paper
    from avrop.web.tests.shown import bill, xml

    found: dict[str, float] = {}
    around = pages.Around(("Invoices", "/", "F-77"), "/x.pdf", "/x.xml")
    for lines in (20, 2000):
        times = (3 if quick else 10) if lines == 20 else (1 if quick else 3)
        # Another number each time: typst remembers what it made last.
        raws = [xml(replace(bill(lines), id=f"F-{n}")) for n in range(times + 1)]

        def page(raw: bytes) -> bytes:
            return pages.show(RequestFactory().get("/"), raw, around).content

        def made(raw: bytes) -> bytes:
            return paper.pdf(raw, at=AT)[1]

        for name, run in (("page", page), ("pdf", made)):
            run(raws[0])
            ms, size = measured(run, raws[1:])
            found[f"{name}_ms_{lines}"] = round(ms, 1)
            found[f"{name}_kib_{lines}"] = round(size / 1024, 1)
    for name, who in (("rss_mib", resource.RUSAGE_SELF), ("made_apart_mib", resource.RUSAGE_CHILDREN)):
        found[name] = round(resource.getrusage(who).ru_maxrss * 1024 / MIB)
    return found


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    import django

    django.setup()
    found = figures(options.quick)
    for name, value in found.items():
        print(f"{name:20} {value}", file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
