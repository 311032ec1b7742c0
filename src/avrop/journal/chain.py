"""Appending to a tenant's hash chain, and the deliveries that its entries give rise to.

The head (seq, hash) of each tenant is cached in the process; `unique (tenant, seq)` finds out when another
process has been faster, and then the head is read again. On PostgreSQL the insert itself waits for the
other transaction, so the insert of the first entry is the lock on the chain's end.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from avrop.journal.models import Delivery, Entry
from avrop.kernel.canonical import canonical, content_hash

GENESIS = "0" * 64
Head = tuple[int, str]

_heads: dict[UUID, Head] = {}


class _Pending(threading.local):
    def __init__(self) -> None:
        self.heads: dict[UUID, Head] = {}


_pending = _Pending()  # per thread: heads of a transaction that is not in yet


@dataclass
class Draft:
    """An entry before it has its place in the chain."""

    tenant_id: UUID
    event: str
    payload: dict[str, Any]
    stream: str
    subject: str
    rows: list[list[str]]
    before: str
    reason: str
    actor: UUID | None
    at: datetime
    handlers: Sequence[str] = field(default_factory=tuple)
    place: int = 0  # seq in the tenant's chain, once it has one


def entry_hash(previous: str, fields: dict[str, Any]) -> str:
    """SHA-256 over the previous hash and everything the entry says."""
    return content_hash([previous, fields])


def said(
    tenant_id: UUID,
    seq: int,
    at: datetime,
    actor: UUID | None,
    event: str,
    stream: str,
    subject: str,
    payload: Any,
    rows: Any,
    before: str,
    reason: str,
) -> dict[str, Any]:
    """The fields that the hash covers, in the form that the database gives back."""
    return {
        "tenant": tenant_id,
        "seq": seq,
        "at": at.timestamp().__floor__() * 1_000_000 + at.microsecond,
        "actor": actor,
        "event": event,
        "stream": stream,
        "subject": subject,
        "payload": payload,
        "rows": rows,
        "before": before,
        "reason": reason,
    }


def append(drafts: Sequence[Draft]) -> None:
    """Write the drafts as entries of their tenants' chains, with their deliveries."""
    by_tenant: dict[UUID, list[Draft]] = {}
    for draft in drafts:
        by_tenant.setdefault(draft.tenant_id, []).append(draft)
    for tenant in sorted(by_tenant):
        _append(tenant, by_tenant[tenant])
    deliveries = [d for draft in drafts for d in _deliveries(draft)]
    if deliveries:
        Delivery.objects.bulk_create(deliveries)


def _append(tenant: UUID, drafts: list[Draft]) -> None:
    head = _pending.heads.get(tenant) or _heads.get(tenant) or _read_head(tenant)
    while True:
        entries = _linked(drafts, head)
        if _insert_if_free(entries):
            break
        head = _read_head(tenant)
    _pending.heads[tenant] = (entries[-1].seq, entries[-1].hash)
    for draft, entry in zip(drafts, entries, strict=True):
        draft.place = entry.seq


def _linked(drafts: Sequence[Draft], head: Head) -> list[Entry]:
    entries: list[Entry] = []
    for draft in drafts:
        entries.append(_entry(draft, head))
        head = (entries[-1].seq, entries[-1].hash)
    return entries


def _entry(draft: Draft, head: Head) -> Entry:
    seq = head[0] + 1
    payload = json.loads(canonical(draft.payload))
    fields = said(
        draft.tenant_id,
        seq,
        draft.at,
        draft.actor,
        draft.event,
        draft.stream,
        draft.subject,
        payload,
        draft.rows,
        draft.before,
        draft.reason,
    )
    return Entry(
        tenant_id=draft.tenant_id,
        seq=seq,
        at=draft.at,
        actor=draft.actor,
        event=draft.event,
        stream=draft.stream,
        subject=draft.subject,
        payload=payload,
        rows=draft.rows,
        before=draft.before,
        reason=draft.reason,
        previous=head[1],
        hash=entry_hash(head[1], fields),
    )


_FIELDS = [f for f in Entry._meta.concrete_fields if not f.primary_key]
_ROW = f"({', '.join(['%s'] * len(_FIELDS))})"
_INSERT = f"INSERT INTO {Entry._meta.db_table} ({', '.join(str(f.column) for f in _FIELDS)}) VALUES "


def _insert_if_free(entries: Sequence[Entry]) -> bool:
    """Insert all entries, or none when another process has taken one of their places."""
    values = [f.get_db_prep_save(getattr(e, f.attname), connection) for e in entries for f in _FIELDS]
    rows = ", ".join([_ROW] * len(entries))
    with connection.cursor() as cursor:
        cursor.execute(f"{_INSERT}{rows} ON CONFLICT (tenant_id, seq) DO NOTHING", values)
        inserted = cursor.rowcount
    if inserted == len(entries):
        return True
    if inserted:  # the later ones found room behind a stranger's; they hang on the wrong entry
        Entry._base_manager.filter(
            tenant_id=entries[0].tenant_id, hash__in=[e.hash for e in entries]
        ).delete()
    return False


def _read_head(tenant: UUID) -> Head:
    row = Entry._base_manager.filter(tenant_id=tenant).order_by("-seq").values_list("seq", "hash").first()
    return row or (0, GENESIS)


def _deliveries(draft: Draft) -> list[Delivery]:
    return [
        Delivery(
            tenant_id=draft.tenant_id,
            handler=handler,
            event=draft.event,
            payload=json.loads(canonical(draft.payload)),
            stream=draft.stream,
            seq=draft.place,
            run_after=draft.at,
        )
        for handler in draft.handlers
    ]


def commit_heads() -> None:
    """The transaction is in: the new heads are true."""
    _heads.update(_pending.heads)
    _pending.heads.clear()


def forget_heads() -> None:
    """The transaction is undone, so are the heads."""
    _pending.heads.clear()


def clear_heads() -> None:
    """Forget everything known of the chains (another database, or a test's rollback)."""
    _heads.clear()
    _pending.heads.clear()


def mark_done(delivery_id: int, token: int, at: datetime) -> bool:
    """Mark a delivery done if the token is still ours."""
    changed = Delivery.objects.filter(id=delivery_id, token=token, state=Delivery.RUNNING).update(
        state=Delivery.DONE, done_at=at, error=""
    )
    return changed == 1
