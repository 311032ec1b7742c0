"""Invoices from bytes to matched and answered: how many per CPU second, and what a second worker gives.

    python benchmarks/intake.py [--quick] [--json]

Orders of five lines are placed, answered and received by the real operations beforehand (not counted). Then a
supplier's own system sends an invoice for each as XML. Counted is everything from the bytes on: kept, gated, judged by
the official rules (where ../shared/standards is there), stored, matched against order and receipt, approved by
førehandstilvising, its costs allocated and posted ready for the accounting system. One invoice in ten has a price that
is three per cent too high: its deviation is opened, a person rejects it, and the invoice response (T111) that says so
is sent. (The seller's station here has not written that invoice and answers so, MLR: counted as well.) CPU seconds are
this process's own, on SQLite.

`two_worker_ratio`: on PostgreSQL, the wall time of one worker process over that of two, for the same queue of received
invoices; null where the machine has fewer than two free cores (the load is above one half of a core before we start),
for then the figure would measure the neighbours.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("AVROP_SHARED", ROOT.parent / "shared"))
SIDE_BY_SIDE = 20
LINES = 5
DEVIATES = 10  # each so many has a wrong price
WARM = 20


def prepare(count: int) -> list[bytes]:
    """An installation, received orders, and the invoice that the supplier's system writes for each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
    import django

    django.setup()
    from avrop.journal import worker
    from avrop.kernel.ports import originals, today
    from avrop.messaging.models import Message
    from avrop.project import standards
    from tests import supplier
    from tests.house.tables import make_tables
    from tests.robot import Robot
    from tests.world import add_items, build_world

    make_tables()
    add_items(build_world(), LINES)
    if (SHARED / "standards").is_dir():
        for part in ("peppol/billing/2026.5", "peppol/postaward/2026.5", "ubl/2.3"):
            standards.registry().install(SHARED / "standards" / part)
    people: dict[Any, Any] = {}
    written = []
    for start in range(0, count, SIDE_BY_SIDE):
        numbers = range(start, min(count, start + SIDE_BY_SIDE))
        robots = [Robot(f"need {n}", people=people, lines=LINES, careful=False) for n in numbers]
        for act in ("ask", "approve", "answer", "receive"):
            for robot in robots:
                robot.look_ahead(act)
                getattr(robot, act)()
            worker.run_until_idle()
        for place, robot in enumerate(robots, start):
            number = robot.order_ref()[1]
            rows = Message._base_manager.filter(number=number, document_type="order", direction="out")
            got = supplier.read(originals().get(rows.values_list("sha256", flat=True).get()))
            bill = supplier.bill_document(got, f"E-{number}", today())
            factor = Decimal("1.03") if place % DEVIATES == DEVIATES - 1 else Decimal(1)
            written.append(supplier.with_price(bill, 0, factor))
    return written


def one_process(count: int) -> dict[str, Any]:
    """The child that measures CPU seconds."""
    bills = prepare(count + WARM)
    from avrop.journal import worker
    from avrop.messaging import intake

    def bring(some: list[bytes]) -> None:
        for start in range(0, len(some), SIDE_BY_SIDE):
            for raw in some[start : start + SIDE_BY_SIDE]:
                intake.receive(raw, transport="file")
            worker.run_until_idle()
            reject_deviating()
            worker.run_until_idle()

    bring(bills[:WARM])
    before = time.process_time()
    bring(bills[WARM:])
    spent = time.process_time() - before
    ends = _ends()
    wrong = (count + WARM) // DEVIATES
    assert ends == {"approved": count + WARM - wrong, "rejected": wrong, "answered": wrong}, ends
    return {"invoices_per_cpu_second": round(count / spent, 2)}


