"""Who is looking, and the managers that show them only what is theirs.

Every owned model names its side (`buyer`, `seller`, `owner` ...). A query without a viewer raises: forgetting
the tenant is an error in the program, never an empty filter.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import models


class NoViewer(RuntimeError):
    """A scoped query was made with no viewer set."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person (or the system) acting for one organisation. `roles` holds (role, unit id or None)."""

    organisation_id: UUID | None
    person_id: UUID | None = None
    roles: frozenset[tuple[str, UUID | None]] = field(default_factory=frozenset)
    slug: str = ""
    kind: str = ""
    name: str = ""
    everything: bool = False

    def has(self, *roles: str) -> bool:
        """True when the viewer holds one of the roles anywhere in the organisation."""
        return any(role in roles for role, _ in self.roles)

    def units(self, role: str) -> frozenset[UUID | None]:
        """The units for which the role was given (None: the whole organisation)."""
        return frozenset(unit for held, unit in self.roles if held == role)


_viewer: ContextVar[Viewer | None] = ContextVar("avrop_viewer", default=None)


def viewer() -> Viewer:
    """The viewer in force. Raises NoViewer."""
    current = _viewer.get()
    if current is None:
        raise NoViewer("no viewer is set")
    return current


def viewer_or_none() -> Viewer | None:
    """The viewer in force, or None outside any request or delivery."""
    return _viewer.get()


@contextmanager
def viewing(who: Viewer) -> Iterator[Viewer]:
    """Look as `who` for the block."""
    token = _viewer.set(who)
    try:
        yield who
    finally:
        _viewer.reset(token)


def as_system(organisation_id: UUID) -> Any:
    """Look as the system inside one organisation (deliveries, jobs, commands)."""
    return viewing(Viewer(organisation_id=organisation_id, name="system"))


def everything(reason: str) -> Any:
    """Look across organisations. Only the platform itself does so; `reason` is for the reader of the code."""
    assert reason
    return viewing(Viewer(organisation_id=None, name="platform", everything=True))


def seeing_everything(who: Viewer, reason: str) -> Any:
    """Act as `who`, with sight of every organisation (the platform's operator)."""
    assert reason
    return viewing(replace(who, everything=True))


@dataclass(frozen=True, slots=True)
class By:
    """Tenancy decision: rows belong to the organisation in this field."""

    side: str


@dataclass(frozen=True, slots=True)
class Shared:
    """Tenancy decision: rows belong to nobody in particular, for the reason given."""

    why: str


class ScopedManager(models.Manager[Any]):
    """Shows the rows whose side is the viewer's organisation; raises NoViewer without a viewer."""

    use_in_migrations = False

    def __init__(self, side: str = "buyer") -> None:
        super().__init__()
        self.side = side

    def deconstruct(self) -> Any:  # never part of a migration
        return (False, "django.db.models.Manager", None, (), {})

    def visible(self, who: Viewer) -> models.Q:
        """What `who` may see; models with grants widen this."""
        return models.Q(**{f"{self.side}_id": who.organisation_id})

    def get_queryset(self) -> models.QuerySet[Any]:
        who = viewer()
        rows = super().get_queryset()
        return rows if who.everything else rows.filter(self.visible(who))
