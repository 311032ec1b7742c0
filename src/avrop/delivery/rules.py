"""How much may be received or taken back, and what it costs. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from avrop.delivery.facts import (
    CORRECTION,
    CREDIT,
    REASONS,
    RETURN,
    Before,
    Came,
    Expected,
    Plan,
    ReceiptLineFacts,
    Refused,
)
from avrop.kernel.finding import Refusal
from avrop.kernel.money import half_up_div, line_amount, vat_amount
from avrop.ordering.facts import OrderFacts, OrderLineFacts

NOTHING = Before()


def cost_of(line: OrderLineFacts) -> int:
    """What the whole line binds of its budget, in øre: net or gross, by the coding's VAT treatment."""
    return line.coding.cost(line.net, vat_amount(line.net, line.vat_rate))


def accrue(line: OrderLineFacts, before: Before, quantity: int) -> int:
    """The øre that go from committed to accrued when `quantity` more has come.

    The rounded value of all that has come, less what went before: so the parts of a line sum to exactly the
    whole when it is complete, whatever the parts were, and also where an accepted change altered the price.
    What comes instead of goods that were invoiced and went back costs nothing more, until they are credited:
    then their cost is gone (OrderLineFacts.gone) and that of what comes is accrued.
    """
    came = before.quantity + quantity
    if line.frame is None and before.quantity < line.invoiced and came <= line.invoiced:
        return 0
    return _value(line, came) - (before.cost - line.gone)


def give_back(line: OrderLineFacts, before: Before, quantity: int, credit: bool) -> tuple[int, int]:
    """(øre into accrued, øre into committed), both mostly below zero, when `quantity` goes back.

    With a replacement to come, what is not invoiced is committed again. With a credit to come the line shrinks
    and that much is not owed any more. What is invoiced stays so until a credit note comes: an invoice's part
    of accrued has left it already.
    """
    here, held = before.quantity - quantity, before.cost - line.gone
    smaller = shrunk(line, quantity) if credit else line
    worth = 0 if here <= line.invoiced else _value(smaller, here)
    left = min(max(worth, line.released), held)
    accrued = left - held
    if not credit:
        return accrued, -accrued
    settled = line.closed or line.invoiced >= line.quantity
    stands = 0 if smaller.cancelled else smaller.quantity
    owed = 0 if settled else cost_of(line) - held
    still = 0 if settled or line.invoiced >= stands else cost_of(smaller) - left
    return accrued, still - owed


def shrunk(line: OrderLineFacts, quantity: int) -> OrderLineFacts:
    """The line when `quantity` of it is not owed any more; cancelled when nothing is left."""
    left = line.quantity - quantity
    if left <= 0:
        return replace(line, cancelled=True, net=0)
    return replace(line, quantity=left, net=line_amount(left, line.price, line.base_quantity))


def _value(line: OrderLineFacts, quantity: int) -> int:
    whole = cost_of(line)
    return whole if quantity >= line.quantity else half_up_div(whole * quantity, line.quantity)


def expected(order: OrderFacts, before: Mapping[UUID, Before]) -> tuple[Expected, ...]:
    """Every line of the order with what is here of it."""
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
    """Raises Refusal DELIVERY_ORDER_REJECTED or DELIVERY_ORDER_ENDED where nothing is to come."""
    if order.response_state == "rejected":
        raise Refusal("DELIVERY_ORDER_REJECTED", order=order.number)
    if order.ended:
        raise Refusal("DELIVERY_ORDER_ENDED", order=order.number)


def plan(
    order: OrderFacts,
    before: Mapping[UUID, Before],
    quantities: Mapping[int, int] | None,
    refused: Mapping[int, Refused] | None = None,
) -> Plan:
    """What to write for these quantities by line number (scaled by 10^6; None: everything open).

    What was `refused` at the door counts as not come. Raises Refusal: DELIVERY_ORDER_REJECTED,
    DELIVERY_ORDER_ENDED, DELIVERY_LINE_UNKNOWN, DELIVERY_LINE_CANCELLED, DELIVERY_NEGATIVE, OVER_RECEIPT,
    RETURN_REASON_MISSING, NOTHING_RECEIVED, NOTHING_OPEN.
    """
    check_receivable(order)
    lines, turned = expected(order, before), dict(refused or {})
    if not any(line.open for line in lines):
        raise Refusal("NOTHING_OPEN", order=order.number)
    wanted = {line.line_no: line.open for line in lines} if quantities is None else dict(quantities)
    _check(lines, wanted)
    _check_refused(lines, turned)
    came = tuple(
        _came(line, before, wanted.get(line.line_no, 0), turned.get(line.line_no))
        for line in order.lines
        if wanted.get(line.line_no) or line.line_no in turned
    )
    if not came:
        raise Refusal("NOTHING_RECEIVED")
    whole = tuple(line.line_no for line in lines if line.open == wanted.get(line.line_no, 0))
    return Plan(came, len(whole) == len(lines), whole)


