"""The worker: claims deliveries by lease, hands each to its handler, survives being killed at any moment.

At least once with a fencing token, so each effect commits once: the handler's operation marks the delivery
done in its own transaction, and a token that is not ours any more rolls everything back.
"""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from avrop.journal import registry
from avrop.journal.events import DeliveryParked
from avrop.journal.models import Delivery
from avrop.journal.operation import StaleLease, handling, operation, work
from avrop.journal.within import open_case, record
from avrop.kernel.events import decode
from avrop.kernel.ports import now
from avrop.tenancy.facts import PLATFORM_OPERATOR
from avrop.tenancy.scope import as_system

log = logging.getLogger("avrop.worker")

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 8
MAX_BACKOFF = timedelta(minutes=30)
_T = Delivery._meta.db_table


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is ours until the lease runs out."""

    id: int
    token: int
    tenant_id: UUID
    handler: str
    event: str
    payload: Any
    stream: str
    attempts: int


def claim(limit: int = 20, only_stream: str | None = None, past_only: bool = False) -> list[Claimed]:
    """Lease up to `limit` deliveries, each the first unfinished one of its handler in its stream.

    A lease further ahead than any lease can be was written before the clock was set back; it counts as over.
    `past_only`: only what is due by this clock and leased by nobody (a simulator among real work).
    """
    at = now()
    skip = "FOR UPDATE OF d SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    # SQLite would walk the whole table by its row number; PostgreSQL: see `_in_order`.
    index = "INDEXED BY delivery_open" if connection.vendor == "sqlite" else ""
    # A fence: each is looked up in `delivery_order`, never joined by reading all of it.
    fence = "OFFSET 0" if skip else ""
    mine = "AND d.stream = %s" if only_stream else ""
    sql = (
        f"UPDATE {_T} SET state = 'running', lease_until = %s, attempts = attempts + 1, token = token + 1 "
        f"WHERE id IN (SELECT d.id FROM {_T} d {index} WHERE d.state IN ('queued', 'running') "
        f"AND (d.run_after <= %s OR d.run_after > %s) "
        f"AND (d.state = 'queued' OR d.lease_until < %s OR d.lease_until > %s) {mine} "
        f"AND NOT EXISTS (SELECT 1 FROM {_T} e WHERE e.handler = d.handler AND e.stream = d.stream "
        f"AND e.seq < d.seq AND e.state IN ('queued', 'running', 'parked') {fence}) "
        f"ORDER BY d.id LIMIT %s {skip}) "
        f"RETURNING id, token, tenant_id, handler, event, payload, stream, attempts"
    )
    never = datetime.max.replace(tzinfo=UTC)
    ahead, over = (never, datetime.min.replace(tzinfo=UTC)) if past_only else (at + 2 * MAX_BACKOFF, at)
    times = [at + LEASE, at, ahead, over, never if past_only else at + 2 * LEASE]
    adapt = connection.ops.adapt_datetimefield_value
    params: list[Any] = [adapt(t) for t in times]
    params += ([only_stream] if only_stream else []) + [limit]
    with connection.cursor() as cursor:
        rows = _in_order(cursor, sql, params) if skip else cursor.execute(sql, params).fetchall()
    return [_claimed(row) for row in sorted(rows)]


def _in_order(cursor: Any, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The claim on PostgreSQL, read off `delivery_open` in its order, however old the table's statistics are.

    When ten thousand deliveries come at once, the statistics still say that almost none are open; it would then
    look at all of them and sort, for each claim (90 ms instead of 1). Sent together, so one way there and back.
    """
    cursor.execute(f"SET LOCAL enable_sort = off; {sql}; SET LOCAL enable_sort = on", params)
    cursor.nextset()
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _claimed(row: tuple[Any, ...]) -> Claimed:
    ident, token, tenant, handler, event, payload, stream, attempts = row
    return Claimed(
        id=ident,
        token=token,
        tenant_id=tenant if isinstance(tenant, UUID) else UUID(tenant),
        handler=handler,
        event=event,
        payload=json.loads(payload) if isinstance(payload, str) else payload,
        stream=stream,
        attempts=attempts,
    )


