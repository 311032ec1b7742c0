"""An order as the later stations see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from avrop.coding.facts import Coding


@dataclass(frozen=True, slots=True)
class OrderLineFacts:
    """A line in its accepted version. Scaled quantity and price, VAT in basis points, net in øre."""

    id: UUID
    line_no: int
    kind: str
    seller_item_id: str
    name: str
    quantity: int
    unit_code: str
    price: int
    base_quantity: int
    vat_category: str
    vat_rate: int
    net: int
    frame: int | None
    coding: Coding
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order with its lines. Amounts in øre."""

    id: UUID
    buyer_id: UUID
    number: str
    stream: str
    supplier_id: UUID
    agreement_id: UUID | None
    agreement_ref: str
    unit_id: UUID
    requester_id: UUID
    currency: str
    net: int
    vat: int
    gross: int
    transport_state: str
    response_state: str
    issued_at: datetime
    lines: tuple[OrderLineFacts, ...]
    requisition_id: UUID | None = None