def _came(line: OrderLineFacts, before: Mapping[UUID, Before], quantity: int, turned: Refused | None) -> Came:
    cost = accrue(line, before.get(line.id, NOTHING), quantity) if quantity else 0
    return Came(
        line.id,
        line.line_no,
        quantity,
        cost,
        refused=turned.quantity if turned else 0,
        reason_code=turned.reason_code if turned else "",
    )


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


def _check_refused(lines: Sequence[Expected], turned: Mapping[int, Refused]) -> None:
    known = {line.line_no for line in lines}
    for line_no, one in turned.items():
        if line_no not in known:
            raise Refusal("DELIVERY_LINE_UNKNOWN", line=line_no)
        if one.quantity <= 0:
            raise Refusal("DELIVERY_NEGATIVE", line=line_no)
        if one.reason_code not in REASONS:
            raise Refusal("RETURN_REASON_MISSING")


def plan_back(
    order: OrderFacts,
    before: Mapping[UUID, Before],
    left: Sequence[ReceiptLineFacts],
    quantities: Mapping[int, int],
    kind: str,
    expects: str = "",
) -> Plan:
    """What to write when these quantities by line number go back, of what is `left` of a receipt.

    A correction says that they never came: only of what is not invoiced. A return for credit makes the line
    shrink. Raises Refusal: RETURN_TOO_MUCH, RETURN_NOTHING, DELIVERY_NEGATIVE, RECEIPT_INVOICED,
    REPLACEMENT_OF_ENDED.
    """
    wanted = {line_no: quantity for line_no, quantity in quantities.items() if quantity}
    if not wanted:
        raise Refusal("RETURN_NOTHING")
    credit = kind == RETURN and expects == CREDIT
    _check_back(order, before, left, wanted, kind, expects)
    if not credit and (order.ended or order.response_state == "rejected"):
        raise Refusal("REPLACEMENT_OF_ENDED", order=order.number)
    back = tuple(
        _back(line, before.get(line.id, NOTHING), wanted[line.line_no], credit)
        for line in order.lines
        if line.line_no in wanted
    )
    open_lines = _open_after(order, before, wanted, credit)
    whole = tuple(no for no, is_open in open_lines.items() if not is_open)
    return Plan(back, len(whole) == len(open_lines), whole)


def _check_back(
    order: OrderFacts,
    before: Mapping[UUID, Before],
    left: Sequence[ReceiptLineFacts],
    wanted: Mapping[int, int],
    kind: str,
    expects: str,
) -> None:
    held = {line.line_no: line.quantity for line in left}
    for line in order.lines:
        quantity = wanted.get(line.line_no, 0)
        if quantity < 0:
            raise Refusal("DELIVERY_NEGATIVE", line=line.line_no)
        most = held.get(line.line_no, 0)
        if quantity > most:
            raise Refusal("RETURN_TOO_MUCH", line=line.line_no, name=line.name, most=_plain(most))
        here = before.get(line.id, NOTHING).quantity
        if kind == CORRECTION and quantity and here - quantity < line.invoiced:
            raise Refusal("RECEIPT_INVOICED", name=line.name)
        if quantity and line.closed and expects != CREDIT:
            raise Refusal("REPLACEMENT_OF_ENDED", order=order.number)
    if set(wanted) - {line.line_no for line in order.lines}:
        raise Refusal("RETURN_TOO_MUCH", line=min(wanted), name="", most="0")


def _back(line: OrderLineFacts, before: Before, quantity: int, credit: bool) -> Came:
    accrued, committed = give_back(line, before, quantity, credit)
    return Came(
        line.id,
        line.line_no,
        -quantity,
        accrued,
        credited=quantity if credit else 0,
        freed=-(committed + accrued) if credit else 0,
    )


def _open_after(
    order: OrderFacts, before: Mapping[UUID, Before], wanted: Mapping[int, int], credit: bool
) -> dict[int, bool]:
    result = {}
    for line in order.lines:
        gone = wanted.get(line.line_no, 0)
        here = before.get(line.id, NOTHING).quantity - gone
        stands = 0 if line.cancelled else line.quantity - (gone if credit else 0)
        result[line.line_no] = here < stands
    return result


def _plain(micro: int) -> str:
    """A scaled quantity with a decimal comma, as short as it is exact."""
    whole, rest = divmod(micro, 1_000_000)
    return f"{whole},{rest:06d}".rstrip("0") if rest else str(whole)
