"""Three-way match, pure: facts in, an outcome with every check's numbers out. No clock, no database.

`judge` compares one invoice; `settle` all open invoices of a purchase at once, in an order of their own, so
that the outcome does not depend on which of order change, receipt and invoice came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from avrop.invoicing.facts import InvoiceFacts
from avrop.matching import states
from avrop.matching.facts import MONEY, Check, Claim, LineMatch, Outcome
from avrop.matching.rules import checks
from avrop.matching.rules.checks import Context
from avrop.matching.rules.pairing import UNKNOWN, Pair, order_numbers, pair

__all__ = [
    "Accepted",
    "Context",
    "Open",
    "add_claims",
    "all_claims",
    "claims_of",
    "failing",
    "fully_invoiced",
    "judge",
    "order_numbers",
    "settle",
]

_AMOUNTS = {"PRICE", "QUANTITY", "FEE", "UNPAIRED_LINE", "UNIT", "UNKNOWN_ORDER"}
Accepted = Mapping[tuple[str, str], int]  # (deviation code, invoice line) -> øre that a person has accepted
_NOBODY: Accepted = {}


@dataclass(frozen=True, slots=True)
class Open:
    """An invoice that is not decided yet, with what a person has accepted of it."""

    invoice: InvoiceFacts
    context: Context  # its own relation and agreed charges; claims are filled in by `settle`
    state: str = ""
    accepted: Accepted = field(default_factory=dict)


def judge(invoice: InvoiceFacts, context: Context, accepted: Accepted = _NOBODY) -> Outcome:
    """One invoice against its orders, the receipts and what other invoices have claimed."""
    pairs = pair(invoice, context.orders)
    if not order_numbers(invoice):
        return Outcome(states.WITHOUT_ORDER, (), _without_order(pairs), ())
    found = list(checks.whole_invoice(invoice, pairs, context))
    lines = [_line(one, mine, context, found, accepted) for one, mine in _with_own_claims(pairs, context)]
    if not any(not c.passed and c.code in _AMOUNTS for c in found):
        found.append(checks.total(invoice, pairs, context))
    orders = tuple(dict.fromkeys(one.order.id for one in pairs if one.order))
    return Outcome(_state(found, accepted), tuple(found), tuple(lines), orders)


def _without_order(pairs: Iterable[Pair]) -> tuple[LineMatch, ...]:
    return tuple(
        LineMatch(p.line.line_id, "", "", None, "unpaired", p.line.quantity, p.line.net) for p in pairs
    )


def _with_own_claims(pairs: Iterable[Pair], context: Context) -> Iterable[tuple[Pair, Claim]]:
    """Each pair with what earlier lines of the same invoice take of the same order line."""
    own: dict[UUID, Claim] = {}
    for one in pairs:
        if one.order_line is None:
            yield one, Claim()
            continue
        ident = one.order_line.id
        mine = own.get(ident, Claim())
        yield one, mine
        own[ident] = mine.plus(Claim(_taken(one, mine, context), one.line.net))


def _taken(one: Pair, mine: Claim, context: Context) -> int:
    """The quantity that a line takes of its order line; a frame's first invoice takes what has come.

    In another unit nothing is converted by guess: should a person accept the line, it has taken all that is
    left, so that the same goods are not paid again without a hand.
    """
    wanted = one.order_line
    assert wanted is not None and one.order is not None
    if wanted.frame is None and one.line.unit_code == wanted.unit_code:
        return one.line.quantity
    if wanted.frame is None:
        taken = checks.claim_of(context.settled, wanted.id).plus(mine).quantity
        return max(0, checks.ordered(one.order, wanted) - taken)
    before = checks.claim_of(context.settled, wanted.id).plus(mine).quantity
    return max(0, min(context.received.get(wanted.id, 0), wanted.quantity) - before)


def _line(one: Pair, mine: Claim, context: Context, found: list[Check], accepted: Accepted) -> LineMatch:
    line, wanted = one.line, one.order_line
    if wanted is None:
        mine_checks = [] if one.problem == UNKNOWN else [checks.unpaired(one)]
        outcome = "unknown_order" if one.problem == UNKNOWN else "unpaired"
        found.extend(mine_checks)
        return LineMatch(line.line_id, one.number, "", None, outcome, line.quantity, line.net)
    earlier = checks.claim_of(context.claimed, wanted.id).plus(mine)
    settled = checks.claim_of(context.settled, wanted.id).plus(mine)
    mine_checks = list(checks.line_checks(one, earlier, settled, context))
    found.extend(mine_checks)
    return LineMatch(
        line=line.line_id,
        order=one.number,
        order_line=str(wanted.line_no),
        order_line_id=wanted.id,
        outcome=_state(mine_checks, accepted),
        quantity=_taken(one, mine, context),
        net=line.net,
    )


def failing(found: Iterable[Check], accepted: Accepted = _NOBODY) -> dict[tuple[str, str], tuple[Check, ...]]:
    """The failed checks by (code, invoice line), without what a person has accepted at this price or more."""
    groups: dict[tuple[str, str], tuple[Check, ...]] = {}
    for one in found:
        if not one.passed:
            groups[one.code, one.line] = (*groups.get((one.code, one.line), ()), one)
    return {
        key: group
        for key, group in groups.items()
        if key not in accepted or sum(one.stake for one in group) > accepted[key]
    }


def _state(found: Iterable[Check], accepted: Accepted) -> str:
    codes = {code for code, _ in failing(found, accepted)}
    if not codes:
        return states.MATCHED
    return states.AWAITING_RECEIPT if codes == {"NOT_RECEIVED"} else states.DEVIATION


def claims_of(outcome: Outcome, accepted: Accepted = _NOBODY) -> dict[UUID, Claim]:
    """What an open invoice claims of each order line; lines that ask for more than is left claim nothing."""
    over = {
        line
        for (_, line), group in failing(outcome.checks, accepted).items()
        if any(_asks_for_more(one) for one in group)
    }
    return all_claims(one for one in outcome.lines if one.line not in over)


def _asks_for_more(check: Check) -> bool:
    return check.code in ("QUANTITY", "UNIT") or (
        check.code == "PRICE" and check.kind == MONEY
    )  # a passed frame


def all_claims(lines: Iterable[LineMatch]) -> dict[UUID, Claim]:
    """What these invoice lines take of each order line."""
    claims: dict[UUID, Claim] = {}
    for one in lines:
        if one.order_line_id is not None:
            before = claims.get(one.order_line_id, Claim())
            claims[one.order_line_id] = before.plus(Claim(one.quantity, one.net, one.released))
    return claims


def add_claims(first: Mapping[UUID, Claim], second: Mapping[UUID, Claim]) -> dict[UUID, Claim]:
    """The two together."""
    return {key: first.get(key, Claim()).plus(second.get(key, Claim())) for key in {*first, *second}}


def settle(open_invoices: Iterable[Open], approved: Mapping[UUID, Claim]) -> dict[UUID, Outcome]:
    """Judge every open invoice of a purchase against what is approved already and each other.

    The invoices that are clean already keep their place; then by issue date and number. So the outcome is
    the same whichever arrived first. Returns invoice id -> outcome.
    """
    claimed, settled = dict(approved), dict(approved)
    outcomes: dict[UUID, Outcome] = {}
    for one in sorted(open_invoices, key=_turn):
        context = replace(one.context, claimed=claimed, settled=settled)
        outcome = judge(one.invoice, context, one.accepted)
        outcomes[one.invoice.id] = outcome
        claimed = add_claims(claimed, claims_of(outcome, one.accepted))
        if outcome.state == states.MATCHED:
            settled = add_claims(settled, all_claims(outcome.lines))
    return outcomes


def _turn(one: Open) -> tuple[bool, str, str, str]:
    invoice = one.invoice
    return (one.state != states.MATCHED, invoice.issue_date.isoformat(), invoice.number, invoice.id.hex)


def fully_invoiced(
    context: Context, approved: Mapping[UUID, Claim], orders: Sequence[UUID]
) -> tuple[UUID, ...]:
    """Those of the orders whose every standing line is invoiced in full."""
    return tuple(
        order.id
        for order in context.orders.values()
        if order.id in orders
        and all(
            checks.claim_of(approved, line.id).quantity >= checks.ordered(order, line) for line in order.lines
        )
    )
