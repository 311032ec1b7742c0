"""Steps that the tests of requisition, approval and ordering share."""

from __future__ import annotations

from uuid import UUID

from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.journal.worker import run_until_idle
from avrop.requisition import operations
from avrop.requisition.facts import NewLine
from avrop.tenancy.scope import viewing
from tests.world import MICRO, World


def item_line(world: World, key: str, quantity: int = 1, **more: object) -> NewLine:
    """`quantity` whole units of an item."""
    return NewLine(item_id=world.items[key].id, quantity=quantity * MICRO, **more)


def free_line(world: World, name: str = "Spesialtilpassa skriveplate", kroner: int = 900) -> NewLine:
    """A free-text line to the office supplier."""
    return NewLine(
        name=name, frame=kroner * 100, reason="Finst ikkje i katalogen", supplier_id=world.kontor.id
    )


def filled(
    world: World, *lines: NewLine, login: str = "berit", unit: str = "school", slug: str = "bremnes"
) -> UUID:
    """A basket; without lines it holds ten reams of paper."""
    with viewing(world.viewer(login, slug)):
        return operations.create(
            unit_id=world.units[unit].id,
            lines=list(lines) or [item_line(world, "papir", 10)],
            address_id=world.addresses[unit].id,
            need="Til hausten",
            marking="Rom 114",
        )


def submitted(
    world: World, *lines: NewLine, login: str = "berit", unit: str = "school", slug: str = "bremnes"
) -> UUID:
    """A submitted basket whose approvals have been opened."""
    ident = filled(world, *lines, login=login, unit=unit, slug=slug)
    with viewing(world.viewer(login, slug)):
        operations.submit(requisition_id=ident)
    run_until_idle()
    return ident


def approve_all(world: World, login: str = "rektor", slug: str = "bremnes") -> int:
    """Approve everything that waits for a person; returns how much that was."""
    with viewing(world.viewer(login, slug)):
        waiting = approvals.inbox()
        if waiting:
            approval.approve(
                task_ids=[w.task.id for w in waiting], seen={w.task.id: w.task.content_hash for w in waiting}
            )
    run_until_idle()
    return len(waiting)
