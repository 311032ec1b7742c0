"""Reads of the journal: entries of a stream, open cases, parked deliveries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from avrop.journal.models import Case, Delivery, Entry
from avrop.tenancy.scope import Viewer


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What happened: event name, who, when, why."""

    seq: int
    at: datetime
    actor: UUID | None
    event: str
    stream: str
    subject: str
    payload: dict[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """An open case."""

    id: UUID
    number: str
    kind: str
    subject: str
    reason: str
    params: dict[str, Any]
    owner_role: str
    due: date
    opened_at: datetime


def entries(streams: Iterable[str]) -> list[EntryFacts]:
    """The viewer's entries of some streams, oldest first."""
    rows = Entry.objects.filter(stream__in=list(streams)).order_by("at", "id")
    fields = ("seq", "at", "actor", "event", "stream", "subject", "payload", "reason")
    return [EntryFacts(*row) for row in rows.values_list(*fields)]


def open_cases(who: Viewer, everybody: bool = False, most: int | None = None) -> list[CaseFacts]:
    """Open cases of the viewer's roles (or all of the organisation), the `most` urgent first. One statement."""
    rows = Case.objects.filter(state="open").order_by("due", "opened_at")
    if not everybody:
        rows = rows.filter(owner_role__in=[role for role, _ in who.roles])
    fields = ("id", "number", "kind", "subject", "reason", "params", "owner_role", "due", "opened_at")
    return [CaseFacts(*row) for row in rows.values_list(*fields)[:most]]


def cases_of(who: Viewer, everybody: bool = False) -> Any:
    """The same as rows for a list."""
    rows = Case.objects.filter(state="open")
    return rows if everybody else rows.filter(owner_role__in=[role for role, _ in who.roles])


def parked() -> Any:
    """Parked deliveries of the whole installation as rows for a list (for the platform's operator).

    In the order of their index, since SQLite would walk the whole table for any other.
    """
    return _unfinished().filter(state=Delivery.PARKED).order_by("handler", "stream", "seq")


def parked_handlers() -> list[str]:
    """The handlers that have parked deliveries, by name."""
    names = _unfinished().filter(state=Delivery.PARKED).order_by("handler").values_list("handler", flat=True)
    return list(names.distinct())


def untold(handler: str, stream: str) -> list[dict[str, Any]]:
    """What a handler has not been told of a stream yet: the events' payloads, oldest first.

    For an operation that must not decide on yesterday's news. Called with the stream locked.
    """
    rows = Delivery.objects.filter(
        handler=handler, stream=stream, state__in=(Delivery.QUEUED, Delivery.RUNNING, Delivery.PARKED)
    )
    return list(rows.order_by("seq").values_list("payload", flat=True))


def waiting() -> dict[str, int]:
    """How many deliveries are in each unfinished state."""
    return dict(_unfinished().values_list("state").annotate(Count("id")))


def _unfinished() -> Any:
    """Deliveries that are not done, in the very words of the index `delivery_order`.

    SQLite takes a partial index only where it recognises its condition, and that it does not with parameters.
    """
    return Delivery.objects.extra(where=["state IN ('queued', 'running', 'parked')"])