def reject_deviating() -> None:
    """The clerk rejects what the price rules stopped."""
    from avrop.matching import operations as matching
    from avrop.matching.models import Deviation
    from avrop.tenancy.models import Person
    from avrop.tenancy.queries import viewer_for
    from avrop.tenancy.scope import everything, viewing

    with everything("the benchmark looks for what was stopped"):
        found = list(Deviation.objects.filter(state="open").values_list("match_id", flat=True).distinct())
        who = viewer_for(Person.objects.get(login="fakta"), "bremnes") if found else None
    for match_id in found:
        assert who is not None
        with viewing(who):
            matching.reject_invoice(
                match_id=match_id, reason_code="PRI", reason="The price is not the agreed one."
            )


def _ends() -> dict[str, int]:
    from avrop.matching.models import Match
    from avrop.messaging.models import Message

    sent = Message._base_manager.filter(document_type="invoice_response", direction="out").exclude(
        transmission=""
    )
    states = list(Match._base_manager.values_list("state", flat=True))
    return {
        "approved": states.count("approved"),
        "rejected": states.count("rejected"),
        "answered": sent.count(),
    }


def workers(count: int) -> dict[str, Any]:
    """The child that measures one worker process against two, on PostgreSQL: wall seconds of each."""
    bills = prepare(2 * count + 1)
    from django.conf import settings
    from django.db import connection

    from avrop.messaging import intake

    sample = Path(settings.AVROP_DIR) / "sample.xml"
    sample.write_bytes(bills.pop())
    seconds = []
    for processes, some in ((1, bills[:count]), (2, bills[count:])):
        for raw in some:
            intake.receive(raw, transport="file")
        connection.close()
        seconds.append(_drained([sys.executable, __file__, "--drain", str(sample)], processes))
    return {"seconds": seconds}


def _drained(words: list[str], processes: int) -> float:
    """Wall seconds until the queue is empty, from when all of them are ready."""
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) for _ in range(processes)
    ]
    for process in running:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    started = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.wait() for process in running] == [0] * processes
    return time.perf_counter() - started


def drain(sample: Path) -> None:
    """A worker process: load everything, say so, wait for the word, deliver until nothing is left."""
    import django

    django.setup()
    from avrop.journal import worker
    from avrop.journal.models import Delivery
    from avrop.project import standards
    from avrop.ubl import gate

    standards.registry().judge(gate.admit(sample.read_bytes()).root)
    print("ready", flush=True)
    sys.stdin.readline()
    while worker.run_batch() or Delivery.objects.filter(state__in=("queued", "running")).exists():
        pass


def run_child(what: str, count: int, postgres: str = "") -> dict[str, Any]:
    """One measured process with a data folder of its own."""
    with tempfile.TemporaryDirectory(prefix="avrop-bench-") as folder:
        path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
        env = {**os.environ, "AVROP_DIR": folder, "PYTHONPATH": path, "AVROP_STANDARDS": ""}
        env |= {"AVROP_DATABASE": postgres, "DJANGO_SETTINGS_MODULE": "avrop.project.settings"}
        words = [sys.executable, __file__, f"--{what}", str(count)]
        done = subprocess.run(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"the {what} run failed")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def two_worker_ratio(count: int) -> float | None:
    """How much faster two workers are than one; None where the machine is busy with something else."""
    if (os.cpu_count() or 1) < 2 or os.getloadavg()[0] > 0.5:
        return None
    from tests import plugin

    one, two = run_child("workers", count, plugin.start_postgres())["seconds"]
    return round(one / two, 2)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--workers", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--drain", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.drain:
        drain(options.drain)
    elif options.one:
        print(json.dumps(one_process(options.one)))
    elif options.workers:
        print(json.dumps(workers(options.workers)))
    else:
        count = 60 if options.quick else 300
        ratio = two_worker_ratio(count)  # first: while we are not the load ourselves
        result = {
            **run_child("one", count),
            "two_worker_ratio": ratio,
            "invoices": count,
            "lines": LINES,
            "officially_judged": (SHARED / "standards").is_dir(),
        }
        if options.json:
            print(json.dumps(result))
        else:
            for key, value in result.items():
                print(f"{key:<28} {value}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
