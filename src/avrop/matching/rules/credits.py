"""What a credit note takes back of which invoice: pure, with every number.

A price credit reduces the amount only; a return or a cancellation reduces the quantity too (Decision 10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from avrop.invoicing.facts import DocumentCharge, InvoiceFacts, InvoiceLineFacts
from avrop.kernel.money import half_up_div
from avrop.matching.facts import AMOUNT_OF, MONEY, TEXT, Check, Claim, LineMatch
from avrop.matching.rules.checks import money, quantity

AMOUNT, QUANTITY = "amount", "quantity"  # a person's word on the whole credit note; "" leaves it to the lines
_PRICE_SLACK = 100  # a hundredth: two systems round a line's unit price differently
_NOTHING = Claim()


@dataclass(frozen=True, slots=True)
class Original:
    """An invoice that a credit note names, with its own match lines and what is credited of it already.

    `credited` (by its line id) and `credited_total` (øre, BT-115) are of approved credit notes; not negative.
    """

    invoice: InvoiceFacts
    lines: tuple[LineMatch, ...] = ()
    state: str = ""
    credited: Mapping[str, Claim] = field(default_factory=dict)
    credited_total: int = 0

    def match_of(self, line_id: str) -> LineMatch | None:
        """What the original's line was paired with."""
        return next((one for one in self.lines if one.line == line_id), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A credited line and what it is for: a line of an original, a charge of one (its position), or nothing."""

    line: InvoiceLineFacts
    original: Original | None = None
    of: InvoiceLineFacts | None = None
    charge: int | None = None
    whole: bool = False  # the quantity is credited too


def place(
    note: InvoiceFacts,
    originals: Sequence[Original],
    treatment: str = "",
    returned: Mapping[UUID, int] | None = None,
) -> tuple[Place, ...]:
    """Each line of the credit note with its place on an original: by order line, item, name, charge, or alone."""
    finder = _Finder(originals)
    return tuple(
        _placed(line, note.order_reference, finder, treatment, returned or {}) for line in note.lines
    )


class _Finder:
    """Looks lines up by what names them; a line of an original takes several credited lines."""

    def __init__(self, originals: Sequence[Original]) -> None:
        self.by: dict[tuple[str, ...], list[tuple[Original, InvoiceLineFacts]]] = {}
        self.charges: list[tuple[Original, int, DocumentCharge]] = []
        everything = [(one, line) for one in originals for line in one.invoice.lines]
        self.only = everything[0] if len(everything) == 1 else None
        for one, line in everything:
            for key in (*_keys(line, one.invoice.order_reference), ("name", line.name.strip().casefold())):
                if (one, line) not in self.by.setdefault(key, [])[-1:]:
                    self.by[key].append((one, line))
        for one in originals:
            self.charges += [(one, n, c) for n, c in enumerate(one.invoice.charges) if c.charge]

    def find(self, line: InvoiceLineFacts, order: str) -> tuple[Original, InvoiceLineFacts] | None:
        """The line of an original that is meant; of several the first with room for the amount."""
        for key in _keys(line, order):
            found = self.by.get(key, [])
            fits = [one for one in found if abs(line.net) <= abs(one[1].net)]
            if fits or found:
                return (fits or found)[0]
        return None

    def charge(self, line: InvoiceLineFacts) -> tuple[Original, int] | None:
        """The charge on a document that a line takes back: by its words, else by its very amount."""
        name = line.name.strip().casefold()
        for named in (True, False):
            for one, position, charge in self.charges:
                same = name == charge.reason.strip().casefold() if named else line.net == charge.amount
                if same and line.net <= charge.amount:
                    return one, position
        return None


def _keys(line: InvoiceLineFacts, order: str) -> Iterator[tuple[str, ...]]:
    """What names a line, the surest first: order and line number, item, line number alone, its words."""
    number, reference = line.order_reference or order, line.order_line_reference
    if number and reference:
        yield "order", number, reference
    if line.seller_item_id:
        yield "item", line.seller_item_id
    if reference:
        yield "order line", reference
    if line.name.strip() and not line.seller_item_id and not reference:
        yield "name", line.name.strip().casefold()


def _placed(
    line: InvoiceLineFacts, order: str, finder: _Finder, treatment: str, returned: Mapping[UUID, int]
) -> Place:
    found = finder.find(line, order)
    if found is None:
        charge = finder.charge(line)
        if charge is not None:
            return Place(line, charge[0], None, charge[1])
        alone = finder.only
        found = alone if alone and 0 <= line.net <= alone[1].net and not line.seller_item_id else None
    if found is None:
        return Place(line)
    original, of = found
    match = original.match_of(of.line_id)
    back = returned.get(match.order_line_id, 0) if match and match.order_line_id else 0
    return Place(line, original, of, whole=_whole(line, of, treatment, back))


def _whole(line: InvoiceLineFacts, of: InvoiceLineFacts, treatment: str, back: int) -> bool:
    """True when goods are credited and not only their price: at the invoiced price, or they were sent back."""
    possible = line.unit_code == of.unit_code and 0 < line.quantity <= of.quantity
    if treatment == AMOUNT or not possible:
        return False
    if treatment == QUANTITY or back >= line.quantity:
        return True
    paid, credited = of.net * line.quantity, line.net * of.quantity
    return abs(credited - paid) * _PRICE_SLACK <= abs(paid)


def suggestion(note: InvoiceFacts, originals: Sequence[Original], returned: Mapping[UUID, int]) -> str:
    """What the document itself says it is: `quantity` when any line credits goods, else `amount`."""
    return QUANTITY if any(one.whole for one in place(note, originals, "", returned)) else AMOUNT


def lines_of(places: Iterable[Place], outcome: str) -> tuple[LineMatch, ...]:
    """The credit note's own match lines: negative amounts on the original's order lines."""
    return tuple(_line(one, outcome) for one in places)


def _line(one: Place, outcome: str) -> LineMatch:
    match = one.original.match_of(one.of.line_id) if one.original and one.of else None
    taken = 0
    if one.whole and match is not None and one.of is not None and one.of.quantity:
        taken = half_up_div(match.quantity * one.line.quantity, one.of.quantity)
    return LineMatch(
        line=one.line.line_id,
        order=match.order if match else "",
        order_line=match.order_line if match else "",
        order_line_id=match.order_line_id if match else None,
        outcome=outcome if one.original else "unpaired",
        quantity=-taken,
        net=-one.line.net,
        of=f"{one.original.invoice.id.hex}:{one.of.line_id}" if one.original and one.of else "",
    )


def checks_of(note: InvoiceFacts, places: Sequence[Place], originals: Sequence[Original]) -> Iterator[Check]:
    """What must hold of a credit note: it fits its originals, in their currency, and gives money back."""
    left = sum(one.invoice.payable - one.credited_total for one in originals)
    passed = 0 <= note.payable <= left
    yield Check("CREDIT_EXCEEDS", "", "", "", money(left), money(note.payable), passed, MONEY)
    for original in originals:
        named = original.invoice.currency
        yield Check("CURRENCY", "", "", "", named, note.currency, named == note.currency)
    sofar: dict[str, Claim] = {}
    for one in places:
        yield from _line_checks(one, sofar)


def _line_checks(one: Place, sofar: dict[str, Claim]) -> Iterator[Check]:
    line, of = one.line, one.of
    if line.net < 0 or line.quantity < 0:
        yield _check("NEGATIVE", line, money(0), money(line.net), False, MONEY)
    if one.original is None:
        found = (line.seller_item_id or line.name)[:100]
        yield _check("CREDIT_LINE", line, "", found, line.net == 0, TEXT)
        return
    if of is None:
        return
    key = f"{one.original.invoice.id.hex}:{of.line_id}"
    before = one.original.credited.get(of.line_id, _NOTHING).plus(sofar.get(key, _NOTHING))
    sofar[key] = sofar.get(key, _NOTHING).plus(Claim(line.quantity if one.whole else 0, line.net))
    amount = of.net - before.net
    yield _check("CREDIT_EXCEEDS", line, money(amount), money(line.net), line.net <= amount, MONEY)
    if one.whole:
        rest = of.quantity - before.quantity
        fits = line.quantity <= rest
        yield _check("CREDIT_EXCEEDS", line, quantity(rest), quantity(line.quantity), fits, AMOUNT_OF)
    same = (line.vat_category, line.vat_rate) == (of.vat_category, of.vat_rate)
    expected = f"{of.vat_category} {money(of.vat_rate)}"
    yield _check("VAT", line, expected, f"{line.vat_category} {money(line.vat_rate)}", same, TEXT)


def _check(code: str, line: InvoiceLineFacts, expected: str, found: str, passed: bool, kind: str) -> Check:
    return Check(
        code, line.line_id, line.order_reference, line.order_line_reference, expected, found, passed, kind
    )


def less_credited(original: Original, note: InvoiceFacts, places: Iterable[Place]) -> Original:
    """The original when this credit note has taken its part: what the next one finds."""
    credited = dict(original.credited)
    for one in places:
        if one.of is not None and one.original and one.original.invoice.id == original.invoice.id:
            claim = Claim(one.line.quantity if one.whole else 0, one.line.net)
            credited[one.of.line_id] = credited.get(one.of.line_id, _NOTHING).plus(claim)
    return replace(original, credited=credited, credited_total=original.credited_total + note.payable)


def less(invoice: InvoiceFacts, notes: Iterable[tuple[InvoiceFacts, Sequence[Place]]]) -> InvoiceFacts:
    """The invoice as it is when these credit notes are taken off: what is judged before both are approved."""
    lines = {one.line_id: one for one in invoice.lines}
    charges = list(invoice.charges)
    for note, places in notes:
        for one in places:
            if one.original is None or one.original.invoice.id != invoice.id:
                continue
            if one.of is not None:
                lines[one.of.line_id] = _reduced(lines[one.of.line_id], one)
            elif one.charge is not None:
                whole = charges[one.charge]
                charges[one.charge] = replace(whole, amount=whole.amount - one.line.net)
        charges = _less_charges(charges, note.charges)
        invoice = replace(
            invoice,
            line_total=invoice.line_total - note.line_total,
            net=invoice.net - note.net,
            vat=invoice.vat - note.vat,
            gross=invoice.gross - note.gross,
            rounding=invoice.rounding - note.rounding,
            payable=invoice.payable - note.payable,
        )
    kept = tuple(one for one in charges if one.amount)
    return replace(invoice, lines=tuple(lines[one.line_id] for one in invoice.lines), charges=kept)


def _reduced(line: InvoiceLineFacts, one: Place) -> InvoiceLineFacts:
    net = line.net - one.line.net
    left = line.quantity - (one.line.quantity if one.whole else 0)
    if net == 0 and left == 0:
        return replace(line, quantity=0, net=0, allowances=0, charges=0)
    if one.whole:
        return replace(line, quantity=left, net=net)
    off = min(line.charges, one.line.net)  # a freight that was not agreed goes first, then the price
    return replace(line, net=net, charges=line.charges - off, allowances=line.allowances + one.line.net - off)


def _less_charges(charges: list[DocumentCharge], credited: Iterable[DocumentCharge]) -> list[DocumentCharge]:
    """A charge taken back, of the same kind where there is one; an allowance taken back likewise."""
    result = list(charges)
    for one in credited:
        rest = one.amount
        mine = sorted(
            (n for n, c in enumerate(result) if c.charge == one.charge),
            key=lambda n: (result[n].code, result[n].reason) != (one.code, one.reason),
        )
        for n in mine:
            off = min(rest, result[n].amount)
            result[n] = replace(result[n], amount=result[n].amount - off)
            rest -= off
    return result
