"""Receipts as others see them. Quantities scaled by 10^6, amounts in øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ReceiptLineFacts:
    """How much of an order line came with one receipt."""

    order_line_id: UUID
    line_no: int
    name: str
    unit_code: str
    ordered: int
    quantity: int


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """One receipt: who, when, what."""

    id: UUID
    number: str
    order_id: UUID
    received_by_id: UUID
    received_by: str
    received_at: datetime
    note: str
    by_exception: bool
    exception_reason: str
    lines: tuple[ReceiptLineFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """What has come of an order line before: quantity scaled by 10^6, and its cost in øre."""

    quantity: int = 0
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """What a receipt says of one order line, and the cost in øre that goes from committed to accrued."""

    order_line_id: UUID
    line_no: int
    quantity: int
    cost: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A receipt ready to be written. `complete`: nothing of the order is open after it; `whole`: of these lines."""

    lines: tuple[Came, ...]
    complete: bool
    whole: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of an order with what has come and what is open."""

    order_line_id: UUID
    line_no: int
    name: str
    seller_item_id: str
    unit_code: str
    ordered: int
    received: int
    cancelled: bool

    @property
    def open(self) -> int:
        """What has not come; nothing of a cancelled line."""
        return 0 if self.cancelled else max(self.ordered - self.received, 0)
