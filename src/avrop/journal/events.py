"""What happens to the journal's own things."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class DeliveryParked:
    """A delivery failed too often; later ones of its stream wait."""

    delivery_id: int
    handler: str


@dataclass(frozen=True)
class DeliveryReplayed:
    """Somebody put a parked delivery back in the queue, or skipped it, with a reason."""

    delivery_id: int
    skipped: bool


@dataclass(frozen=True)
class CaseClosed:
    """Somebody dealt with a case."""

    case_id: UUID
