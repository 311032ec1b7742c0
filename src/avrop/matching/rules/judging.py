"""One invoice against its orders, the receipts and what other invoices have claimed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from avrop.invoicing.facts import InvoiceFacts
from avrop.matching import states
from avrop.matching.facts import NOTHING, Check, Claim, LineMatch, Outcome
from avrop.matching.rules import checks
from avrop.matching.rules.checks import Context
from avrop.matching.rules.claims import NOBODY, Accepted, failing, state_of
from avrop.matching.rules.pairing import UNKNOWN, Pair, order_numbers, pair

_AMOUNTS = {"PRICE", "QUANTITY", "FEE", "UNPAIRED_LINE", "UNIT", "UNKNOWN_ORDER", "NEGATIVE"}


def judge(invoice: InvoiceFacts, context: Context, accepted: Accepted = NOBODY) -> Outcome:
    """One invoice against its orders, the receipts and what other invoices have claimed."""
    pairs = pair(invoice, context.orders)
    if not order_numbers(invoice):
        return _without_order(invoice, pairs, context, accepted)
    found = list(checks.whole_invoice(invoice, pairs, context))
    lines = [_line(one, mine, context, found, accepted) for one, mine in _with_own_claims(pairs, context)]
    if not any(not c.passed and c.code in _AMOUNTS for c in found):
        found.append(checks.total(invoice, pairs, context))
    orders = tuple(dict.fromkeys(one.order.id for one in pairs if one.order))
    return Outcome(state_of(found, accepted), tuple(found), tuple(lines), orders)


def _without_order(
    invoice: InvoiceFacts, pairs: Iterable[Pair], context: Context, accepted: Accepted
) -> Outcome:
    """Names no order: the clerk's; whether it is a twin, or for somebody else, is asked first.

    An unknown account stops it as it stops any other (Decision 5). A seller whom we do not know has no accounts
    to ask about, and cannot be paid at all: that stays with the clerk.
    """
    found = [
        *checks.for_us(invoice, context),
        *([checks.twin(invoice, context)] if context.looks_like else []),
        *([checks.bank_account(invoice, context.relation)] if invoice.supplier_id else []),
    ]
    lines = tuple(
        LineMatch(p.line.line_id, "", "", None, "unpaired", p.line.quantity, p.line.net) for p in pairs
    )
    state = states.DEVIATION if failing(found, accepted) else states.WITHOUT_ORDER
    return Outcome(state, tuple(found), lines, ())


def _with_own_claims(pairs: Iterable[Pair], context: Context) -> Iterable[tuple[Pair, Claim]]:
    """Each pair with what earlier lines of the same invoice take of the same order line."""
    own: dict[UUID, Claim] = {}
    for one in pairs:
        if one.order_line is None:
            yield one, NOTHING
            continue
        ident = one.order_line.id
        mine = own.get(ident, NOTHING)
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
        return max(0, checks.ordered(one.order, wanted, context.received) - taken)
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
        outcome=state_of(mine_checks, accepted),
        quantity=_taken(one, mine, context),
        net=line.net,
    )
