"""Who may approve, who is asked, and what stops an approval. Pure.

Decision 2: the approver is never the requester; a sole approver's own request goes up the unit tree.
Decision 7: a mandate is held against the whole amount including VAT; every responsibility must approve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from avrop.approval.facts import Found, Needed
from avrop.coding.facts import BLOCK
from avrop.commitments.facts import Balance
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Refusal
from avrop.tenancy.facts import MandateFacts, UnitFacts
from avrop.tenancy.results import Allowed, Answer, Denied


def bundle_hash(hashes: Iterable[str]) -> str:
    """The hash that one approval of several prospective orders is bound to."""
    return content_hash(sorted(hashes))


def may_decide(
    person_id: UUID | None,
    requester_id: UUID,
    *,
    amount: int,
    path: Sequence[UUID],
    mandates: Iterable[MandateFacts],
) -> Answer:
    """Whether the person may approve `amount` (øre with VAT) in the unit at the end of `path`, from the root.

    Denied: OWN_REQUEST, NO_MANDATE, MANDATE_TOO_SMALL (with the most the person may approve there).
    """
    if person_id is None:
        return Denied("NO_MANDATE")
    if person_id == requester_id:
        return Denied("OWN_REQUEST")
    covering = [m.max_amount for m in mandates if m.person_id == person_id and m.unit_id in path]
    if not covering:
        return Denied("NO_MANDATE")
    if max(covering) < amount:
        return Denied("MANDATE_TOO_SMALL", {"limit": max(covering), "amount": amount})
    return Allowed()


def find_approvers(
    requester_id: UUID, *, amount: int, path: Sequence[UUID], mandates: Sequence[MandateFacts]
) -> Found:
    """The nearest unit, from the end of `path` upwards, where somebody may decide, and all there who may.

    People further up may decide too, but are not asked. Nobody anywhere: no people, and the root's id.
    """
    escalated = False
    for unit_id in reversed(path):
        here = [m for m in mandates if m.unit_id == unit_id]
        able = sorted({m.person_id for m in here if m.person_id != requester_id and m.max_amount >= amount})
        if able:
            return Found(tuple(able), unit_id, escalated)
        escalated = escalated or bool(here)
    return Found((), path[0], escalated)


def home_of(responsibility: str, ordering_unit: UUID, units: Mapping[UUID, UnitFacts]) -> UnitFacts:
    """The unit that answers for a responsibility.

    The ordering unit where it is its own, else the highest unit that has it, else the root of the tree: money
    that no unit answers for is the top's to spend.
    """
    mine = units[ordering_unit]
    if mine.responsibility == responsibility:
        return mine
    having = [u for u in units.values() if u.responsibility == responsibility]
    return min(having, key=lambda u: (len(u.ancestors), u.code)) if having else units[mine.ancestors[0]]


def needed(
    costs: Iterable[tuple[str, int]], ordering_unit: UUID, units: Mapping[UUID, UnitFacts]
) -> list[Needed]:
    """One approval a responsibility, from (responsibility, øre) of every line."""
    sums: dict[str, int] = {}
    for responsibility, amount in costs:
        sums[responsibility] = sums.get(responsibility, 0) + amount
    return [Needed(code, home_of(code, ordering_unit, units).id, net) for code, net in sorted(sums.items())]


def budget_refusal(mode: str, balances: Iterable[Balance], number: str) -> Refusal | None:
    """Under BLOCK no approval passes the limit (Decision 9). A missing budget line is a limit of 0."""
    if mode != BLOCK:
        return None
    passed = [b for b in balances if b.left < 0]
    if not passed:
        return None
    worst = min(passed, key=lambda b: (b.left, b.key))
    return Refusal(
        "BUDGET_PASSED", number=number, line=worst.key, limit=worst.limit, bound=worst.bound, over=-worst.left
    )


def content_refusal(seen: str, asked: str, stands: str, number: str) -> Refusal | None:
    """What was seen, what was asked for and what stands now must be one and the same (Decision 8)."""
    return None if seen == asked == stands else Refusal("CONTENT_CHANGED", number=number)


def complete(states: Iterable[str]) -> bool:
    """All approvals of a subject that still count are given, and there is at least one."""
    counting = [state for state in states if state in ("pending", "approved", "returned")]
    return bool(counting) and all(state == "approved" for state in counting)
