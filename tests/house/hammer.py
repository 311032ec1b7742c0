"""One process of a busy installation, run by test_busy.py: `python -m tests.house.hammer ROLE COUNT`.

Roles: prepare (tables and one organisation), web (operations one after another), import (many rows in batches),
worker (delivers until `stop` lies in the data folder), count (prints what is there).
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")

import django

django.setup()

from django.conf import settings

from avrop.coding.models import Code
from avrop.journal import audit, worker
from avrop.journal.models import Case, Delivery
from avrop.journal.operation import operation
from avrop.journal.tests.flows import flow, happen, note
from avrop.journal.within import record
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import as_system, everything
from tests.house.tables import make_tables
from tests.world import valid_orgnr


def prepare(count: int) -> None:
    """Tables and one organisation."""
    make_tables()
    orgnr = valid_orgnr(31000000)
    Organisation.objects.create(slug="a", kind="buyer", name="A", orgnr=orgnr, endpoint=f"0192:{orgnr}")


def web(count: int) -> None:
    """Operations one after another, each in a stream of its own."""
    tenant = Organisation.objects.get(slug="a").id
    with as_system(tenant):
        for n in range(count):
            happen(tenant=tenant, stream=f"{os.getpid()}-{n % 7}", text=f"{os.getpid()}-{n}")


@operation
def load(*, tenant, start: int, size: int) -> None:
    """One batch of an import."""
    Code.objects.bulk_create(
        [Code(buyer_id=tenant, dimension="account", code=f"{start + i}", name="x") for i in range(size)]
    )
    from avrop.journal.tests.flows import Noted

    record(Noted(f"batch {start}"), tenant=tenant, stream="import")


def import_(count: int) -> None:
    """Many rows in batches."""
    tenant = Organisation.objects.get(slug="a").id
    with as_system(tenant):
        for start in range(0, count, 500):
            load(tenant=tenant, start=start, size=min(500, count - start))


def work(count: int) -> None:
    """Deliver until told to stop and nothing is left."""
    stop = Path(settings.AVROP_DIR) / "stop"
    while True:
        busy = worker.run_batch()
        if not busy and stop.exists():
            return
        if not busy:
            time.sleep(0.02)


def count(_: int) -> None:
    """What is there."""
    with everything("the test counts"):
        print(
            json.dumps(
                {
                    "notes": Case.objects.filter(kind="note").count(),
                    "texts": Case.objects.filter(kind="note").values("reason").distinct().count(),
                    "done": Delivery.objects.filter(state="done").count(),
                    "deliveries": Delivery.objects.count(),
                    "tries": sum(Delivery.objects.values_list("attempts", flat=True)),
                    "codes": Code.objects.count(),
                    "chain": audit.verify(covered=False).ok,
                }
            )
        )


def _keep(event) -> None:
    note(tenant=event.tenant, text=event.text)


if __name__ == "__main__":
    role = {"prepare": prepare, "web": web, "import": import_, "worker": work, "count": count}[sys.argv[1]]
    with flow(keep=_keep):
        role(int(sys.argv[2]))
