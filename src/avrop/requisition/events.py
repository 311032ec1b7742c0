"""What happens to a basket."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class RequisitionChanged:
    """Lines, coding or delivery of a basket changed before it was submitted."""

    requisition_id: UUID


@dataclass(frozen=True)
class RequisitionSubmitted:
    """A coded basket asks for approval; its cost is reserved. `hashes` are of the prospective orders."""

    requisition_id: UUID
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class RequisitionApproved:
    """Everybody who must has approved exactly these contents."""

    requisition_id: UUID
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class RequisitionReturned:
    """An approver sent the basket back; the reservation is released."""

    requisition_id: UUID


@dataclass(frozen=True)
class RequisitionWithdrawn:
    """The requester took the basket back, to change it or for good; open approvals fall."""

    requisition_id: UUID
