"""Every message delivered five times, in any order, to four processes that receive and work: run by test_storm.py.

    python -m tests.house.storm FOLDER MESSAGES

Prints one line of JSON: what there is afterwards. Three of four messages are invoices nobody ordered, one of four an
order to the supplier; each second one comes in an envelope.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import traceback
from typing import Any

from tests.house import installed

PROCESSES = 4
TIMES = 5

from django.db import connection

from avrop.invoicing.models import Invoice
from avrop.journal import audit, worker
from avrop.journal.models import Case, Delivery
from avrop.kernel.ports import now, originals
from avrop.matching.models import Match
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.portal.models import SalesOrder
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import everything
from avrop.ubl import gate, sbdh
from avrop.ubl.documents import invoice, order
from avrop.ubl.identify import document_type_id
from tests.stories.purchase import Line, invoice_xml, ordered


def fill(count: int) -> None:
    """The small region, one order, and a folder with each message as a file."""
    from lxml import etree

    from tests.world import build_world

    world = build_world()
    sent = ordered(world, ("papir", 10))
    with everything("the test looks"):
        message = Message.objects.get(direction="out", document_type="order")
    _, root = sbdh.unwrap(gate.admit(originals().get(message.sha256)).root)
    paper = etree.tostring(root, encoding="utf-8")
    line = Line("10", "52.90", "40-2210")
    folder = installed.FOLDER / "messages"
    folder.mkdir()
    for number in range(count):
        if number % 4:
            raw = invoice_xml(world.kontor, world.bremnes, [line], number=f"N{number}")
        else:
            raw = paper.replace(sent.number.encode(), f"O{number}".encode())
        (folder / str(number)).write_bytes(_in_envelope(raw, number, world) if number % 2 else raw)


def _in_envelope(raw: bytes, number: int, world: Any) -> bytes:
    bill = bool(number % 4)
    sides: list[Organisation] = [world.kontor, world.bremnes] if bill else [world.bremnes, world.kontor]
    kind = invoice if bill else order
    header = sbdh.Header(
        sender=sides[0].endpoint,
        receiver=sides[1].endpoint,
        document_type_id=document_type_id("Invoice" if bill else "Order", kind.CUSTOMIZATION),
        process_id=kind.PROFILE,
        instance_id=f"storm-{number}",
        created_at=now(),
    )
    return sbdh.wrap(raw, header)


def bring_and_work(process: int, count: int) -> None:
    """This process's share of the deliveries, and the queue's work in between and until it is empty."""
    shuffled = list(range(count)) * TIMES
    random.Random(count).shuffle(shuffled)
    folder = installed.FOLDER / "messages"
    for place, number in enumerate(shuffled[process::PROCESSES]):
        intake.receive((folder / str(number)).read_bytes(), transport="file")
        if place % 10 == process:
            worker.run_batch()
    while True:
        if not worker.run_batch():
            if not Delivery.objects.filter(state__in=("queued", "running")).exists():
                return
            time.sleep(0.05)


def at_once(count: int) -> list[int]:
    """All processes together; their exit codes."""
    connection.close()
    children = []
    for process in range(PROCESSES):
        child = os.fork()
        if not child:
            status = 0
            try:
                bring_and_work(process, count)
                connection.close()
            except BaseException:
                traceback.print_exc()
                status = 1
            sys.stderr.flush()
            os._exit(status)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def there() -> dict[str, Any]:
    """What there is."""
    with everything("the test counts"):
        tries = list(Delivery.objects.values_list("state", "attempts", "error"))
        mine = Message.objects.filter(direction="in", transmission="file")
        return {
            "messages": mine.count(),
            "states": sorted(set(mine.values_list("state", flat=True))),
            "sales orders": SalesOrder.objects.filter(number__startswith="O").count(),
            "invoices": Invoice.objects.filter(state="valid").count(),
            "other invoices": Invoice.objects.exclude(state="valid").count(),
            "matches": Match.objects.filter(state="without_order").count(),
            "other matches": Match.objects.exclude(state="without_order").count(),
            "cases": Case.objects.filter(kind="invoice_without_order").count(),
            "other cases": Case.objects.exclude(kind="invoice_without_order").count(),
            "unfinished": sum(1 for state, _, _ in tries if state != "done"),
            "errors": [error for _, _, error in tries if error][:3],
            "chain": audit.verify(covered=False).broken_at,
        }


def main() -> None:
    """Command line."""
    count = int(sys.argv[2])
    with installed.prepared("template", lambda: fill(count)):
        started = time.time()
        codes = at_once(count)
        spent = round(time.time() - started, 1)
        print(json.dumps({"exits": codes, "seconds": spent, **there()}))


if __name__ == "__main__":
    main()
