"""Approvals are opened, given, refused and fall. The mandate is checked again when the decision is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from avrop.approval import facts, rules, states
from avrop.approval.events import (
    ApprovalCompleted,
    ApprovalGiven,
    ApprovalOpened,
    ApprovalReturned,
    ApprovalVoided,
)
from avrop.approval.models import ApprovalTask
from avrop.coding.queries import policy
from avrop.commitments.within import lock
from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.within import lock_stream, open_case, record, row_hash
from avrop.kernel.finding import Refusal
from avrop.requisition import queries as requisitions
from avrop.requisition.facts import RequisitionFacts, approval_hashes, costs
from avrop.requisition.states import SUBMITTED
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import BUYER_ADMIN, MandateFacts
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.web.format import money


@operation
def open_tasks(*, requisition_id: UUID) -> None:
    """Ask for the approvals that a submitted basket needs, one a responsibility.

    An approval of exactly these contents that stands is not asked for again. Where nobody may decide, the
    task stays open without anybody asked, and the local administrator gets a case.
    """
    lock_stream(f"purchase:{requisition_id.hex}")
    basket = requisitions.requisition(requisition_id)
    if basket.state != SUBMITTED:
        return
    known = list(ApprovalTask.objects.select_for_update().filter(subject_id=requisition_id).order_by("id"))
    bundle = rules.bundle_hash(approval_hashes(basket))
    standing = [t for t in known if t.content_hash == bundle and t.state == facts.APPROVED]
    fallen = [t for t in known if t not in standing and t.state in (facts.PENDING, facts.APPROVED)]
    _void(fallen)
    made = _new_tasks(basket, bundle, {t.responsibility for t in standing})
    ApprovalTask.objects.bulk_create(made)
    cases = [_case(task) for task in made if not task.candidates]
    if not made and standing and rules.complete(t.state for t in standing):
        _complete(standing[0], fallen, basket=basket)
        return
    record(
        ApprovalOpened(subject=_subject(basket), subject_id=basket.id, tasks=tuple(t.id for t in made)),
        tenant=basket.buyer_id,
        stream=basket.stream,
        changed=[*made, *fallen, *cases],
    )


@operation
def approve(*, task_ids: Sequence[UUID], seen: Mapping[UUID, str], comment: str = "") -> None:
    """Approve these tasks, all or none. `seen` is, per task, the content hash that the approver was shown.

    Raises Refusal: OWN_REQUEST, NO_MANDATE, MANDATE_TOO_SMALL, CONTENT_CHANGED, ALREADY_DECIDED and
    BUDGET_PASSED.
    """
    tasks, others = _locked(task_ids)
    baskets = requisitions.requisitions({task.subject_id for task in tasks})
    mandates = tenancy.mandates()
    for task in tasks:
        _decidable(task, mandates)
        _unchanged(task, baskets.get(task.subject_id), seen.get(task.id, ""))
    _within_budget(tasks, baskets)
    for task in tasks:
        before = row_hash(task)
        _decide(task, facts.APPROVED, comment)
        same = [t for t in others if t.subject_id == task.subject_id and t.content_hash == task.content_hash]
        if rules.complete(other.state for other in same):
            _complete(task, [task], before, basket=baskets[task.subject_id])
        else:
            _record(ApprovalGiven(task.subject, task.subject_id, task.id), task, [task], before, comment)


@operation
def return_(*, task_id: UUID, comment: str) -> None:
    """Send the basket back to the requester with a reason; the other open approvals of it fall."""
    if not comment.strip():
        raise Refusal("COMMENT_MISSING")
    (task,), others = _locked([task_id])
    _decidable(task, tenancy.mandates())
    before = row_hash(task)
    _decide(task, facts.RETURNED, comment)
    fallen = [t for t in others if t.id != task.id and t.state == facts.PENDING]
    _void(fallen)
    event = ApprovalReturned(subject=task.subject, subject_id=task.subject_id, comment=comment.strip())
    _record(event, task, [task, *fallen], before, comment.strip())


@operation
def void_tasks(*, subject_id: UUID) -> None:
    """The subject was taken back: its approvals fall, unless it has been submitted again meanwhile."""
    lock_stream(f"purchase:{subject_id.hex}")
    basket = requisitions.requisitions([subject_id]).get(subject_id)
    if basket is not None and basket.state not in ("draft", "returned", "withdrawn"):
        return
    rows = ApprovalTask.objects.select_for_update().filter(
        subject_id=subject_id, state__in=(facts.PENDING, facts.APPROVED)
    )
    fallen = list(rows.order_by("id"))
    if fallen:
        _void(fallen)
        _record(ApprovalVoided(subject=fallen[0].subject, subject_id=subject_id), fallen[0], fallen)


def _new_tasks(basket: RequisitionFacts, bundle: str, standing: set[str]) -> list[ApprovalTask]:
    own = {basket.unit.responsibility if basket.unit else ""} == {
        line.coding.responsibility for line in basket.lines
    }
    units = {basket.unit_id: basket.unit} if own and basket.unit else tenancy.units()
    mandates = tenancy.mandates()
    amount = basket.totals.gross
    binds = [(line.coding.responsibility, line.coding.cost(line.net, line.vat)) for line in basket.lines]
    made = []
    for need in rules.needed(binds, basket.unit_id, units):
        if need.responsibility in standing:
            continue
        path = units[need.unit_id].ancestors
        found = rules.find_approvers(basket.requester_id, amount=amount, path=path, mandates=mandates)
        made.append(
            ApprovalTask(
                buyer_id=basket.buyer_id,
                subject=_subject(basket),
                subject_id=basket.id,
                number=basket.number,
                stream=basket.stream,
                title=(basket.need or basket.lines[0].name)[:200],
                requester_id=basket.requester_id,
                unit_id=need.unit_id,
                responsibility=need.responsibility,
                amount=amount,
                net=need.net,
                content_hash=bundle,
                hashes=list(approval_hashes(basket)),
                candidates=[person.hex for person in found.people],
                escalated=found.escalated,
                opened_at=work().at,
            )
        )
    return made


def _case(task: ApprovalTask) -> Case:
    return open_case(
        tenant=task.buyer_id,
        kind="no_approver",
        subject=task.subject,
        reason="NO_APPROVER",
        params={"number": task.number, "responsibility": task.responsibility, "amount": money(task.amount)},
        owner_role=BUYER_ADMIN,
    )


def _locked(task_ids: Sequence[UUID]) -> tuple[list[ApprovalTask], list[ApprovalTask]]:
    """The tasks asked for and every task of their subjects (the same objects), streams locked first."""
    mine = ApprovalTask.objects.filter(id__in=task_ids).values("stream")
    rows = ApprovalTask.objects.filter(stream__in=mine).select_related("unit").order_by("id")
    every = list(rows)
    for stream in sorted({task.stream for task in every}):
        lock_stream(stream)
    if connection.features.has_select_for_update:  # on SQLite the transaction has the write lock already
        every = list(rows.select_for_update(of=("self",)))
    asked = [task for task in every if task.id in task_ids]
    if not asked or len(asked) != len(set(task_ids)):
        raise ApprovalTask.DoesNotExist
    return asked, every


def _decidable(task: ApprovalTask, mandates: Sequence[MandateFacts]) -> None:
    if task.state != facts.PENDING:
        raise Refusal("ALREADY_DECIDED", number=task.number)
    path = [UUID(part) for part in task.unit.path.split("/") if part]
    answer = rules.may_decide(
        viewer().person_id, task.requester_id, amount=task.amount, path=path, mandates=mandates
    )
    if isinstance(answer, Denied):
        raise Refusal(answer.reason, number=task.number, **shown(answer.params))


def _unchanged(task: ApprovalTask, basket: RequisitionFacts | None, seen: str) -> None:
    if basket is None or basket.state != SUBMITTED or basket.address_id is None:
        raise Refusal("CONTENT_CHANGED", number=task.number)
    stands = rules.bundle_hash(approval_hashes(basket))
    refusal = rules.content_refusal(seen, task.content_hash, stands, task.number)
    if refusal is not None:
        raise refusal


def _within_budget(tasks: Sequence[ApprovalTask], baskets: Mapping[UUID, RequisitionFacts]) -> None:
    mode = policy().mode
    if mode != "block":
        return
    keys = {task.id: budget_keys(baskets[task.subject_id], task.responsibility) for task in tasks}
    wanted = {key for mine in keys.values() for key in mine}
    balances = lock(buyer_id=tasks[0].buyer_id, keys=wanted)
    for task in tasks:
        refusal = rules.budget_refusal(mode, [balances[key] for key in keys[task.id]], task.number)
        if refusal is not None:
            raise Refusal(refusal.code, **shown(refusal.params))


def shown(params: Mapping[str, object]) -> dict[str, object]:
    """Params for a sentence: amounts (ints, øre) as kroner."""
    return {name: money(value) if isinstance(value, int) else value for name, value in params.items()}


def budget_keys(basket: RequisitionFacts, responsibility: str) -> list[str]:
    """The budget lines that a basket binds for one responsibility, in the year it was submitted."""
    if basket.submitted_year is None:
        return []
    mine = [line for line in basket.lines if line.coding.responsibility == responsibility]
    return list(costs(mine, basket.submitted_year))


def _decide(task: ApprovalTask, to: str, comment: str) -> None:
    _move(task, to)
    task.decided_by_id, task.decided_at, task.comment = viewer().person_id, work().at, comment.strip()
    task.save()


def _void(tasks: Sequence[ApprovalTask]) -> None:
    for task in tasks:
        _move(task, facts.VOID)
        task.save()


def _move(task: ApprovalTask, to: str) -> None:
    if (task.state, to) not in states.TRANSITIONS:
        raise Refusal("ALREADY_DECIDED", number=task.number)
    task.state = to
    task.version += 1


def _complete(
    task: ApprovalTask, changed: Sequence[ApprovalTask], before: str = "", *, basket: RequisitionFacts
) -> None:
    event = ApprovalCompleted(
        subject=task.subject,
        subject_id=task.subject_id,
        hashes=tuple(task.hashes),
        submitted=basket.submitted_at.isoformat() if basket.submitted_at else "",
    )
    _record(event, task, changed, before, task.comment)


def _subject(basket: RequisitionFacts) -> str:
    return f"requisition.Requisition:{basket.id.hex}"


def _record(
    event: object, task: ApprovalTask, changed: Sequence[ApprovalTask], before: str = "", reason: str = ""
) -> None:
    record(
        event,
        tenant=task.buyer_id,
        stream=task.stream,
        subject=task,
        changed=changed,
        before=before,
        reason=reason,
    )
