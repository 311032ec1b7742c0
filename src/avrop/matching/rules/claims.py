"""What invoices take of order lines, and which checks still stand when a person has accepted some. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from avrop.matching import states
from avrop.matching.facts import MONEY, NOTHING, Check, Claim, LineMatch, Outcome
from avrop.matching.rules import checks
from avrop.matching.rules.checks import Context

Accepted = Mapping[tuple[str, str], int]  # (deviation code, invoice line) -> øre that a person has accepted
NOBODY: Accepted = {}
MANY = 100  # more lines than this with something wrong are one deviation a code: nobody clicks through them
ALL_LINES = "*"  # stands for the line of such a deviation


def failing(found: Iterable[Check], accepted: Accepted = NOBODY) -> dict[tuple[str, str], tuple[Check, ...]]:
    """The failed checks by (code, invoice line), without what a person has accepted at this price or more."""
    groups: dict[tuple[str, str], list[Check]] = {}
    for one in found:
        if not one.passed:
            groups.setdefault((one.code, one.line), []).append(one)
    if not groups:
        return {}
    whole = _accepted_whole(groups, accepted) if any(line == ALL_LINES for _, line in accepted) else set()
    return {
        key: tuple(group)
        for key, group in groups.items()
        if key[0] not in whole and (key not in accepted or sum(one.stake for one in group) > accepted[key])
    }


def _accepted_whole(groups: Mapping[tuple[str, str], Sequence[Check]], accepted: Accepted) -> set[str]:
    """Codes that were accepted on all lines together, for no less than they are on now."""
    stakes: dict[str, int] = {}
    for (code, _), group in groups.items():
        stakes[code] = stakes.get(code, 0) + sum(one.stake for one in group)
    return {code for code, stake in stakes.items() if stake <= accepted.get((code, ALL_LINES), -1)}


def gathered(groups: Mapping[tuple[str, str], Sequence[Check]]) -> dict[tuple[str, str], tuple[Check, ...]]:
    """The deviations to open for these: each its own, or where there are too many one a code."""
    if len(groups) <= MANY:
        return {key: tuple(group) for key, group in groups.items()}
    codes: dict[tuple[str, str], list[Check]] = {}
    for (code, line), group in groups.items():
        codes.setdefault((code, ALL_LINES if line else ""), []).extend(group)
    return {key: tuple(group) for key, group in codes.items()}


def state_of(found: Iterable[Check], accepted: Accepted) -> str:
    """Clean, clean but not received, or deviating."""
    failed = [one for one in found if not one.passed]
    codes = {code for code, _ in failing(failed, accepted)} if failed else set()
    if not codes:
        return states.MATCHED
    return states.AWAITING_RECEIPT if codes == {"NOT_RECEIVED"} else states.DEVIATION


def claims_of(outcome: Outcome, accepted: Accepted = NOBODY) -> dict[UUID, Claim]:
    """What an open invoice claims of each order line; lines that ask for more than is left claim nothing."""
    over = {
        line
        for (_, line), group in failing(outcome.checks, accepted).items()
        if any(_asks_for_more(one) for one in group)
    }
    return all_claims(one for one in outcome.lines if one.line not in over)


def _asks_for_more(check: Check) -> bool:
    return check.code in ("QUANTITY", "UNIT", "NEGATIVE") or (
        check.code == "PRICE" and check.kind == MONEY
    )  # a passed frame


def all_claims(lines: Iterable[LineMatch]) -> dict[UUID, Claim]:
    """What these invoice lines take of each order line; a credit note's give back."""
    claims: dict[UUID, Claim] = {}
    for one in lines:
        if one.order_line_id is not None:
            before = claims.get(one.order_line_id, NOTHING)
            claims[one.order_line_id] = before.plus(
                Claim(one.quantity, one.net, one.released, one.freed, one.gone)
            )
    return claims


def add_claims(first: Mapping[UUID, Claim], second: Mapping[UUID, Claim]) -> dict[UUID, Claim]:
    """The two together."""
    both = dict(first)
    for key, one in second.items():
        both[key] = both.get(key, NOTHING).plus(one)
    return both


def fully_invoiced(
    context: Context, approved: Mapping[UUID, Claim], orders: Sequence[UUID]
) -> tuple[UUID, ...]:
    """Those of the orders whose every standing line is invoiced in full."""
    wanted = set(orders)
    return tuple(
        order.id
        for order in context.orders.values()
        if order.id in wanted
        and all(
            checks.claim_of(approved, line.id).quantity >= checks.ordered(order, line, context.received)
            for line in order.lines
        )
    )
