"""An approval as others see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PENDING, APPROVED, RETURNED, VOID = "pending", "approved", "returned", "void"


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One approval that is needed or was given. Amounts in øre; `amount` includes VAT."""

    id: UUID
    subject_id: UUID
    number: str
    stream: str
    title: str
    requester_id: UUID
    requester_name: str
    unit_id: UUID
    unit_name: str
    unit_path: tuple[UUID, ...]
    responsibility: str
    amount: int
    net: int
    content_hash: str
    hashes: tuple[str, ...]
    candidates: tuple[UUID, ...]
    escalated: bool
    state: str
    opened_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """An approval to ask for: the responsibility's unit, and what it binds of that budget (øre)."""

    responsibility: str
    unit_id: UUID
    net: int


@dataclass(frozen=True, slots=True)
class Found:
    """Who is asked: nobody when `people` is empty. `escalated`: somebody nearer could not decide."""

    people: tuple[UUID, ...]
    unit_id: UUID
    escalated: bool
