"""What a supplier's change means and whether it needs a new approval (Decisions 6 and 7). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from avrop.kernel.finding import Refusal
from avrop.kernel.money import BASIS, line_amount, vat_by_rate
from avrop.ordering.facts import OrderLineFacts, ProposedLine

ADDED, CHANGED, AS_ORDERED, NOT_ACCEPTED = "1", "3", "5", "7"  # UNCL1229 as T76 uses it


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """The growth that needs no new approval: the lower of basis points of the total and an amount in øre."""

    valid_from: date
    basis_points: int
    amount: int

    def of(self, approved_gross: int) -> int:
        """The limit in øre for an order approved at this amount including VAT, rounded down."""
        return min(approved_gross * self.basis_points // BASIS, self.amount)


@dataclass(frozen=True, slots=True)
class Totals:
    """Amounts of an order in øre."""

    net: int
    vat: int

    @property
    def gross(self) -> int:
        """Including VAT."""
        return self.net + self.vat


def limit_on(limits: Iterable[ChangeLimit], day: date) -> ChangeLimit:
    """The limit in force on a day. Raises ValueError when none is."""
    return max((one for one in limits if one.valid_from <= day), key=lambda one: one.valid_from)


def order_totals(lines: Iterable[OrderLineFacts]) -> Totals:
    """Totals of the lines that stand; VAT on the summed base per category and rate (BR-S-09)."""
    standing = [(one.vat_category, one.vat_rate, one.net) for one in lines if not one.cancelled]
    rates = vat_by_rate(standing)
    return Totals(sum(base for base, _ in rates.values()), sum(vat for _, vat in rates.values()))


def told_of(line: OrderLineFacts, here: int, accrued: int, returned: int, moved: int) -> OrderLineFacts:
    """The line when delivery has told what is here, what it cost (øre), and what was returned for credit.

    What was returned for credit is not ordered any more; a line of which all went back is cancelled. `moved`
    only grows: older news than we have changes nothing.
    """
    if moved <= line.told:
        return line
    shrinks = returned - line.returned
    line = replace(line, received=here, accrued=accrued, returned=returned, told=moved)
    if shrinks <= 0:
        return line
    if shrinks >= line.quantity:
        return replace(line, cancelled=True)
    quantity = line.quantity - shrinks
    return replace(line, quantity=quantity, net=line_amount(quantity, line.price, line.base_quantity))


def differs(line: OrderLineFacts, proposed: ProposedLine) -> bool:
    """Whether the answer to a line changes anything, whatever its code says."""
    return changed_line(line, proposed) != line


def changed_line(line: OrderLineFacts, proposed: ProposedLine) -> OrderLineFacts:
    """The line as the supplier proposes it. Code 7 takes it out."""
    if proposed.code == NOT_ACCEPTED:
        return replace(line, cancelled=True)
    quantity, cancelled = _proposed_quantity(line, proposed.quantity)
    price = line.price if proposed.price is None else proposed.price
    base = proposed.base or line.base_quantity
    net = line_amount(quantity, price, base)
    name, item = (proposed.name, proposed.item) if proposed.item else (line.name, line.seller_item_id)
    return replace(
        line,
        quantity=quantity,
        price=price,
        base_quantity=base,
        net=net,
        cancelled=cancelled,
        frame=None if line.frame is None else max(line.frame, net),  # accepted above it: approved anew
        name=name,
        seller_item_id=item,
    )


def _proposed_quantity(line: OrderLineFacts, proposed: int | None) -> tuple[int, bool]:
    """(quantity, cancelled): the supplier's number is of the line in all, with what was returned for credit."""
    if proposed is None or proposed == line.in_all:
        return line.quantity, line.cancelled
    again = line.returned and proposed > line.in_all  # more of what all went back
    return max(0, proposed - line.returned), line.cancelled and not again


def in_all(line: OrderLineFacts) -> OrderLineFacts:
    """The line as messages to the supplier state it: goods that came and were returned for credit are counted.

    The number is the same however late a message is read, and whether the goods went back before or after.
    """
    if not line.returned:
        return line
    net = line_amount(line.in_all, line.price, line.base_quantity)
    return replace(line, quantity=line.in_all, net=net, cancelled=False)


