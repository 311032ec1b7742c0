"""Each comparison of an invoice with its orders and receipts. Pure; every answer carries its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from avrop.invoicing.facts import InvoiceFacts, InvoiceLineFacts
from avrop.kernel.money import (
    BASIS,
    MICRO,
    half_up_div,
    line_amount,
    micro_text,
    minor_text,
    quantity_text,
    vat_amount,
)
from avrop.matching.facts import AMOUNT_OF, MONEY, NOTHING, PRICE, TEXT, Check, Claim, Tolerance
from avrop.matching.rules.pairing import UNKNOWN, Pair
from avrop.ordering.facts import OrderFacts, OrderLineFacts
from avrop.suppliers.facts import Relation

_SLACK = 2  # øre: what PEPPOL-EN16931-R120 lets a line's net differ from quantity x price


@dataclass(frozen=True, slots=True)
class Context:
    """Everything an invoice is judged against.

    `claimed` is what other invoices have a right to of each order line, `settled` what of it is already
    clean or approved (received goods can be paid once only).
    """

    orders: Mapping[str, OrderFacts]
    received: Mapping[UUID, int]
    relation: Relation | None
    tolerance: Tolerance
    claimed: Mapping[UUID, Claim] = field(default_factory=dict)
    settled: Mapping[UUID, Claim] = field(default_factory=dict)
    agreed_charges: Mapping[str, int] = field(default_factory=dict)
    buyer_orgnr: str = ""
    elsewhere: frozenset[str] = frozenset()  # order numbers that are another buyer's
    looks_like: str = ""  # the number of the earlier invoice that this may be once more
    returned: Mapping[UUID, int] = field(default_factory=dict)


CANCELLED, CLOSED = "cancelled", "closed"  # OrderFacts.ended


def ended(order: OrderFacts) -> bool:
    """True when nothing (more) is to be paid on the order: rejected, cancelled, or its rest closed."""
    return order.response_state == "rejected" or bool(order.ended)


def ordered(order: OrderFacts, line: OrderLineFacts, came: Mapping[UUID, int] | None = None) -> int:
    """How much of a line stands ordered: nothing when it, or the whole order, was rejected or cancelled.

    Of an order whose rest is closed at most what has come.
    """
    if line.cancelled or order.response_state == "rejected" or order.ended == CANCELLED:
        return 0
    if order.ended == CLOSED and came is not None:
        return min(line.quantity, came.get(line.id, 0))
    return line.quantity


def gross(line: InvoiceLineFacts) -> int:
    """A line's net with its VAT, in øre."""
    return line.net + vat_amount(line.net, line.vat_rate)


def with_vat(net: int, line: InvoiceLineFacts) -> int:
    """A part of a line with VAT, never below zero: what a person answers for."""
    return max(0, net + vat_amount(net, line.vat_rate))


def money(amount: int) -> str:
    """Øre as a plain decimal text."""
    return minor_text(amount)


def price(micro: int) -> str:
    """A scaled unit price as a plain decimal text."""
    return micro_text(micro)


def quantity(micro: int) -> str:
    """A scaled quantity as a plain decimal text."""
    return quantity_text(micro)


def whole_invoice(invoice: InvoiceFacts, pairs: Iterable[Pair], context: Context) -> Iterator[Check]:
    """Supplier, account, currency, unknown orders and charges: what the whole document must hold."""
    pairs = tuple(pairs)
    orders = {one.order.number: one.order for one in pairs if one.order}
    unknown = sorted({one.number for one in pairs if one.problem == UNKNOWN})
    for number in unknown:
        yield Check("UNKNOWN_ORDER", "", number, "", "", number, False, TEXT, max(0, invoice.payable))
        if number in context.elsewhere:
            yield Check("WRONG_BUYER", "", number, "", "", number, False, TEXT, 0)
    yield from for_us(invoice, context)
    if context.looks_like:
        yield twin(invoice, context)
    for order in orders.values():
        same = invoice.supplier_id is not None and invoice.supplier_id == order.supplier_id
        found = invoice.seller_orgnr or invoice.seller_name
        stake = 0 if same else max(0, invoice.payable)
        yield Check("SUPPLIER_MISMATCH", "", order.number, "", "", found[:100], same, TEXT, stake)
        yield Check(
            "CURRENCY",
            "",
            order.number,
            "",
            order.currency,
            invoice.currency,
            order.currency == invoice.currency,
        )
    yield bank_account(invoice, context.relation)
    yield from charges(invoice, context.agreed_charges)
    passed = abs(invoice.rounding) <= context.tolerance.rounding
    if invoice.rounding:
        limit = money(context.tolerance.rounding)
        yield Check(
            "ROUNDING", "", "", "", limit, money(invoice.rounding), passed, MONEY, abs(invoice.rounding)
        )


