"""What happens to approvals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ApprovalOpened:
    """Somebody with mandate must decide."""

    subject: str
    subject_id: UUID
    tasks: tuple[UUID, ...]


@dataclass(frozen=True)
class ApprovalGiven:
    """One of several needed approvals is in."""

    subject: str
    subject_id: UUID
    task_id: UUID


@dataclass(frozen=True)
class ApprovalCompleted:
    """The last needed approval is in, for exactly these contents as they were submitted then (ISO 8601)."""

    subject: str
    subject_id: UUID
    hashes: tuple[str, ...]
    submitted: str = ""


@dataclass(frozen=True)
class ApprovalReturned:
    """An approver sent the subject back with a reason."""

    subject: str
    subject_id: UUID
    comment: str


@dataclass(frozen=True)
class ApprovalVoided:
    """Open approvals fell because the subject was withdrawn or changed."""

    subject: str
    subject_id: UUID
