"""What the buyer may change of an order, and what that costs (Decisions 6 to 8). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Refusal
from avrop.kernel.money import line_amount
from avrop.ordering.facts import ChangedLine, Details, OrderFacts, OrderLineFacts, ProposedLine
from avrop.ordering.rules import NOT_ACCEPTED, accepted_version

CHANGE, CANCELLATION, REST = "change", "cancellation", "rest"
CONFIRMATION, RESTATEMENT = "confirmation", "restatement"
WAITING = ("awaiting", "sent")
ADVANCED, ORDER_ONLY = "advanced", "order_only"


def after(lines: Sequence[OrderLineFacts], wanted: Iterable[ChangedLine]) -> tuple[OrderLineFacts, ...]:
    """Every line as it stands when the change does. Below what has come nothing is taken away, even where goods
    came while the supplier thought about it."""
    asked = {one.line_no: one for one in wanted}
    return tuple(_line(line, asked[line.line_no]) if line.line_no in asked else line for line in lines)


def as_of(lines: Sequence[OrderLineFacts], wanted: Iterable[ChangedLine]) -> list[ChangedLine]:
    """What is asked for now, with what has been returned by now."""
    returned = {line.line_no: line.returned for line in lines}
    return [replace(one, returned=returned.get(one.line_no, 0)) for one in wanted]


def _line(line: OrderLineFacts, asked: ChangedLine) -> OrderLineFacts:
    since = line.returned - asked.returned  # counted in what was asked for, and not ordered any more
    quantity = 0 if asked.quantity is None else max(0, asked.quantity - since)
    if line.cancelled and since > 0 and quantity > 0:
        # All that had come went back while the supplier thought of sending more: the rest is ordered still.
        net = line_amount(quantity, line.price, line.base_quantity)
        return replace(line, cancelled=False, quantity=quantity, net=net)
    if line.cancelled:
        return line
    to = max(quantity, line.stays)
    if not to:
        return replace(line, cancelled=True)
    # With nothing more to come, what was committed goes at once and not with the line's last invoice.
    closed = line.closed or (to < line.quantity and to <= line.stays)
    if to == line.quantity:
        return replace(line, closed=closed)
    return replace(line, quantity=to, net=line_amount(to, line.price, line.base_quantity), closed=closed)


def passed(lines: Sequence[OrderLineFacts], asked: Iterable[ChangedLine]) -> bool:
    """Whether more stands of a line, counting what went back, than a change asked for: it came meanwhile."""
    standing = {line.line_no: line for line in lines if line.returned or not line.cancelled}
    return any(
        one.line_no in standing and standing[one.line_no].in_all > (one.quantity or 0) + one.returned
        for one in asked
    )


def as_told(lines: Sequence[OrderLineFacts], asked: Iterable[ChangedLine]) -> list[OrderLineFacts]:
    """The lines as the supplier agreed to them: with just the quantities that were asked for."""
    numbers = {one.line_no: (one.quantity or 0) + one.returned for one in asked}
    return [
        replace(line, quantity=numbers[line.line_no] - line.returned) if line.line_no in numbers else line
        for line in lines
    ]


def check(lines: Sequence[OrderLineFacts], wanted: Sequence[ChangedLine], details: Details) -> Refusal | None:
    """What can't be asked for: CHANGE_UNKNOWN_LINE, CHANGE_BELOW_RECEIVED, CHANGE_NOT_POSITIVE, CHANGE_ALL_CAME,
    CHANGE_OF_FRAME, CHANGE_EMPTIES, CHANGE_NOTHING."""
    known = {line.line_no: line for line in lines if not line.cancelled}
    for one in wanted:
        line = known.get(one.line_no)
        refusal = (
            _check_line(line, one.quantity) if line else Refusal("CHANGE_UNKNOWN_LINE", line=one.line_no)
        )
        if refusal is not None:
            return refusal
    new = after(lines, wanted)
    if all(line.cancelled for line in new):
        return Refusal("CHANGE_EMPTIES")
    if list(new) == list(lines) and not details.anything:
        return Refusal("CHANGE_NOTHING")
    return None


def _check_line(line: OrderLineFacts, quantity: int | None) -> Refusal | None:
    if quantity == line.quantity:
        return None
    if quantity is not None and quantity <= 0:
        return Refusal("CHANGE_NOT_POSITIVE", name=line.name)
    if (quantity or 0) < line.kept:
        return Refusal("CHANGE_BELOW_RECEIVED", name=line.name, kept=_plain(line.kept))
    if line.frame is not None and quantity is not None:
        return Refusal("CHANGE_OF_FRAME", name=line.name)
    if quantity is not None and (line.closed or line.kept >= line.quantity):
        return Refusal("CHANGE_ALL_CAME", name=line.name)
    return None


def only_less(before: Sequence[OrderLineFacts], new: Sequence[OrderLineFacts], details: Details) -> bool:
    """Whether nothing but quantities go down: that needs no new approval from the requester (Decision 8)."""
    down = all(one.cancelled or one.quantity <= old.quantity for old, one in zip(before, new, strict=True))
    return down and not details.anything


def rest(lines: Sequence[OrderLineFacts]) -> tuple[ChangedLine, ...]:
    """What closing the rest makes of the lines that have not all come; empty when nothing is open."""
    return tuple(
        ChangedLine(line.line_no, line.received or None, line.returned)
        for line in lines
        if not line.cancelled and line.received < line.quantity
    )


def committed(line: OrderLineFacts) -> int:
    """The øre of the line that are still committed: what has not come. Nothing of what is closed or all invoiced."""
    if line.cancelled or line.closed or (line.frame is None and line.invoiced >= line.quantity):
        return 0
    return line.cost - line.held


def moved(before: OrderLineFacts, new: OrderLineFacts) -> int:
    """The øre by which the line's commitment moves when the change stands."""
    return committed(new) - committed(before)