def deliver(claimed: Claimed) -> bool:
    """Hand one delivery to its handler. True when its effect is in; a failure is put back or parked."""
    try:
        event = decode(registry.event_class(claimed.event), claimed.payload)
        with as_system(claimed.tenant_id), handling(claimed.id, claimed.token) as current:
            registry.handler(claimed.event, claimed.handler)(event)
            if not current.finished:
                _finish_without_effect()
    except StaleLease:
        log.warning("delivery %s was taken over by another worker", claimed.id)
        return False
    except Exception as error:
        log.exception("delivery %s (%s) failed", claimed.id, claimed.handler)
        _put_back(claimed, error)
        return False
    return True


@operation
def _finish_without_effect() -> None:
    """The handler found nothing to do; the operation's end marks the delivery done."""
    work()


def _put_back(claimed: Claimed, error: Exception) -> None:
    with as_system(claimed.tenant_id):
        put_back(claimed=claimed, error="".join(traceback.format_exception_only(error))[-2000:])


@operation
def put_back(*, claimed: Claimed, error: str) -> None:
    """After a failure: try again later, or park the delivery as a case after MAX_ATTEMPTS."""
    row = Delivery.objects.filter(id=claimed.id, token=claimed.token, state=Delivery.RUNNING)
    parked = claimed.attempts >= MAX_ATTEMPTS
    wait = min(timedelta(seconds=2**claimed.attempts), MAX_BACKOFF)
    state = Delivery.PARKED if parked else Delivery.QUEUED
    if not row.update(state=state, run_after=work().at + wait, lease_until=None, error=error):
        return
    if parked:
        case = open_case(
            tenant=claimed.tenant_id,
            kind="parked_delivery",
            subject=f"journal.Delivery:{claimed.id}",
            reason="PARKED",
            params={"handler": claimed.handler, "error": error[-300:]},
            owner_role=PLATFORM_OPERATOR,
        )
        record(
            DeliveryParked(delivery_id=claimed.id, handler=claimed.handler),
            tenant=claimed.tenant_id,
            stream=claimed.stream,
            subject=case,
        )


def release_leases() -> int:
    """Let go of every lease, so that what a killed worker held can be claimed at once.

    For the start of an installation with one worker. Safe at any time: the fencing token still lets only one
    worker's effect in; with several workers it would only cost double work.
    """
    return Delivery.objects.filter(state=Delivery.RUNNING).update(state=Delivery.QUEUED, lease_until=None)


def keep_plans(*, filled: bool = False) -> None:
    """Let the database know roughly how its tables are filled, so that it goes by the index that finds least.

    Without it `stream = ?` and `buyer = ?` look alike to SQLite. There it looks at some hundred entries of each
    index, so that the write lock is held for some tens of milliseconds. PostgreSQL does this by itself, but some
    minutes late: it is told only when much was `filled` in at once.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit=300")
            cursor.execute("ANALYZE")
    elif filled:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def run_batch(limit: int = 20, past_only: bool = False) -> int:
    """Claim and deliver one batch. Returns how many were claimed."""
    batch = claim(limit, past_only=past_only)
    for claimed in batch:
        deliver(claimed)
    return len(batch)


def run_until_idle(limit: int = 20, rounds: int = 100_000, past_only: bool = False) -> int:
    """Deliver until nothing is ready now (see `claim`). Returns how many deliveries were claimed."""
    total = 0
    for _ in range(rounds):
        count = run_batch(limit, past_only)
        total += count
        if not count:
            break
    return total


def run_forever(stop: Callable[[], bool], idle: Callable[[], None], limit: int = 20) -> None:
    """The worker's loop: `idle` waits a little (and does housekeeping) whenever nothing is ready."""
    while not stop():
        try:
            busy = run_batch(limit)
        except Exception:  # the database was locked or away: the deliveries wait for us
            log.exception("the worker could not claim")
            connection.close()
            busy = 0
        if not busy:
            idle()
