"""The whole chain: need -> approval -> order -> response -> receipt -> e-invoice in -> match -> posted, five lines.

    python benchmarks/chain.py [--quick] [--json]

One process does everything that web and worker do, on SQLite and on PostgreSQL (the wheel's, on this machine), by the
real operations and the real queue; ten purchases go side by side, as a busy worker sees them. The invoice is judged by
the official rules at run time where ../shared/standards is there. CPU seconds are this process's own: the accounting
double and PostgreSQL are other processes. Statements are counted without BEGIN, COMMIT and SAVEPOINT.

Peer: Tryton 8 by ../shared/peers/tryton_bench.py where TRYTON_PYTHON names an interpreter that has it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("AVROP_SHARED", ROOT.parent / "shared"))
SIDE_BY_SIDE = 10
LINES = 5


class Counted:
    """Counts the statements of a connection, by what they do and by the operation that they led up to."""

    def __init__(self) -> None:
        self.total = 0
        self.operations: dict[str, Counter[str]] = {}
        self._since: Counter[str] = Counter()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.lstrip()[:12].upper()
        if not word.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            self.total += 1
            self._since[_shape(sql)] += 1
        return execute(sql, params, many, context)

    def reached(self, point: str) -> None:
        """Called at the house's named points."""
        if point.startswith("after commit: "):
            name = point.removeprefix("after commit: ")
            self.operations.setdefault(name, Counter()).update(self._since)
            self._since.clear()


def _shape(sql: str) -> str:
    match = re.search(r'(SELECT|INSERT INTO|UPDATE|DELETE FROM).*?"?((?:\w+)_\w+)"?', sql, re.S)
    if match and match.group(1) == "SELECT":
        table = re.search(r'FROM "?(\w+)"?', sql)
        return f"SELECT {table.group(1) if table else '?'}"
    return f"{match.group(1)} {match.group(2)}" if match else sql[:40]


def rss_mib() -> float:
    """Resident memory of this process, MiB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(chains: int, growth: int, verbose: bool) -> dict[str, Any]:
    """Runs in a process of its own, with AVROP_DIR and AVROP_DATABASE set."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from avrop.kernel import points
    from avrop.project import installation, standards
    from tests.robot import Robot
    from tests.world import add_items, build_world

    installation.prepare()
    add_items(build_world(), LINES)
    if (SHARED / "standards").is_dir():
        standards.registry().install(SHARED / "standards" / "peppol" / "billing" / "2026.5")
        standards.registry().install(SHARED / "standards" / "ubl" / "2.3")
    people: dict[Any, Any] = {}
    accounting = Path(settings.AVROP_DIR) / "accounting"

    def double() -> None:
        accounting.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "avrop.accounting.double", str(accounting), "--once"], check=True)

    def play(first: int, count: int) -> None:
        for start in range(first, first + count, SIDE_BY_SIDE):
            numbers = range(start, start + SIDE_BY_SIDE)
            robots = [Robot(f"need {n}", people=people, lines=LINES, careful=False) for n in numbers]
            together(robots, double)

    play(0, 2 * SIDE_BY_SIDE)
    counted = Counted()
    points.listen(counted.reached)
    with connection.execute_wrapper(counted):
        before = time.process_time()
        play(1000, chains)
        spent = time.process_time() - before
    result = {"chains_per_cpu_second": round(chains / spent, 2), "sql_per_chain": round(counted.total / chains, 1)}
    if growth:
        at_start = rss_mib()
        play(5000, growth)
        result |= {"rss_mib": round(rss_mib(), 1), "rss_growth_mib": round(rss_mib() - at_start, 1)}
    if verbose:
        for name, kinds in counted.operations.items():
            print(f"{sum(kinds.values()) / chains:6.1f}  {name}", file=sys.stderr)
            for kind, number in kinds.most_common():
                print(f"          {number / chains:5.1f}  {kind}", file=sys.stderr)
    return result


def together(robots: list[Any], double: Any) -> None:
    """Play some purchases side by side: each act for all of them, then the queue until it is empty."""
    from avrop.accounting import jobs
    from avrop.journal import worker

    for act in ("ask", "approve", "answer", "receive", "invoice"):
        for robot in robots:
            getattr(robot, act)()
        worker.run_until_idle()
    robots[0].release_all(robots)
    worker.run_until_idle()
    double()
    jobs.read_answers()
    worker.run_until_idle()
    for robot in robots:
        assert robot.is_posted(), robot.need


def run_child(engine: str, chains: int, growth: int, verbose: bool) -> dict[str, Any]:
    """One measured process."""
    with tempfile.TemporaryDirectory(prefix="avrop-bench-") as folder:
        env = {**os.environ, "AVROP_DIR": folder, "PYTHONPATH": str(ROOT), "AVROP_STANDARDS": ""}
        env.pop("AVROP_DATABASE", None)
        if engine == "postgres":
            from tests import plugin

            env["AVROP_DATABASE"] = plugin.start_postgres()
        words = [sys.executable, __file__, "--child", "--chains", str(chains), "--growth", str(growth)]
        done = subprocess.run(
            words + (["--verbose"] if verbose else []), env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
    if done.returncode:
        raise SystemExit(f"the {engine} run failed")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def tryton(quick: bool) -> float | None:
    """The peer's chains per CPU second; None where it is not installed."""
    python = os.environ.get("TRYTON_PYTHON")
    script = SHARED / "peers" / "tryton_bench.py"
    if not python or not script.is_file():
        return None
    with tempfile.TemporaryDirectory(prefix="avrop-tryton-") as folder:
        report = Path(folder) / "report.json"
        base = [python, str(script)]
        subprocess.run([*base, "setup", "--db", "bench"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        words = [*base, "run", "--db", "bench", "--n", "10" if quick else "40", "--json", str(report)]
        subprocess.run(words, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        figures = json.loads(report.read_text())
    return round(float(figures["orders_per_cpu_s"]), 2)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="also print the statements by kind")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--chains", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--growth", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.chains, options.growth, options.verbose)))
        return
    chains, growth = (50, 100) if options.quick else (200, 300)
    sqlite = run_child("sqlite", chains, growth, options.verbose)
    postgres = run_child("postgres", chains, 0, False)
    result = {
        **sqlite,
        "rss_growth_chains": growth,
        "pg_chains_per_cpu_second": postgres["chains_per_cpu_second"],
        "pg_sql_per_chain": postgres["sql_per_chain"],
        "officially_judged": (SHARED / "standards").is_dir(),
        "tryton_chains_per_cpu_second": tryton(options.quick),
    }
    if options.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:<32} {value}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
