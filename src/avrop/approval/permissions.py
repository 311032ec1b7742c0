"""Who may look at approvals and decide. The operation asks `rules.may_decide` once more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from avrop.approval import rules
from avrop.approval.facts import TaskFacts
from avrop.tenancy.facts import APPROVER, AUDITOR, MandateFacts, UnitFacts
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_open_inbox(viewer: Viewer) -> Answer:
    """Approvers have an inbox."""
    return Allowed() if viewer.has(APPROVER) else Denied("NOT_APPROVER")


def may_see(viewer: Viewer, task: TaskFacts) -> Answer:
    """Those asked, approvers, the requester, and the auditor."""
    known = viewer.person_id in (*task.candidates, task.requester_id) or viewer.has(APPROVER, AUDITOR)
    return Allowed() if known else Denied("NOT_APPROVER")


def may_approve(
    viewer: Viewer,
    requester_id: UUID,
    *,
    amount: int,
    responsibilities: Iterable[str],
    ordering_unit: UUID,
    units: Mapping[UUID, UnitFacts],
    mandates: Sequence[MandateFacts],
) -> bool:
    """Whether the viewer alone may approve `amount` (øre with VAT) for all of these responsibilities."""
    homes = [rules.home_of(code, ordering_unit, units) for code in responsibilities]
    return all(
        rules.may_decide(
            viewer.person_id, requester_id, amount=amount, path=home.ancestors, mandates=mandates
        )
        for home in homes
    )


def asked_to_approve(
    never: Collection[UUID],
    *,
    amount: int,
    responsibilities: Iterable[str],
    ordering_unit: UUID,
    units: Mapping[UUID, UnitFacts],
    mandates: Sequence[MandateFacts],
) -> tuple[UUID, ...]:
    """Who is asked to approve `amount` (øre with VAT) for all of these responsibilities: the nearest who may.

    Nobody in `never`: the requester, and whoever asks for a change. Where no one person near may approve for
    every responsibility, all who may anywhere. Empty where there is nobody.
    """
    homes = [rules.home_of(code, ordering_unit, units) for code in responsibilities]
    held = [one for one in mandates if one.person_id not in never]
    able = {
        one.person_id
        for one in held
        if all(
            rules.may_decide(one.person_id, UUID(int=0), amount=amount, path=home.ancestors, mandates=held)
            for home in homes
        )
    }
    near = set(able)
    for home in homes:
        found = rules.find_approvers(UUID(int=0), amount=amount, path=home.ancestors, mandates=held)
        near &= set(found.people)
    return tuple(sorted(near or able))


def may_decide(viewer: Viewer, task: TaskFacts, mandates: Sequence[MandateFacts]) -> Answer:
    """See `rules.may_decide`; a task that is decided can't be decided again."""
    if task.state != "pending":
        return Denied("ALREADY_DECIDED", {"number": task.number})
    answer = rules.may_decide(
        viewer.person_id, task.requester_id, amount=task.amount, path=task.unit_path, mandates=mandates
    )
    if isinstance(answer, Denied):
        return Denied(answer.reason, {"number": task.number, **answer.params})
    return answer
