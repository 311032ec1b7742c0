"""What later stations tell of an order: goods came, an invoice was approved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from avrop.journal.operation import operation
from avrop.journal.within import record, row_hash
from avrop.ordering import states
from avrop.ordering.events import OrderProgressed
from avrop.ordering.models import Order, OrderLine


@operation
def note_receipt(*, order_id: UUID, complete: bool, lines: Collection[int] = ()) -> None:
    """Goods have come, all of them or some; of these lines everything."""
    row = Order.objects.select_for_update().get(id=order_id)
    arrived = [] if complete else _arrived(row, lines)
    _progress(row, "receipt_state", "full" if complete else "partial", states.RECEIPT, arrived)


def _arrived(row: Order, lines: Collection[int]) -> list[OrderLine]:
    due = OrderLine.objects.select_for_update().filter(order_id=row.id, line_no__in=lines, arrived=False)
    rows = list(due) if lines else []
    for line in rows:
        line.arrived = True
        line.save(update_fields=["arrived"])
    return rows


@operation
def note_invoice(*, order_ids: Collection[UUID], full: Collection[UUID]) -> None:
    """An invoice on these orders was approved; those in `full` are now invoiced whole."""
    rows = Order.objects.select_for_update().filter(id__in=order_ids).order_by("id")
    for row in rows:
        _progress(row, "invoice_state", "full" if row.id in full else "partial", states.INVOICE)


def _progress(
    row: Order, axis: str, to: str, allowed: frozenset[tuple[str, str]], lines: Sequence[OrderLine] = ()
) -> None:
    moves = (getattr(row, axis), to) in allowed
    if not moves and not lines:
        return
    before = row_hash(row)
    if moves:
        setattr(row, axis, to)
    row.version += 1
    row.save()
    event = OrderProgressed(order_id=row.id)
    record(event, tenant=row.buyer_id, stream=row.stream, subject=row, changed=[row, *lines], before=before)
