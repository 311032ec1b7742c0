"""The row of an order's line, from whatever said what was ordered."""

from __future__ import annotations

from avrop.coding.facts import Coding
from avrop.kernel.ports import new_id
from avrop.ordering.models import Order, OrderLine
from avrop.ordering.takeover.document import TakenLine
from avrop.requisition.facts import LineFacts


def line_row(
    order: Order,
    line_no: int,
    line: LineFacts | TakenLine,
    *,
    kind: str,
    coding: Coding,
    frame: int | None = None,
    reason: str = "",
) -> OrderLine:
    """Line `line_no` of the order, not saved: a basket's line, or one of another system's order. `frame` in øre."""
    row = OrderLine(
        id=new_id(),
        buyer_id=order.buyer_id,
        order_id=order.id,
        line_no=line_no,
        kind=kind,
        seller_item_id=line.seller_item_id,
        name=line.name,
        category=line.category,
        quantity=line.quantity,
        unit_code=line.unit_code,
        price=line.price,
        base_quantity=line.base_quantity,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        net=line.net,
        frame=frame,
        reason=reason,
    )
    give_coding(row, coding)
    return row


def give_coding(row: OrderLine, coding: Coding) -> None:
    """Where the line's cost is to be posted."""
    row.account, row.responsibility, row.function = coding.account, coding.responsibility, coding.function
    row.project, row.vat_treatment = coding.project, coding.vat_treatment
