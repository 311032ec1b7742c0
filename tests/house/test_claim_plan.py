"""A claim on PostgreSQL reads a handful of pages, also when ten thousand deliveries have come since it last looked."""

from __future__ import annotations

import json
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from avrop.journal import worker
from avrop.journal.models import Delivery
from avrop.kernel.ports import now

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]  # SQLite's claim names its index
# A claim of 20 touches about 600 pages of 8 kB: each row and its three indexes, before and after. Without its
# order and its fence it was 30,000 (no statistics) and 70,000 (old ones).
MOST_PAGES = 3_000


def deliveries(tenant: UUID, at: datetime, state: str, first: int, count: int) -> None:
    """Deliveries of four to a stream."""
    rows = [
        Delivery(
            tenant_id=tenant,
            handler=f"h{one % 15}",
            event="e",
            payload={},
            stream=f"purchase:{one // 4:032x}",
            seq=one,
            run_after=at,
            state=state,
        )
        for one in range(first, first + count)
    ]
    Delivery.objects.bulk_create(rows, batch_size=2_000)


def pages(sql: str) -> int:
    """How many pages PostgreSQL touches for the claim; nothing is kept of it."""
    before, claim, _after = sql.split("; ")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(before)
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + claim.replace("%", "%%"))
        (found,) = cursor.fetchone()
        transaction.set_rollback(True)
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


@pytest.mark.parametrize("done", [0, 20_000], ids=["a new table", "statistics that say nothing is open"])
def test_a_claim_touches_few_pages_however_many_have_come_at_once(world, done: int) -> None:
    at = now()
    deliveries(world.bremnes.id, at, "done", 0, done)
    if done:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE journal_delivery")
    deliveries(world.bremnes.id, at, "queued", done, 10_000)
    with CaptureQueriesContext(connection) as asked:
        assert len(worker.claim(20)) == 20
    (sql,) = [one["sql"] for one in asked.captured_queries if "UPDATE" in one["sql"]]
    assert pages(sql) < MOST_PAGES
