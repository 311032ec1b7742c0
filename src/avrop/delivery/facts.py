"""Receipts as others see them. Quantities scaled by 10^6, amounts in øre."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

RECEIPT, RETURN, CORRECTION = "receipt", "return", "correction"
REPLACEMENT, CREDIT = "replacement", "credit"
REASONS = ("damaged", "wrong_item", "poor_quality", "expired", "too_much", "too_late", "mistake", "other")


@dataclass(frozen=True, slots=True)
class ReceiptLineFacts:
    """How much of an order line came with one receipt; below zero where it went back."""

    order_line_id: UUID
    line_no: int
    name: str
    unit_code: str
    ordered: int
    quantity: int
    refused: int = 0
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """One receipt, return or correction: who, when, what."""

    id: UUID
    number: str
    order_id: UUID
    received_by_id: UUID
    received_by: str
    received_at: datetime
    note: str
    by_exception: bool
    exception_reason: str
    kind: str = RECEIPT
    against_id: UUID | None = None
    reason_code: str = ""
    expected: str = ""
    lines: tuple[ReceiptLineFacts, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether something was turned away at the door."""
        return any(line.refused for line in self.lines)


@dataclass(frozen=True, slots=True)
class Before:
    """What is here of an order line (scaled by 10^6), the øre it moved to accrued, and what was returned for credit.

    `moved` is all that ever came and went, added up.
    """

    quantity: int = 0
    cost: int = 0
    credited: int = 0
    moved: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """What was turned away at the door of a line, and why (one of REASONS)."""

    quantity: int
    reason_code: str


@dataclass(frozen=True, slots=True)
class Came:
    """What a receipt says of one order line, and the cost in øre that goes from committed to accrued.

    Of what went back both are below zero. `freed` is the øre that leave the budget altogether: what is
    returned for credit is not owed any more.
    """

    order_line_id: UUID
    line_no: int
    quantity: int
    cost: int
    credited: int = 0
    freed: int = 0
    refused: int = 0
    reason_code: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A receipt ready to be written. `complete`: nothing of the order is open after it; `whole`: of these lines."""

    lines: tuple[Came, ...]
    complete: bool
    whole: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of an order with what is here and what is open."""

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
