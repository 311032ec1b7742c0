"""A tiny flow of its own for the journal's tests: notes are kept as cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from avrop.journal import registry
from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.kernel.ports import new_id


@dataclass(frozen=True)
class Happened:
    """Something, to be noted."""

    tenant: UUID
    text: str


@dataclass(frozen=True)
class Noted:
    """It was noted."""

    text: str


@operation
def happen(*, tenant: UUID, stream: str, text: str) -> None:
    """Record one event."""
    record(Happened(tenant, text), tenant=tenant, stream=stream)


@operation
def note(*, tenant: UUID, text: str) -> None:
    """The effect: one case per call."""
    case = Case.objects.create(
        id=new_id(),
        tenant_id=tenant,
        number="-",
        kind="note",
        subject="-",
        reason=text,
        owner_role="-",
        due=work().at.date(),
        opened_at=work().at,
    )
    record(Noted(text), tenant=tenant, stream=f"note:{text}", subject=case)


@contextmanager
def flow(**handlers) -> Iterator[None]:
    """Install a flow in which `Happened` has these handlers; put the real one back afterwards."""
    from avrop.project.flow import FLOW

    registry.install({Happened: {f"test.{name}": run for name, run in handlers.items()}})
    try:
        yield
    finally:
        registry.install(FLOW)
