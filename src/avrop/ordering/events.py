"""What happens to an order."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class OrdersPlaced:
    """The orders of a basket exist and their messages are queued."""

    requisition_id: UUID
    orders: tuple[UUID, ...]


@dataclass(frozen=True)
class OrderAnswered:
    """The supplier accepted or rejected the order, or proposed a change."""

    order_id: UUID
    response_id: UUID
    code: str


@dataclass(frozen=True)
class OrderChangeDecided:
    """The buyer accepted or declined the supplier's proposal."""

    order_id: UUID
    response_id: UUID
    accepted: bool


@dataclass(frozen=True)
class OrderChanged:
    """The standing lines are others than before, or the order has ended."""

    order_id: UUID


@dataclass(frozen=True)
class ChangeProposed:
    """Somebody wants the order changed or cancelled; an approval is needed first."""

    order_id: UUID
    change_id: UUID


@dataclass(frozen=True)
class ChangeWithdrawn:
    """A change that waited for approval was taken back, or turned down with a reason."""

    order_id: UUID
    change_id: UUID


@dataclass(frozen=True)
class ChangeSent:
    """A change, a cancellation or a closed rest is on its way to the supplier."""

    order_id: UUID
    change_id: UUID
    kind: str


@dataclass(frozen=True)
class ChangeAnswered:
    """The supplier's answer to a change of ours, by message or otherwise. Where it stands, the lines follow."""

    order_id: UUID
    change_id: UUID
    kind: str
    accepted: bool


@dataclass(frozen=True)
class OrderProgressed:
    """Receipt or invoice moved an axis of the order."""

    order_id: UUID


@dataclass(frozen=True)
class OrderTakenOver:
    """An open order of another system is here as sent."""

    order_id: UUID


@dataclass(frozen=True)
class OrderLinesCoded:
    """Lines that were taken over without coding have got it."""

    order_id: UUID
    lines: tuple[int, ...]
