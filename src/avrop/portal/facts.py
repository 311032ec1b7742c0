"""A sales order and its invoices as pages and rules see them. Plain data, nothing of the buyer's side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

# Line status codes of an order response (UNCL1229, as BIS Ordering 3 uses them).
UNCHANGED, CHANGE, REFUSE = "5", "3", "7"
# What became of an invoice (UNCL4343 as T111 uses it); "" until the buyer has said anything.
REJECTED_INVOICE, PAID_INVOICE = "RE", "PD"


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """The seller's answer to one line. Quantity and price scaled by 10^6; None: as ordered."""

    quantity: int | None = None
    price: int | None = None
    note: str = ""
    reject: bool = False


@dataclass(frozen=True, slots=True)
class SalesLine:
    """An order line with the seller's answer. Scaled quantity and price, net in øre, VAT in basis points."""

    id: UUID
    position: int
    line_id: str
    seller_item_id: str
    name: str
    description: str
    note: str
    quantity: int
    unit_code: str
    price: int
    base_quantity: int
    net: int
    vat_category: str
    vat_rate: int
    free_text: bool
    answer: str
    answer_quantity: int | None
    answer_price: int | None
    answer_note: str
    invoiced: int

    @property
    def agreed_quantity(self) -> int:
        """What the seller has said will come; nothing of a refused line."""
        if self.answer == REFUSE:
            return 0
        return self.quantity if self.answer_quantity is None else self.answer_quantity

    @property
    def agreed_price(self) -> int:
        """The price the seller has confirmed."""
        return self.price if self.answer_price is None else self.answer_price

    @property
    def open(self) -> int:
        """What is not invoiced yet."""
        return max(self.agreed_quantity - self.invoiced, 0)

    @property
    def refused(self) -> bool:
        """The seller does not deliver this line."""
        return self.answer == REFUSE

    @property
    def changed(self) -> bool:
        """The seller proposes another quantity or price."""
        return self.answer == CHANGE


@dataclass(frozen=True, slots=True)
class SalesInvoiceFacts:
    """An invoice and its fate. Amounts in øre."""

    id: UUID
    order_id: UUID
    number: str
    issue_date: date
    due_date: date
    net: int
    vat: int
    gross: int
    response_code: str
    response_note: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SalesOrderFacts:
    """An order as the seller received it, with lines and invoices. Amounts in øre."""

    id: UUID
    seller_id: UUID
    number: str
    stream: str
    profile_id: str
    buyer_endpoint: str
    buyer_name: str
    buyer_orgnr: str
    buyer_reference: str
    buyer_address: Mapping[str, str]
    delivery: Mapping[str, str]
    marking: str
    contract: str
    note: str
    response_wanted: bool
    currency: str
    net: int
    vat: int
    gross: int
    issue_date: date
    state: str
    received_at: datetime
    answered_at: datetime | None
    answer_note: str
    message_id: UUID
    sha256: str
    lines: tuple[SalesLine, ...]
    invoices: tuple[SalesInvoiceFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of an invoice before it has a number. Scaled quantity and price, net in øre."""

    position: int
    line: SalesLine
    quantity: int
    price: int
    net: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice as it would be sent. `vat_by_rate`: (category, basis points) -> (base, VAT) in øre."""

    lines: tuple[DraftLine, ...]
    vat_by_rate: Mapping[tuple[str, int], tuple[int, int]] = field(default_factory=dict)

    @property
    def net(self) -> int:
        """Sum of the lines (BT-106)."""
        return sum(line.net for line in self.lines)

    @property
    def vat(self) -> int:
        """VAT total (BT-110)."""
        return sum(vat for _, vat in self.vat_by_rate.values())

    @property
    def gross(self) -> int:
        """Total with VAT (BT-112)."""
        return self.net + self.vat