def binds(before: Sequence[OrderLineFacts], new: Sequence[OrderLineFacts]) -> dict[int, int]:
    """Line number -> øre that an approved increase binds at once, before the supplier has accepted."""
    return {one.line_no: moved(old, one) for old, one in zip(before, new, strict=True) if moved(old, one) > 0}


def hash_of(
    order: OrderFacts, kind: str, lines: Sequence[ChangedLine], details: Details, gross_after: int
) -> str:
    """What an approval of the change is bound to (Decision 8): what changes, and what the order becomes."""
    return content_hash(
        {
            "order": order.id.hex,
            "kind": kind,
            "lines": [[one.line_no, one.quantity] for one in lines],
            "details": details_out(details),
            "gross": gross_after,
        }
    )


def details_out(details: Details) -> dict[str, object]:
    """What changes beside the lines, as it is stored: only what is new."""
    found: dict[str, object] = {}
    if details.address_id is not None:
        found["address_id"] = details.address_id.hex
        found["delivery"] = dict(details.delivery or {})
    if details.marking is not None:
        found["marking"] = details.marking
    if details.note is not None:
        found["note"] = details.note
    if details.wanted_by is not None:
        found["wanted_by"] = details.wanted_by.isoformat()
    return found


def countered(wanted: Sequence[ChangedLine], answered: Mapping[int, ProposedLine]) -> list[ProposedLine]:
    """The supplier's answer to a change with changes of its own, as a proposal on the order as it stands.

    What the supplier says nothing of is what we asked for.
    """
    ours = {
        one.line_no: ProposedLine(one.line_no, NOT_ACCEPTED)
        if one.quantity is None
        else ProposedLine(one.line_no, "3", quantity=one.quantity + one.returned)
        for one in wanted
    }
    for line_no, theirs in answered.items():
        mine = ours.get(line_no)
        if mine is None or theirs.code == NOT_ACCEPTED or theirs.quantity is not None:
            ours[line_no] = theirs
        elif mine.quantity is not None:
            ours[line_no] = replace(theirs, quantity=mine.quantity)
    return [ours[line_no] for line_no in sorted(ours)]


def said_no_to(
    before: Sequence[OrderLineFacts],
    new: Sequence[OrderLineFacts],
    answered: Mapping[int, ProposedLine],
    wanted: Sequence[ChangedLine],
) -> list[int] | None:
    """The lines that stay as they stood, where the supplier took each line of a change or left it as it was.

    None where something else is offered: that is a proposal (Decision 7).
    """
    asked = {line.line_no for line in before}
    if any(line_no not in asked for line_no in answered):
        return None
    proposed = {one.line_no: one for one in countered(wanted, answered)}
    offered = accepted_version(before, proposed)
    refused = []
    for old, ours, theirs in zip(before, new, offered, strict=True):
        if _terms(theirs) == _terms(ours):
            continue
        if _terms(theirs) != _terms(old):
            return None
        refused.append(old.line_no)
    return refused


def _terms(line: OrderLineFacts) -> tuple[object, ...]:
    if line.cancelled:
        return ("gone",)
    return line.quantity, line.net, line.seller_item_id


def _plain(micro: int) -> str:
    whole, part = divmod(micro, 1_000_000)
    return f"{whole},{part:06d}".rstrip("0") if part else str(whole)