def for_us(invoice: InvoiceFacts, context: Context) -> Iterator[Check]:
    """The organisation that the document says is its buyer is we (BT-47); one without a number says nothing."""
    named, ours = invoice.buyer_orgnr, context.buyer_orgnr
    if named and ours and named.isdigit():
        stake = 0 if named == ours else max(0, invoice.payable)
        yield Check("WRONG_BUYER", "", "", "", ours, named, named == ours, TEXT, stake)


def twin(invoice: InvoiceFacts, context: Context) -> Check:
    """Another of the seller's invoices has this number, perhaps in disguise; a person says what it is."""
    return Check("DUPLICATE_SUSPECT", "", "", "", context.looks_like, invoice.number, False, TEXT, 0)


def bank_account(invoice: InvoiceFacts, relation: Relation | None) -> Check:
    """The account to pay to is one we know as the supplier's. None given: the only one known is used."""
    known = sorted(relation.accounts) if relation else []
    passed = invoice.bank_account in known if invoice.bank_account else len(known) == 1
    expected = ", ".join(known)[:100]
    return Check("BANK_ACCOUNT", "", "", "", expected, invoice.bank_account, passed, TEXT)


def charges(invoice: InvoiceFacts, agreed: Mapping[str, int]) -> Iterator[Check]:
    """Charges on the document that are not on the order: nothing, unless the agreement names them."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in invoice.charges:
        if one.charge:
            key = (one.code, one.reason if not one.code else "")
            mine = sums.setdefault(key, [0, 0])
            mine[0] += one.amount
            mine[1] = max(mine[1], one.vat_rate)
    for (code, _), (amount, rate) in sums.items():
        allowed = agreed.get(code, 0)
        above = max(0, amount - allowed)
        stake = above + vat_amount(above, rate)
        yield Check("FEE", "", "", code, money(allowed), money(amount), above == 0, MONEY, stake)


def unpaired(one: Pair) -> Check:
    """A line that belongs to no order line; one without an amount asks for nothing."""
    passed = one.line.net == 0
    found = one.line.seller_item_id or one.line.name
    stake = 0 if passed else max(0, gross(one.line))
    return Check("UNPAIRED_LINE", one.line.line_id, one.number, "", "", found[:100], passed, TEXT, stake)


def line_checks(one: Pair, earlier: Claim, settled: Claim, context: Context) -> Iterator[Check]:
    """Unit, quantity, receipt, price, fees and VAT of a line that has its order line.

    `earlier` and `settled` include this invoice's own lines before this one.
    """
    assert one.order is not None and one.order_line is not None
    line, wanted = one.line, one.order_line
    if not wanted.coding.account:  # an order that was taken over; posting needs somebody's coding first
        yield _check("UNCODED", one, "", str(wanted.line_no), False)
    yield _vat(one, wanted)
    yield from _odd(one, wanted, settled)
    if line.charges:
        stake = with_vat(line.charges, line)
        yield _check("FEE", one, money(0), money(line.charges), False, MONEY, stake)
    if ended(one.order):
        stands = ordered(one.order, wanted, context.received)
        fits = line.net <= 0 or (
            stands > 0 and (wanted.frame is not None or earlier.quantity + line.quantity <= stands)
        )
        reason = one.order.ended or "rejected"
        yield _check("CLOSED_ORDER", one, "", reason, fits)
    if wanted.frame is not None:
        yield from _frame(one, wanted, earlier, settled, context)
        return
    same_unit = line.unit_code == wanted.unit_code
    stake = 0 if same_unit else max(0, gross(line))
    yield _check("UNIT", one, wanted.unit_code, line.unit_code, same_unit, TEXT, stake)
    if same_unit:
        yield from _quantity(one, wanted, earlier, settled, context)
        yield _price(one, wanted, context.tolerance)
    else:
        yield _arrived(one, wanted, settled, context)


def _check(
    code: str, one: Pair, expected: str, found: str, passed: bool, kind: str = TEXT, stake: int = 0
) -> Check:
    number = str(one.order_line.line_no) if one.order_line else ""
    return Check(
        code, one.line.line_id, one.number, number, expected, found, passed, kind, 0 if passed else stake
    )


def _vat(one: Pair, wanted: OrderLineFacts) -> Check:
    line = one.line
    same = (line.vat_category, line.vat_rate) == (wanted.vat_category, wanted.vat_rate)
    more = 0 if same else vat_amount(line.net, line.vat_rate) - vat_amount(line.net, wanted.vat_rate)
    expected = f"{wanted.vat_category} {money(wanted.vat_rate)}"
    return _check(
        "VAT", one, expected, f"{line.vat_category} {money(line.vat_rate)}", same, TEXT, max(0, more)
    )


def _odd(one: Pair, wanted: OrderLineFacts, settled: Claim) -> Iterator[Check]:
    """What is valid in the format and still needs a person: money back on an invoice, goods for nothing."""
    line = one.line
    if line.net < 0 or line.quantity < 0:
        had = money(settled.net)  # what may come back at all
        yield _check("NEGATIVE", one, had, money(line.net), False, MONEY, with_vat(abs(line.net), line))
    if line.net == 0 and line.quantity > 0 and wanted.price > 0 and not line.allowances and line.price == 0:
        agreed = price(half_up_div(wanted.price * MICRO, wanted.base_quantity))
        yield _check("ZERO_PRICE", one, agreed, price(0), False, PRICE)


def _quantity(
    one: Pair, wanted: OrderLineFacts, earlier: Claim, settled: Claim, context: Context
) -> Iterator[Check]:
    """Cumulative over invoices: at most what was ordered, and (once that holds) what was received."""
    assert one.order is not None
    line = one.line
    left = max(0, ordered(one.order, wanted, context.received) - earlier.quantity)
    fits = line.quantity <= left and (line.quantity != 0 or line.net == 0)  # below zero: see NEGATIVE
    asked = quantity(line.quantity)
    yield _check("QUANTITY", one, quantity(left), asked, fits, AMOUNT_OF, 0 if fits else _excess(line, left))
    here = max(0, context.received.get(wanted.id, 0) - settled.quantity)
    # What is above the order is QUANTITY's business; what another invoice only waits for must come first too.
    due = max(0, ordered(one.order, wanted, context.received) - settled.quantity)
    short = max(0, min(line.quantity, due) - here)
    stake = with_vat(half_up_div(abs(line.net) * short, line.quantity or MICRO), line) if short else 0
    yield _check("NOT_RECEIVED", one, quantity(here), asked, short == 0, AMOUNT_OF, stake)


def _excess(line: InvoiceLineFacts, left: int) -> int:
    """What a line asks for above what is left, with VAT."""
    if line.quantity <= 0:
        return with_vat(abs(line.net), line)
    return with_vat(half_up_div(abs(line.net) * max(0, line.quantity - left), line.quantity), line)


def _arrived(one: Pair, wanted: OrderLineFacts, settled: Claim, context: Context) -> Check:
    """A line in another unit stands, once accepted, for all that is left of the order line: that must be here."""
    assert one.order is not None
    due = max(0, ordered(one.order, wanted, context.received) - settled.quantity)
    here = max(0, context.received.get(wanted.id, 0) - settled.quantity)
    stake = with_vat(abs(one.line.net), one.line)
    return _check("NOT_RECEIVED", one, quantity(here), quantity(due), due <= here, AMOUNT_OF, stake)


def _price(one: Pair, wanted: OrderLineFacts, tolerance: Tolerance) -> Check:
    """Net unit price within the per cent, and the line within the kroner; lower always passes (Decision 7).

    The price is what the line costs after its own allowances, so a list price with a discount is not taken
    for a rise. Charges on the line are fees and are judged as such.
    """
    line = one.line
    paid = line.net - line.charges
    agreed = line_amount(line.quantity, wanted.price, wanted.base_quantity)
    above = paid - agreed
    slack = _SLACK * BASIS
    within = above * BASIS <= tolerance.price_percent * abs(agreed) + slack
    if not line.allowances:
        most = wanted.price * line.base_quantity * (BASIS + tolerance.price_percent)
        within = within and line.price * wanted.base_quantity * BASIS <= most
    passed = above <= 0 or (above <= tolerance.price_line and within)
    expected = half_up_div(wanted.price * MICRO, wanted.base_quantity)
    found = half_up_div(line.price * MICRO, line.base_quantity)
    if line.allowances and line.quantity > 0:
        found = half_up_div(paid * 10_000 * MICRO, line.quantity)
    return _check("PRICE", one, price(expected), price(found), passed, PRICE, with_vat(above, line))


def _frame(
    one: Pair, wanted: OrderLineFacts, earlier: Claim, settled: Claim, context: Context
) -> Iterator[Check]:
    """Free text: approved as "up to NOK N" without VAT, so it is the amount that counts (Decision 6).

    A price that the supplier has confirmed below the frame is the order's price, with the usual tolerance.
    """
    assert one.order is not None and wanted.frame is not None
    line, rule = one.line, context.tolerance
    slack = min(wanted.net * rule.price_percent // BASIS, rule.price_line)
    most = min(wanted.frame, wanted.net + slack) if ordered(one.order, wanted, context.received) else 0
    left = max(0, most - earlier.net)
    fits = line.net <= left  # below zero: see NEGATIVE
    stake = with_vat(line.net - left if line.net > 0 else -line.net, line)
    yield _check("PRICE", one, money(left), money(line.net), fits, MONEY, stake)
    came = min(context.received.get(wanted.id, 0), wanted.quantity)
    here = max(0, half_up_div(most * came, wanted.quantity or MICRO) - settled.net)
    short = max(0, min(line.net, max(0, most - settled.net)) - here)
    yield _check("NOT_RECEIVED", one, money(here), money(line.net), short == 0, MONEY, with_vat(short, line))


def total(invoice: InvoiceFacts, pairs: Iterable[Pair], context: Context) -> Check:
    """The document against its orders' prices, for small differences that each pass but add up."""
    agreed = slack = 0
    for one in pairs:
        wanted = one.order_line
        if wanted is None or wanted.frame is not None or one.line.unit_code != wanted.unit_code:
            agreed += one.line.net
            continue
        agreed += line_amount(one.line.quantity, wanted.price, wanted.base_quantity)
        slack += _SLACK
    agreed += sum(one.amount for one in invoice.charges if one.charge)
    above = invoice.net - agreed
    rule = context.tolerance
    within = above * BASIS <= rule.total_percent * abs(agreed) + slack * BASIS
    passed = above <= 0 or (above <= rule.total_amount and within)
    share = half_up_div(max(0, above) * max(0, invoice.vat), invoice.net) if invoice.net > 0 else 0
    stake = 0 if passed else above + share
    return Check("TOTAL", "", "", "", money(agreed), money(invoice.net), passed, MONEY, stake)


def claim_of(claims: Mapping[UUID, Claim], line_id: UUID) -> Claim:
    """What is claimed of an order line."""
    return claims.get(line_id, NOTHING)
