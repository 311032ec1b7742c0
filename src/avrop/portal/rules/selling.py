"""What a seller may answer to an order, and what may be invoiced of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stdnum import luhn

from avrop.kernel.finding import Refusal
from avrop.kernel.money import line_amount, vat_by_rate
from avrop.portal.facts import (
    CHANGE,
    REFUSE,
    UNCHANGED,
    Draft,
    DraftLine,
    LineAnswer,
    SalesLine,
    SalesOrderFacts,
)
from avrop.portal.states import CANCELLED, NEW, REJECTED

ACCEPT_ALL, CHANGE_LINES, REJECT_ALL = "accept", "change", "reject"
RESPONSE_CODES = {ACCEPT_ALL: "AP", CHANGE_LINES: "CA", REJECT_ALL: "RE"}

ORDER_ONLY = "urn:fdc:peppol.eu:poacc:bis:order_only:3"
_EHF = ":extended:urn:fdc:anskaffelser.no:2019:ehf:spec:3.0"
_RESPONSE = "urn:fdc:peppol.eu:poacc:trns:order_response:3"
ADVANCED = "urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3"
ADVANCED_RESPONSE = "urn:fdc:peppol.eu:poacc:trns:order_response_advanced:3"
# Which answer (customization, profile) belongs to the order's profile. BIS Ordering 3 and EHF Ordering g3 02:
# T76; BIS Advanced Ordering 3: T116.
ANSWERS = {
    ADVANCED: (ADVANCED_RESPONSE, ADVANCED),
    "urn:fdc:peppol.eu:poacc:bis:ordering:3": (_RESPONSE, "urn:fdc:peppol.eu:poacc:bis:ordering:3"),
    "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:02:1.0": (
        _RESPONSE + _EHF,
        "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:02:1.0",
    ),
}
# VAT categories (UNCL5305) that an invoice from here can carry: standard, zero-rated, exempt.
CATEGORIES = frozenset({"S", "Z", "E"})


def check_answerable(order: SalesOrderFacts) -> None:
    """Raises Refusal ANSWERED_ALREADY, ANSWER_NOT_WANTED, ANSWER_PROFILE or ANSWER_CHANGE_FIRST."""
    if not order.response_wanted:
        raise Refusal("ANSWER_NOT_WANTED", order=order.number)
    if order.profile_id not in ANSWERS:
        raise Refusal("ANSWER_PROFILE", order=order.number)
    if order.state != NEW:
        raise Refusal("ANSWERED_ALREADY", order=order.number)
    if order.changes_asked:
        raise Refusal("ANSWER_CHANGE_FIRST", order=order.number)


def judge_answer(
    lines: Sequence[SalesLine], decision: str, answers: Mapping[str, LineAnswer], note: str
) -> dict[str, tuple[str, LineAnswer]]:
    """Line id -> (UNCL1229 code, what differs). Raises Refusal with what is wrong.

    Codes: DECISION_UNKNOWN, REASON_NEEDED, LINE_UNKNOWN, NOTHING_CHANGED, ALL_LINES_REJECTED, QUANTITY_WRONG,
    PRICE_WRONG, ABOVE_FRAME.
    """
    if decision not in RESPONSE_CODES:
        raise Refusal("DECISION_UNKNOWN", decision=decision[:20])
    if decision == REJECT_ALL and not note.strip():
        raise Refusal("REASON_NEEDED")
    known = {line.line_id: line for line in lines}
    for line_id in answers:
        if line_id not in known:
            raise Refusal("LINE_UNKNOWN", line=line_id[:20])
    if decision == ACCEPT_ALL:
        return {line_id: (UNCHANGED, LineAnswer()) for line_id in known}
    if decision == REJECT_ALL:
        return {line_id: (REFUSE, LineAnswer()) for line_id in known}
    judged = {line_id: _judge_line(line, answers.get(line_id)) for line_id, line in known.items()}
    codes = {code for code, _ in judged.values()}
    if codes == {UNCHANGED}:
        raise Refusal("NOTHING_CHANGED")
    if codes == {REFUSE}:
        raise Refusal("ALL_LINES_REJECTED")
    return judged


def _judge_line(line: SalesLine, answer: LineAnswer | None) -> tuple[str, LineAnswer]:
    if answer is None:
        return UNCHANGED, LineAnswer()
    if answer.reject:
        return REFUSE, LineAnswer(note=answer.note.strip())
    quantity = None if answer.quantity == line.quantity else answer.quantity
    price = None if answer.price == line.price else answer.price
    if quantity is not None and quantity <= 0:
        raise Refusal("QUANTITY_WRONG", line=line.line_id)
    if price is not None and price < 0:
        raise Refusal("PRICE_WRONG", line=line.line_id)
    if line.free_text:
        _check_frame(line, quantity, price)
    note = answer.note.strip()
    changed = quantity is not None or price is not None
    return (CHANGE if changed else UNCHANGED), LineAnswer(quantity, price, note)


def _check_frame(line: SalesLine, quantity: int | None, price: int | None) -> None:
    """A free-text line was approved as "up to" an amount (Decision 6): above it the buyer must order anew."""
    count = line.quantity if quantity is None else quantity
    asked = line_amount(count, line.price if price is None else price, line.base_quantity)
    if asked > line.net:
        raise Refusal("ABOVE_FRAME", line=line.line_id, frame=_kroner(line.net), asked=_kroner(asked))


def _kroner(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"


def check_invoiceable(order: SalesOrderFacts) -> None:
    """Raises Refusal SALES_ORDER_REJECTED, SALES_ORDER_CANCELLED, ANSWER_CHANGE_FIRST, ANSWER_FIRST or
    NOTHING_TO_INVOICE.
    """
    if order.state == REJECTED:
        raise Refusal("SALES_ORDER_REJECTED", order=order.number)
    if order.state == CANCELLED:
        raise Refusal("SALES_ORDER_CANCELLED", order=order.number)
    if order.changes_asked:
        raise Refusal("ANSWER_CHANGE_FIRST", order=order.number)
    if order.state == NEW and order.response_wanted and order.profile_id in ANSWERS:
        raise Refusal("ANSWER_FIRST", order=order.number)
    if not any(line.open for line in order.lines):
        raise Refusal("NOTHING_TO_INVOICE", order=order.number)


def check_parties(order: SalesOrderFacts, *, vat_registered: bool) -> None:
    """Raises Refusal SELLER_NOT_IN_VAT_REGISTER or BUYER_NAME_MISSING (BR-07)."""
    if not vat_registered:
        raise Refusal("SELLER_NOT_IN_VAT_REGISTER")
    if not order.buyer_name:
        raise Refusal("BUYER_NAME_MISSING")


def draft(order: SalesOrderFacts, quantities: Mapping[str, int] | None) -> Draft:
    """The invoice of these quantities by line id (scaled by 10^6; None: everything open, 0: not this line).

    Raises Refusal: those of `check_invoiceable`, LINE_UNKNOWN, QUANTITY_WRONG, MORE_THAN_AGREED,
    NOTHING_TO_INVOICE, VAT_UNKNOWN.
    """
    check_invoiceable(order)
    known = {line.line_id for line in order.lines}
    for line_id in quantities or {}:
        if line_id not in known:
            raise Refusal("LINE_UNKNOWN", line=line_id[:20])
    chosen: list[DraftLine] = []
    for line in order.lines:
        quantity = line.open if quantities is None else quantities.get(line.line_id, 0)
        if quantity:
            chosen.append(_draft_line(len(chosen) + 1, line, quantity))
    if not chosen:
        raise Refusal("NOTHING_TO_INVOICE", order=order.number)
    rates = vat_by_rate([(one.line.vat_category, one.line.vat_rate, one.net) for one in chosen])
    return Draft(tuple(chosen), rates)


def _draft_line(position: int, line: SalesLine, quantity: int) -> DraftLine:
    if quantity < 0:
        raise Refusal("QUANTITY_WRONG", line=line.line_id)
    if quantity > line.open:
        raise Refusal("MORE_THAN_AGREED", line=line.line_id)
    if line.vat_category not in CATEGORIES or (line.vat_category == "S") != (line.vat_rate > 0):
        raise Refusal("VAT_UNKNOWN", line=line.line_id)
    price = line.agreed_price
    return DraftLine(position, line, quantity, price, line_amount(quantity, price, line.base_quantity))


def kid(number: str) -> str:
    """A KID of the invoice number's digits with a MOD10 check digit (BT-83)."""
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return digits + str(luhn.calc_check_digit(digits))
