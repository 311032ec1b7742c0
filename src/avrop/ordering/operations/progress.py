"""What later stations tell of an order: goods came, an invoice was approved."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from avrop.journal.operation import operation
from avrop.journal.within import record, row_hash
from avrop.ordering import states
from avrop.ordering.events import OrderProgressed
from avrop.ordering.models import Order


@operation
def note_receipt(*, order_id: UUID, complete: bool) -> None:
    """Goods have come, all of them or some."""
    row = Order.objects.select_for_update().get(id=order_id)
    _progress(row, "receipt_state", "full" if complete else "partial", states.RECEIPT)


@operation
def note_invoice(*, order_ids: Collection[UUID], full: Collection[UUID]) -> None:
    """An invoice on these orders was approved; those in `full` are now invoiced whole."""
    rows = Order.objects.select_for_update().filter(id__in=order_ids).order_by("id")
    for row in rows:
        _progress(row, "invoice_state", "full" if row.id in full else "partial", states.INVOICE)


def _progress(row: Order, axis: str, to: str, allowed: frozenset[tuple[str, str]]) -> None:
    if (getattr(row, axis), to) not in allowed:
        return
    before = row_hash(row)
    setattr(row, axis, to)
    _save(row, OrderProgressed(order_id=row.id), before)


def _save(row: Order, event: object, before: str) -> None:
    row.version += 1
    row.save()
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, before=before)
