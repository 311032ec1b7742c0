"""Reads of approvals: the inbox with what is left of the budget, and what a subject's approvals cover."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from avrop.approval import facts, rules
from avrop.approval.facts import Approved, TaskFacts
from avrop.approval.models import ApprovalTask
from avrop.approval.operations import budget_keys
from avrop.coding.queries import policy
from avrop.commitments.facts import Balance
from avrop.commitments.queries import balances
from avrop.requisition import queries as requisitions
from avrop.requisition.facts import RequisitionFacts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import viewer

_TASK = (
    "id", "subject_id", "number", "stream", "title", "requester_id", "requester__name", "unit_id",
    "unit__name", "unit__path", "responsibility", "amount", "net", "content_hash", "hashes", "candidates",
    "escalated", "state", "opened_at", "decided_by_id", "decided_at", "comment",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """A task with what an approver needs to see. `left` is the least left of its budget lines, in øre.

    "Left" counts orders only until actuals are imported (Decision 9), this basket included.
    """

    task: TaskFacts
    basket: RequisitionFacts
    budget: tuple[Balance, ...]
    mode: str

    @property
    def left(self) -> int | None:
        """The least that is left on a budget line of the task, this basket included."""
        return min((b.left for b in self.budget), default=None)

    @property
    def budget_known(self) -> bool:
        """False where a budget line is missing."""
        return all(b.limit_known for b in self.budget)

    @property
    def lines(self) -> tuple[Any, ...]:
        """The lines of this responsibility."""
        return tuple(x for x in self.basket.lines if x.coding.responsibility == self.task.responsibility)


ORDER = ("opened_at", "number", "responsibility")


def tasks_for(person_id: UUID | None = None) -> Any:
    """The tasks that wait for the person (the viewer), as rows for a list."""
    me = person_id or viewer().person_id
    rows = ApprovalTask.objects.filter(state=facts.PENDING).exclude(requester_id=me)
    if me is None:
        return rows.none()
    # The list of ids is searched as text: alike in both databases, and an id is found nowhere but in itself.
    return rows.alias(asked=Cast("candidates", TextField())).filter(asked__contains=me.hex)


def inbox(person_id: UUID | None = None, most: int | None = None) -> list[Waiting]:
    """What waits for the person (the viewer), oldest first (the first `most`), in six statements."""
    return _waiting(_tasks(tasks_for(person_id).order_by(*ORDER)[:most]))


def waiting_in(ids: Sequence[UUID]) -> list[Waiting]:
    """These tasks, in this order, in six statements."""
    found = {task.id: task for task in _tasks(ApprovalTask.objects.filter(id__in=ids))} if ids else {}
    return _waiting([found[ident] for ident in ids if ident in found])


def count_waiting(person_id: UUID | None = None) -> int:
    """How many tasks wait for the person (the viewer), in one statement."""
    return int(tasks_for(person_id).count())


def waiting(task_id: UUID) -> Waiting:
    """One task with its basket and budget. Raises ApprovalTask.DoesNotExist."""
    found = _tasks(ApprovalTask.objects.filter(id=task_id))
    if not found:
        raise ApprovalTask.DoesNotExist(task_id)
    return _waiting(found)[0]


def tasks_of(subject_id: UUID) -> list[TaskFacts]:
    """Every approval asked of a subject, oldest first."""
    return _tasks(
        ApprovalTask.objects.filter(subject_id=subject_id).order_by("opened_at", "responsibility", "id")
    )


def approved(subject_id: UUID) -> Approved:
    """What the subject's valid approvals cover.

    Only what somebody other than the requester has decided counts.
    """
    given: dict[str, frozenset[str]] = {}
    for task in tasks_of(subject_id):
        if task.state == facts.APPROVED and task.decided_by not in (None, task.requester_id):
            held = given.get(task.responsibility, frozenset())
            given[task.responsibility] = held | _bound(task)
    return Approved(given)


def approvers_of(subject_id: UUID) -> frozenset[UUID]:
    """Who approved a subject, by approvals that stand."""
    rows = ApprovalTask.objects.filter(subject_id=subject_id, state=facts.APPROVED)
    return frozenset(p for p in rows.values_list("decided_by_id", flat=True) if p)


def names_of_asked(tasks: Iterable[TaskFacts]) -> dict[UUID, str]:
    """Names of everybody asked or having decided."""
    people = {p for t in tasks for p in (*t.candidates, t.decided_by)}
    return tenancy.person_names(people)


def _bound(task: TaskFacts) -> frozenset[str]:
    # The list of hashes counts only as far as it is what the approver's hash was made of.
    return frozenset(task.hashes) if rules.bundle_hash(task.hashes) == task.content_hash else frozenset()


def _tasks(rows: Any) -> list[TaskFacts]:
    return [_task(row) for row in rows.values_list(*_TASK)]


def _task(row: tuple[Any, ...]) -> TaskFacts:
    values = list(row)
    values[9] = tuple(UUID(part) for part in row[9].split("/") if part)
    values[14] = tuple(row[14])
    values[15] = tuple(UUID(one) for one in row[15])
    return TaskFacts(*values)


def _waiting(tasks: Sequence[TaskFacts]) -> list[Waiting]:
    baskets = requisitions.requisitions({task.subject_id for task in tasks})
    keys = {
        t.id: budget_keys(baskets[t.subject_id], t.responsibility) for t in tasks if t.subject_id in baskets
    }
    found = balances({key for mine in keys.values() for key in mine})
    mode = policy().mode if tasks else ""
    return [
        Waiting(task, baskets[task.subject_id], tuple(found[key] for key in keys[task.id]), mode)
        for task in tasks
        if task.subject_id in baskets
    ]
