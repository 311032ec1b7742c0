"""Postings and batches as others see them. Amounts in øre; debit positive, credit negative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

COST, VAT, ROUNDING, SUPPLIER, PREPAID = "cost", "vat", "rounding", "supplier", "prepaid"
INVOICE, CREDIT_NOTE, REVERSAL, CORRECTION = "invoice", "credit_note", "reversal", "correction"

LATE_AFTER = timedelta(hours=24)  # an accounting system that takes a night's run has answered by then


@dataclass(frozen=True, slots=True)
class Chart:
    """The few accounts and VAT codes that a posting needs besides the order lines' own coding."""

    supplier_debt: str
    deductible_vat: str
    compensated_art: str
    no_vat: str
    vat_codes: Mapping[tuple[str, str, int], str] = field(default_factory=dict)

    def vat_code(self, treatment: str, category: str, rate: int) -> str:
        """The VAT code for a treatment, UNCL5305 category and rate in basis points."""
        return self.vat_codes.get((treatment, category, rate), self.no_vat)


@dataclass(frozen=True, slots=True)
class PostingLineFacts:
    """A debit or credit line."""

    kind: str
    account: str
    amount: int
    responsibility: str = ""
    function: str = ""
    project: str = ""
    vat_code: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Another posting (or invoice) that a posting is about. `kind`: credits, reverses, corrects."""

    kind: str
    invoice: str
    invoice_id: UUID
    posting_id: UUID | None


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """One invoice, credit note, reversal or correction on its way to the books; `payable` as it is booked."""

    id: UUID
    invoice_id: UUID
    batch_id: UUID | None
    stream: str
    supplier_id: UUID
    supplier_name: str
    supplier_orgnr: str
    supplier_no: str
    invoice_number: str
    invoice_date: date
    due_date: date
    payable: int
    payment_reference: str
    bank_account: str
    original: str
    state: str
    voucher: str
    posted_at: datetime | None
    kind: str = INVOICE
    turn: int = 0
    rejection: str = ""
    lines: tuple[PostingLineFacts, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A posting's place in one batch: sent, posted (with its voucher) or rejected (with the reason)."""

    posting_id: UUID
    payable: int
    state: str
    voucher: str
    reason: str


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """One transfer with its postings. Amounts in øre, signed; `answered_*` is what was accepted."""

    id: UUID
    buyer_id: UUID
    number: str
    state: str
    count: int
    total: int
    answered_count: int | None
    answered_total: int | None
    sha256: str
    released_by: UUID | None
    released_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None
    sha256_csv: str = ""
    rejected_count: int = 0
    rejected_total: int = 0
    resent: int = 0
    late_at: datetime | None = None
    postings: tuple[PostingFacts, ...] = ()
    items: tuple[ItemFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What the accounting system says of a batch: how many and how much (øre) it accepted, each one's voucher,
    and what it rejected with its reason."""

    batch_id: UUID
    count: int
    total: int
    vouchers: Mapping[UUID, str]
    rejected: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many and how much (øre) in one state."""

    count: int
    total: int
