"""Postings and batches as others see them. Amounts in øre; debit positive, credit negative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

COST, VAT, ROUNDING, SUPPLIER, PREPAID = "cost", "vat", "rounding", "supplier", "prepaid"


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
class PostingFacts:
    """One invoice on its way to the books."""

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
    lines: tuple[PostingLineFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """One transfer with its postings."""

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
    postings: tuple[PostingFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What the accounting system says of a batch: how many, how much (øre), and each posting's voucher."""

    batch_id: UUID
    count: int
    total: int
    vouchers: Mapping[UUID, str]
