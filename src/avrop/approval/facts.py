"""An approval as others see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
class Approved:
    """What a subject's valid approvals cover: per responsibility the hashes of its prospective orders."""

    given: Mapping[str, frozenset[str]]

    def covers(self, responsibilities: Iterable[str], hashes: Iterable[str]) -> bool:
        """Whether every responsibility has approved every one of these contents; nothing covers nothing."""
        wanted, codes = frozenset(hashes), set(responsibilities)
        return bool(codes and wanted) and all(wanted <= self.given.get(code, frozenset()) for code in codes)


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
