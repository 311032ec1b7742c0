"""An invoice as matching and accounting see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

INVOICE, CREDIT_NOTE = "invoice", "credit_note"


@dataclass(frozen=True, slots=True)
class InvoiceLineFacts:
    """A line. Scaled quantity and price; net in øre; VAT in basis points."""

    id: UUID
    position: int
    line_id: str
    order_reference: str
    order_line_reference: str
    seller_item_id: str
    name: str
    quantity: int
    unit_code: str
    price: int
    base_quantity: int
    net: int
    allowances: int
    charges: int
    vat_category: str
    vat_rate: int


@dataclass(frozen=True, slots=True)
class DocumentCharge:
    """A charge (or allowance) on the whole document. Amount in øre; `code` is UNCL7161 or UNCL5189."""

    charge: bool
    code: str
    reason: str
    amount: int
    vat_category: str
    vat_rate: int


@dataclass(frozen=True, slots=True)
class VatPart:
    """One row of the VAT breakdown (BG-23), in øre."""

    category: str
    rate: int
    base: int
    vat: int


@dataclass(frozen=True, slots=True)
class Reference:
    """The invoice that a document says it corrects (BT-25, BT-26)."""

    number: str
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """As much of an invoice as telling twins apart takes. `payable` øre; `key` see rules.number_key."""

    id: UUID
    kind: str
    number: str
    key: str
    issue_date: date
    payable: int
    response_code: str = ""
    credited: int = 0


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """An invoice or credit note with its lines. Amounts in øre, as in the document.

    `credits` are the invoices that a credit note reduces, `credited_by` the credit notes of an invoice.
    """

    id: UUID
    buyer_id: UUID
    stream: str
    kind: str
    number: str
    issue_date: date
    due_date: date | None
    currency: str
    order_reference: str
    buyer_reference: str
    supplier_id: UUID | None
    seller_name: str
    seller_orgnr: str
    payment_reference: str
    bank_account: str
    line_total: int
    net: int
    vat: int
    gross: int
    rounding: int
    payable: int
    charges: tuple[DocumentCharge, ...]
    vat_parts: tuple[VatPart, ...]
    state: str
    sha256: str
    lines: tuple[InvoiceLineFacts, ...]
    allowances: int = 0
    charges_total: int = 0
    prepaid: int = 0
    received_at: datetime | None = None
    response_code: str = ""
    message_id: UUID | None = None
    preceding: tuple[Reference, ...] = ()
    credits: tuple[UUID, ...] = ()
    credited_by: tuple[UUID, ...] = ()
    looks_like: UUID | None = None
    buyer_orgnr: str = ""

    @property
    def sign(self) -> int:
        """1 for an invoice, -1 for a credit note, whose amounts are written without a minus (BT-3 381)."""
        return -1 if self.kind == CREDIT_NOTE else 1
