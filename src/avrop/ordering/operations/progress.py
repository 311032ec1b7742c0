"""What the network and later stations tell of an order: it left, goods came, an invoice was approved."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from avrop.journal.operation import operation, work
from avrop.journal.within import record, row_hash
from avrop.ordering import states
from avrop.ordering.events import OrderProgressed, OrderSendFailed, OrderSent
from avrop.ordering.models import Order

_PREFIX = "ordering.Order:"


@operation
def note_sent(*, refers_to: str, message_id: UUID) -> None:
    """The access point has taken the order's message. Other documents' messages are none of our business."""
    row = _referred(refers_to)
    if row is None or (row.transport_state, "sent") not in states.TRANSPORT:
        return
    before = row_hash(row)
    row.transport_state, row.sent_at, row.message_id = "sent", work().at, message_id
    _save(row, OrderSent(order_id=row.id), before)


@operation
def note_failed(*, refers_to: str) -> None:
    """The order's message could not be delivered."""
    row = _referred(refers_to)
    if row is None or (row.transport_state, "failed") not in states.TRANSPORT:
        return
    before = row_hash(row)
    row.transport_state = "failed"
    _save(row, OrderSendFailed(order_id=row.id), before)


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


def _referred(refers_to: str) -> Order | None:
    if not refers_to.startswith(_PREFIX):
        return None
    row: Order = Order.objects.select_for_update().get(id=UUID(refers_to.removeprefix(_PREFIX)))
    return row


def _save(row: Order, event: object, before: str) -> None:
    row.version += 1
    row.save()
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, before=before)
