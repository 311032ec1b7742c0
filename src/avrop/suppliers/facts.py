"""A buyer's view of a supplier."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Relation:
    """How the buyer deals with the supplier; `accounts` are the confirmed bank accounts."""

    supplier_id: UUID
    supplier_no: str
    channel: str
    process: str
    payment_days: int
    blocked: bool
    accounts: frozenset[str] = frozenset()
