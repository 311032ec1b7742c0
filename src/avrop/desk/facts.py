"""A purchase on one time-line, and what a first page is made of. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Paper:
    """A document: what it is (requisition, order ...), its number, where to see it and to get it.

    `page` and `original` are (url name, id) or None where the viewer has no such page.
    """

    kind: str
    number: str
    page: tuple[str, UUID] | None = None
    original: tuple[str, UUID] | None = None


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check with its numbers as they were compared."""

    code: str
    line: str
    order: str
    expected: str
    found: str
    passed: bool
    kind: str
    stake: int


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """What a person had to decide. `amount` øre incl. VAT."""

    code: str
    line: str
    amount: int
    owner_role: str
    due: date
    state: str
    decided_by: str
    decided_at: datetime | None
    comment: str


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: the event's name, when, who (empty: the system), why, and what it is about."""

    at: datetime
    event: str
    who: str
    reason: str = ""
    papers: tuple[Paper, ...] = ()
    checks: tuple[CheckRow, ...] = ()
    deviations: tuple[DeviationRow, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NeedLine:
    """What was asked for. Scaled quantity; net in øre; `coding` as written."""

    name: str
    quantity: int
    unit_code: str
    net: int
    free_text: bool
    coding: str
    coding_source: str


@dataclass(frozen=True, slots=True)
class Thread:
    """One purchase (or one invoice without order) from need to payment."""

    stream: str
    number: str
    need: str
    requester: str
    unit: str
    state: str
    moments: tuple[Moment, ...]
    lines: tuple[NeedLine, ...] = ()
    net: int = 0
    gross: int | None = None
    suppliers: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    requester_id: UUID | None = None
