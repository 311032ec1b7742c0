"""How much may be received, and what it costs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from avrop.delivery.facts import Before, Came, Expected, Plan
from avrop.kernel.finding import Refusal
from avrop.kernel.money import half_up_div, vat_amount
from avrop.ordering.facts import OrderFacts, OrderLineFacts

NOTHING = Before()


def cost_of(line: OrderLineFacts) -> int:
    """What the whole line binds of its budget, in øre: net or gross, by the coding's VAT treatment."""
    return line.coding.cost(line.net, vat_amount(line.net, line.vat_rate))


def accrue(line: OrderLineFacts, before: Before, quantity: int) -> int:
    """The øre that go from committed to accrued when `quantity` more has come.

    The rounded value of all that has come, less what went before: so the parts of a line sum to exactly the
    whole when it is complete, whatever the parts were, and also where an accepted change altered the price.
    """
    came = before.quantity + quantity
    whole = cost_of(line)
    value = whole if came >= line.quantity else half_up_div(whole * came, line.quantity)
    return value - before.cost


def expected(order: OrderFacts, before: Mapping[UUID, Before]) -> tuple[Expected, ...]:
    """Every line of the order with what has come of it."""
    return tuple(
        Expected(
            order_line_id=line.id,
            line_no=line.line_no,
            name=line.name,
            seller_item_id=line.seller_item_id,
            unit_code=line.unit_code,
            ordered=line.quantity,
            received=before.get(line.id, NOTHING).quantity,
            cancelled=line.cancelled,
        )
        for line in order.lines
    )


def check_receivable(order: OrderFacts) -> None:
    """Raises Refusal DELIVERY_ORDER_REJECTED where the supplier said no to the whole order."""
    if order.response_state == "rejected":
        raise Refusal("DELIVERY_ORDER_REJECTED", order=order.number)


def plan(order: OrderFacts, before: Mapping[UUID, Before], quantities: Mapping[int, int] | None) -> Plan:
    """What to write for these quantities by line number (scaled by 10^6; None: everything open).

    Raises Refusal: DELIVERY_ORDER_REJECTED, DELIVERY_LINE_UNKNOWN, DELIVERY_LINE_CANCELLED,
    DELIVERY_NEGATIVE, OVER_RECEIPT, NOTHING_RECEIVED, NOTHING_OPEN.
    """
    check_receivable(order)
    lines = expected(order, before)
    if not any(line.open for line in lines):
        raise Refusal("NOTHING_OPEN", order=order.number)
    wanted = {line.line_no: line.open for line in lines} if quantities is None else dict(quantities)
    _check(lines, wanted)
    came = tuple(
        Came(line.id, line.line_no, wanted[line.line_no], _cost(line, before, wanted[line.line_no]))
        for line in order.lines
        if wanted.get(line.line_no)
    )
    if not came:
        raise Refusal("NOTHING_RECEIVED")
    whole = tuple(line.line_no for line in lines if line.open == wanted.get(line.line_no, 0))
    return Plan(came, len(whole) == len(lines), whole)


def _cost(line: OrderLineFacts, before: Mapping[UUID, Before], quantity: int) -> int:
    return accrue(line, before.get(line.id, NOTHING), quantity)


def _check(lines: Sequence[Expected], wanted: Mapping[int, int]) -> None:
    known = {line.line_no: line for line in lines}
    for line_no, quantity in wanted.items():
        line = known.get(line_no)
        if line is None:
            raise Refusal("DELIVERY_LINE_UNKNOWN", line=line_no)
        if quantity < 0:
            raise Refusal("DELIVERY_NEGATIVE", line=line_no)
        if quantity and line.cancelled:
            raise Refusal("DELIVERY_LINE_CANCELLED", line=line_no)
        if quantity > line.open:
            raise Refusal("OVER_RECEIPT", line=line_no, name=line.name, open=_plain(line.open))


def _plain(micro: int) -> str:
    """A scaled quantity with a decimal comma, as short as it is exact."""
    whole, rest = divmod(micro, 1_000_000)
    return f"{whole},{rest:06d}".rstrip("0") if rest else str(whole)
