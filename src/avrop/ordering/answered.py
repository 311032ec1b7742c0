"""A supplier's answer (T76) as lines of ours. Pure."""

from __future__ import annotations

from avrop.kernel.money import to_micro
from avrop.ordering.facts import ProposedLine
from avrop.ubl.documents.order_response import OrderResponse, OrderResponseLine


def lines_of(document: OrderResponse) -> list[ProposedLine]:
    """What the answer says of each line of the order; a line that names none of ours keeps number 0."""
    return [_line(one) for one in document.lines]


def _line(one: OrderResponseLine) -> ProposedLine:
    number = one.order_line_id or ""
    base = one.price.base_quantity if one.price else None
    return ProposedLine(
        line_no=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0,
        code=one.status_code or "",
        quantity=to_micro(one.quantity.value) if one.quantity else None,
        price=to_micro(one.price.amount) if one.price else None,
        base=to_micro(base.value) if base else None,
        unit=(one.quantity.unit or "") if one.quantity else "",
        name=(one.substitute.name or "") if one.substitute else (one.item.name or ""),
        item=(one.substitute.sellers_id or "") if one.substitute else "",
        note=one.note or "",
    )