def accepted_version(
    lines: Sequence[OrderLineFacts], proposed: Mapping[int, ProposedLine]
) -> tuple[OrderLineFacts, ...]:
    """Every line as it stands when the proposal is accepted; lines that are not answered stand as ordered."""
    return tuple(
        changed_line(line, proposed[line.line_no]) if line.line_no in proposed else line for line in lines
    )


def check_proposal(lines: Sequence[OrderLineFacts], proposed: Iterable[ProposedLine]) -> Refusal | None:
    """What can't be accepted at all: a line we never ordered, another unit, nothing of a line."""
    known = {line.line_no: line for line in lines}
    for one in proposed:
        line = known.get(one.line_no)
        if line is None or one.code == ADDED:
            return Refusal("CHANGE_ADDS_LINE", name=one.name or one.line_no)
        if one.unit and one.unit != line.unit_code:
            return Refusal("PROPOSAL_IN_OTHER_UNIT", name=line.name)
        new = changed_line(line, one)
        if new.quantity <= 0 and not new.cancelled:
            return Refusal("CHANGE_WITHOUT_QUANTITY", name=line.name)
    return None


def frame_passed(lines: Sequence[OrderLineFacts], proposed: Iterable[ProposedLine]) -> Refusal | None:
    """FRAME_PASSED where free text costs more than was approved: that must be approved anew (Decision 6)."""
    known = {line.line_no: line for line in lines}
    for one in proposed:
        line = known.get(one.line_no)
        new = changed_line(line, one) if line else None
        if line and new and line.frame is not None and not new.cancelled and new.net > line.frame:
            return Refusal("FRAME_PASSED", name=line.name, frame=line.frame, price=new.net)
    return None


def only_confirms_frames(lines: Sequence[OrderLineFacts], proposed: Mapping[int, ProposedLine]) -> bool:
    """True when all that changes is the price of free-text lines, each within its frame (Decision 6).

    Such an answer needs nobody's hand: "up to" was what was approved.
    """
    changes = [
        (line, changed_line(line, proposed[line.line_no]))
        for line in lines
        if line.line_no in proposed and differs(line, proposed[line.line_no])
    ]
    if not changes:
        return False
    return all(
        line.frame is not None
        and not new.cancelled
        and 0 <= new.net <= line.frame
        and (new.name, new.seller_item_id) == (line.name, line.seller_item_id)
        for line, new in changes
    )


def needs_approval(
    approved_gross: int, new_gross: int, limit: ChangeLimit, mandates: Iterable[int]
) -> Refusal | None:
    """Whether an accepted change needs a new approval (Decision 7). Amounts in øre including VAT.

    Growth is counted from what was approved, so several small changes add up. `mandates` are what those who
    approved may approve today; the new total must be within each of them.
    """
    growth, most = new_gross - approved_gross, limit.of(approved_gross)
    if growth > most:
        return Refusal(
            "CHANGE_ABOVE_LIMIT", growth=growth, limit=most, percent=limit.basis_points, amount=limit.amount
        )
    held = min(mandates, default=0)
    if growth > 0 and new_gross > held:
        return Refusal("CHANGE_ABOVE_MANDATE", total=new_gross, limit=held)
    return None


def fits_receipt(
    before: Sequence[OrderLineFacts],
    after: Sequence[OrderLineFacts],
    receipt_state: str,
    arrived: Collection[int] = (),
) -> bool:
    """Whether a change can be accepted when goods have come: only of prices, while some of the line are due.

    `arrived` are the lines that have all come: they may be invoiced and paid already. What is invoiced whole
    stays as it is, also where the goods went back to be replaced.
    """
    if any(old != new and old.invoiced >= old.quantity for old, new in zip(before, after, strict=True)):
        return False
    if receipt_state == "none":
        return True
    if any(old != new and old.line_no in arrived for old, new in zip(before, after, strict=True)):
        return False
    same = all(
        (old.quantity, old.cancelled, old.seller_item_id) == (new.quantity, new.cancelled, new.seller_item_id)
        for old, new in zip(before, after, strict=True)
    )
    return same and receipt_state == "partial"
