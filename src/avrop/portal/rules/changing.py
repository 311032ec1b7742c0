"""What a buyer's change (T114) or cancellation (T115) asks, and how it may be answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from avrop.kernel.finding import Refusal
from avrop.portal.facts import AskedLine, SalesChangeFacts, SalesLine
from avrop.portal.states import ACCEPTED, ASKED, CANCELLED, CHANGED, INVOICED, NEW, REJECTED

ADDED, DELETED, NO_ACTION = "1", "2", "4"  # UNCL1229 as T114 uses it
AS_ASKED, NOT = "5", "7"  # and as its answers use it
ACCEPT, BY_LINE, DECLINE = "accept", "lines", "decline"


def check_order_of(
    *, number: str, sequence: int, state: str, earlier: Sequence[tuple[str, int, str]], currency_fits: bool
) -> None:
    """May the order of this state be changed by change `number`? `earlier`: (kind, sequence, state).

    Raises Refusal CHANGE_OF_ENDED_ORDER, CHANGE_OLDER, CHANGE_WHILE_CANCELLED or CHANGE_CURRENCY.
    """
    if state in (REJECTED, CANCELLED):
        raise Refusal("CHANGE_OF_ENDED_ORDER", change=number)
    if any(kind == "cancellation" and at == ASKED for kind, _, at in earlier):
        raise Refusal("CHANGE_WHILE_CANCELLED", change=number)
    newest = max((one for kind, one, _ in earlier if kind == "change"), default=-1)
    if sequence <= newest:
        raise Refusal("CHANGE_OLDER", change=number, sequence=sequence, newest=newest)
    if not currency_fits:
        raise Refusal("CHANGE_CURRENCY", change=number)


def check_answerable_change(change: SalesChangeFacts) -> None:
    """Raises Refusal CHANGE_ANSWERED."""
    if change.state != ASKED:
        raise Refusal("CHANGE_ANSWERED", change=change.number)


def differs(line: AskedLine) -> bool:
    """The line would be another than the seller has said will come.

    A line that "is not affected" and stands as it was ordered says no to what the seller proposed for it.
    """
    standing = line.standing
    if standing is None:
        return line.action != NO_ACTION and wanted_quantity(line) > 0
    if line.action == NO_ACTION and (line.quantity, line.price) != (standing.quantity, standing.price):
        return False
    if not wanted_quantity(line) or not standing.agreed_quantity:
        return bool(wanted_quantity(line) or standing.agreed_quantity) and not _gone(line, standing)
    return (standing.agreed_quantity, standing.agreed_price) != (wanted_quantity(line), line.price)


def _gone(line: AskedLine, standing: SalesLine) -> bool:
    """A line that was taken back, listed once more with what was ordered."""
    return line.action == NO_ACTION and standing.cancelled


def confirms(line: AskedLine) -> bool:
    """The buyer asks for just what the seller proposed, so that it is no proposal any more."""
    standing = line.standing
    if standing is None or line.action == NO_ACTION or not (standing.changed or standing.refused):
        return False
    return not differs(line)


def asks_nothing(change: SalesChangeFacts) -> bool:
    """The order stands as the change wants it: the buyer has confirmed it, and nobody need answer."""
    return not change.header and not any(differs(line) for line in change.lines)


def wanted_quantity(line: AskedLine) -> int:
    """How much there would be of it, scaled by 10^6; nothing of a line that is taken back."""
    return 0 if line.action == DELETED else line.quantity


def problem_of(line: AskedLine) -> Refusal | None:
    """Why the line cannot be as asked: CHANGE_BELOW_INVOICED or CHANGE_OF_UNIT; None when it can."""
    standing = line.standing
    if standing is None or not differs(line):
        return None
    if wanted_quantity(line) < standing.invoiced:
        return Refusal("CHANGE_BELOW_INVOICED", line=line.line_id)
    if wanted_quantity(line) and (line.unit_code, line.base_quantity) != (
        standing.unit_code,
        standing.base_quantity,
    ):
        return Refusal("CHANGE_OF_UNIT", line=line.line_id)
    return None


def judge_change(
    change: SalesChangeFacts, decision: str, declined: Mapping[str, bool], note: str
) -> tuple[str, dict[str, str]]:
    """(AP, CA or RE, {line id: 5 as asked or 7 not}) of the lines that would be others.

    `decision`: accept, lines (those in `declined` not), decline. Raises Refusal: those of
    `check_answerable_change` and `problem_of`, DECISION_UNKNOWN, DECLINE_REASON_NEEDED, LINE_UNKNOWN,
    ALL_LINES_DECLINED.
    """
    check_answerable_change(change)
    if decision not in (ACCEPT, BY_LINE, DECLINE):
        raise Refusal("DECISION_UNKNOWN", decision=decision[:20])
    others = {line.line_id: line for line in change.lines if differs(line)}
    for line_id in declined:
        if line_id not in others:
            raise Refusal("LINE_UNKNOWN", line=line_id[:20])
    if decision == DECLINE:
        if not note.strip():
            raise Refusal("DECLINE_REASON_NEEDED")
        return "RE", dict.fromkeys(others, NOT)
    away = {line_id for line_id, no in declined.items() if no} if decision == BY_LINE else set()
    for line_id, line in others.items():
        if line_id not in away and (problem := problem_of(line)):
            raise problem
    if away and away == set(others) and not change.header:
        raise Refusal("ALL_LINES_DECLINED")
    judged = {line_id: NOT if line_id in away else AS_ASKED for line_id in others}
    return ("CA" if away else "AP"), judged


def state_of(lines: Sequence[SalesLine], *, answered: bool) -> str:
    """The state of an order that is not rejected, from its lines as they stand."""
    invoiced = any(line.invoiced for line in lines)
    if not invoiced and all(line.cancelled for line in lines):
        return CANCELLED
    if invoiced and not any(line.open for line in lines):
        return INVOICED
    if not answered:
        return NEW
    return CHANGED if any(line.changed and not line.cancelled for line in lines) else ACCEPTED
