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
class OrderProgressed:
    """Receipt or invoice moved an axis of the order."""

    order_id: UUID
