"""A sales order and its invoices as pages and rules see them. Plain data, nothing of the buyer's side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

# Line status codes of an order response (UNCL1229, as BIS Ordering 3 uses them).
UNCHANGED, CHANGE, REFUSE = "5", "3", "7"
# What became of an invoice (UNCL4343 as T111 uses it); "" until the buyer has said anything.
REJECTED_INVOICE, PAID_INVOICE, DISPUTED_INVOICE = "RE", "PD", "UQ"
# The buyer asks for a credit note (OPStatusAction as T111 uses it): in full, in part, of the amount.
CREDIT_ACTIONS = ("CNF", "CNP", "CNA")
INVOICE, CREDIT_NOTE = "invoice", "credit_note"
CHANGE_OF_ORDER, CANCELLATION = "change", "cancellation"


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
    cancelled: bool = False

    @property
    def agreed_quantity(self) -> int:
        """What the seller has said will come; nothing of a refused line or one the buyer took back."""
        if self.answer == REFUSE or self.cancelled:
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
    """An invoice or credit note and its fate. Amounts in øre, positive on both; `credited`: with VAT."""

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
    kind: str = INVOICE
    credited: int = 0
    stopped: bool = False


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
    changes_asked: int = 0  # changes and cancellations that wait for an answer


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line of an invoice or credit note before it has a number. Scaled quantity and price, net in øre.

    On a credit note: `billed` is the invoice line it credits; `amount_only` that no goods go back, so that the
    quantity is one lump sum; `deduction` what quantity x price is above the net, in øre (may be negative).
    """

    position: int
    line: SalesLine
    quantity: int
    price: int
    net: int
    deduction: int = 0
    amount_only: bool = False
    billed: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An invoice or credit note as it would be sent. `vat_by_rate`: (category, basis points) -> (base, VAT) in øre."""

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


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line of a sent invoice and what is credited of it. Scaled quantities and price, nets in øre."""

    id: UUID
    position: int
    line: SalesLine
    quantity: int
    price: int
    net: int
    credited_quantity: int = 0
    credited_net: int = 0

    @property
    def quantity_left(self) -> int:
        """What can still come back."""
        return self.quantity - self.credited_quantity

    @property
    def net_left(self) -> int:
        """What can still be credited, in øre without VAT."""
        return self.net - self.credited_net


@dataclass(frozen=True, slots=True)
class Credit:
    """What to credit of one invoice line: a quantity that comes back (scaled), or an amount (øre, net)."""

    quantity: int = 0
    amount: int = 0


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line as a buyer's change (T114) or cancellation (T115) wants it, and as it stands (None: new).

    `action` is UNCL1229 as T114 uses it: 1 added, 2 deleted, 3 changed, 4 no action, 74 opened again.
    `answer`: "" not yet, 5 as asked, 7 not. `stood_*`: what stood when it was answered.
    """

    id: UUID
    position: int
    line_id: str
    action: str
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
    stood_quantity: int | None
    stood_price: int | None
    standing: SalesLine | None = None


@dataclass(frozen=True, slots=True)
class SalesChangeFacts:
    """A buyer's change or cancellation of a sales order. `header`: what it wants outside the lines."""

    id: UUID
    order_id: UUID
    kind: str
    number: str
    sequence: int
    issue_date: date
    note: str
    header: Mapping[str, Any]
    state: str
    answer_note: str
    received_at: datetime
    answered_at: datetime | None
    message_id: UUID
    lines: tuple[AskedLine, ...] = ()

    @property
    def is_cancellation(self) -> bool:
        """The whole order is taken back."""
        return self.kind == CANCELLATION
