"""The whole chain: need -> approval -> order -> response -> receipt -> e-invoice in -> match -> posted, five lines.

    python benchmarks/chain.py [--quick] [--json]

One process does everything that web and worker do for the buyer, on SQLite and on PostgreSQL (the wheel's, on this
machine), by the real operations and the real queue; twenty purchases go side by side, as a busy worker sees them.
The supplier has a system of its own, as in the peer's benchmark: its order response (T76) and e-invoice come in as
XML through the inbound path, and the time it takes to write them is not ours. Order, response and invoice are judged
by the official rules at run time, each once, where ../shared/standards is there. CPU seconds are this process's own:
the accounting double and PostgreSQL are other processes. Statements are counted without BEGIN, COMMIT and SAVEPOINT.

The keys that end in `_with_seller` are the same purchase with the seller on this installation too: it answers and
invoices in the portal, in the same process, and its work is counted as well.

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
SIDE_BY_SIDE = 20  # as many as a worker claims at once
LINES = 5


class Counted:
    """Counts the statements of a connection, by what they do and by the operation that they led up to."""

    def __init__(self) -> None:
        self.total = 0
        self.operations: dict[str, Counter[str]] = {}
        self._since: Counter[str] = Counter()
        self.paused = False

    def start(self) -> None:
        """Count from nothing; the operations of the last count stay to be printed."""
        self.total = 0
        self.operations = {}
        self._since.clear()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.lstrip()[:12].upper()
        if not self.paused and not word.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
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


def child(chains: int, growth: int, warm: int, verbose: bool) -> dict[str, Any]:
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
        for part in ("ubl/2.3", "peppol/billing/2026.5", "peppol/postaward/2026.5"):
            standards.registry().install(SHARED / "standards" / part)
    people: dict[Any, Any] = {}
    accounting = Path(settings.AVROP_DIR) / "accounting"

    def double() -> None:
        accounting.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "avrop.accounting.double", str(accounting), "--once"], check=True
        )

    def play(first: int, count: int, clock: Outside, seller: bool) -> None:
        for start in range(first, first + count, SIDE_BY_SIDE):
            numbers = range(start, start + SIDE_BY_SIDE)
            robots = [Robot(f"need {n}", people=people, lines=LINES, careful=False) for n in numbers]
            together(robots, double, clock, seller)

    counted = Counted()
    clock = Outside(counted)
    play(0, warm, clock, True)
    points.listen(counted.reached)
    result: dict[str, Any] = {}
    with connection.execute_wrapper(counted):
        for suffix, seller, first in (("", False, 10_000), ("_with_seller", True, 20_000)):
            counted.start()
            clock.spent = 0.0
            before = time.process_time()
            play(first, chains, clock, seller)
            spent = time.process_time() - before - clock.spent
            result[f"chains_per_cpu_second{suffix}"] = round(chains / spent, 2)
            result[f"sql_per_chain{suffix}"] = round(counted.total / chains, 1)
    if growth:
        at_start = rss_mib()
        play(50_000, growth, clock, False)
        result |= {"rss_mib": round(rss_mib(), 1), "rss_growth_mib": round(rss_mib() - at_start, 1)}
    if verbose:
        for name, kinds in counted.operations.items():
            print(f"{sum(kinds.values()) / chains:6.1f}  {name}", file=sys.stderr)
            for kind, number in kinds.most_common():
                print(f"          {number / chains:5.1f}  {kind}", file=sys.stderr)
    return result


class Outside:
    """What the supplier's own system does: neither its CPU time nor its look into the order's message is ours."""

    def __init__(self, counted: Counted) -> None:
        self.counted = counted
        self.spent = 0.0

    def __enter__(self) -> None:
        self.counted.paused = True
        self.before = time.process_time()

    def __exit__(self, *_: object) -> None:
        self.spent += time.process_time() - self.before
        self.counted.paused = False


def together(robots: list[Any], double: Any, clock: Outside, seller: bool) -> None:
    """Play some purchases side by side: each act for all of them, then the queue until it is empty."""
    from avrop.accounting import jobs
    from avrop.journal import worker

    orders: dict[str, Any] = {}
    for act in ("ask", "approve", "answer", "receive", "invoice"):
        for robot in robots:
            if seller or act not in ("answer", "invoice"):
                with clock:
                    robot.look_ahead(act)
                getattr(robot, act)()
            else:
                outside_supplier(robot, act, orders, clock)
        worker.run_until_idle()
    with clock:
        for robot in robots:
            robot.posting_id()
    robots[0].release_all(robots)
    worker.run_until_idle()
    double()
    jobs.read_answers()
    worker.run_until_idle()
    with clock:
        for robot in robots:
            assert robot.is_posted(), robot.need


def outside_supplier(robot: Any, act: str, orders: dict[str, Any], clock: Outside) -> None:
    """The supplier's system reads the order's envelope, and its answer or invoice comes in as a file."""
    from avrop.kernel.ports import originals, today
    from avrop.messaging import intake
    from avrop.messaging.models import Message
    from tests import supplier

    with clock:
        number = robot.order_ref()[1]
        if number not in orders:
            rows = Message._base_manager.filter(number=number, document_type="order", direction="out")
            orders[number] = supplier.read(originals().get(rows.values_list("sha256", flat=True).get()))
        write, prefix = (supplier.accept, "S-") if act == "answer" else (supplier.bill, "E-")
        document = write(orders[number], f"{prefix}{number}", today())
    intake.receive(document, transport="file")


def run_child(engine: str, chains: int, growth: int, warm: int, verbose: bool) -> dict[str, Any]:
    """One measured process."""
    with tempfile.TemporaryDirectory(prefix="avrop-bench-") as folder:
        env = {**os.environ, "AVROP_DIR": folder, "PYTHONPATH": str(ROOT), "AVROP_STANDARDS": ""}
        env.pop("AVROP_DATABASE", None)
        if engine == "postgres":
            from tests import plugin

            env["AVROP_DATABASE"] = plugin.start_postgres()
        words = [sys.executable, __file__, "--child", "--chains", str(chains), "--growth", str(growth)]
        words += ["--warm", str(warm)]
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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="also print the statements by kind")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--chains", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--growth", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--warm", type=int, default=20, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(child(options.chains, options.growth, options.warm, options.verbose)))
        return
    # Memory settles once SQLite's page cache and the rules' own heap have grown to their size: hence the warm-up.
    chains, growth, warm = (40, 60, 100) if options.quick else (200, 300, 300)
    sqlite = run_child("sqlite", chains, growth, warm, options.verbose)
    postgres = run_child("postgres", chains, 0, 20, False)
    result = {
        **sqlite,
        "rss_growth_chains": growth,
        "pg_chains_per_cpu_second": postgres["chains_per_cpu_second"],
        "pg_sql_per_chain": postgres["sql_per_chain"],
        "pg_chains_per_cpu_second_with_seller": postgres["chains_per_cpu_second_with_seller"],
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
