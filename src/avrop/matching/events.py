"""What comes of matching."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class InvoiceMatched:
    """Clean and received, waits for the approver's click (no førehandstilvising)."""

    invoice_id: UUID
    orders: tuple[UUID, ...]


@dataclass(frozen=True)
class InvoiceApproved:
    """The invoice may be posted: by førehandstilvising, by the approver, or with accepted deviations.

    `full`: those of the orders that are now invoiced in full. `taken`: order line id (hex) -> [quantity that
    this invoice takes of it (scaled by 10^6), øre it takes out of accrued, øre gone with it]; a credit note gives
    back, below zero, and what it credits of goods that went back is gone.
    """

    invoice_id: UUID
    orders: tuple[UUID, ...]
    full: tuple[UUID, ...] = ()
    taken: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class InvoiceAwaitsReceipt:
    """Clean, but the goods are not received yet."""

    invoice_id: UUID


@dataclass(frozen=True)
class InvoiceDeviates:
    """At least one deviation is open."""

    invoice_id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True)
class InvoiceWithoutOrder:
    """No order fits; a case for the invoice clerk."""

    invoice_id: UUID


@dataclass(frozen=True)
class InvoiceRejected:
    """The clerk rejected the invoice; an Invoice Response goes back."""

    invoice_id: UUID
    reason_code: str
    reason: str


@dataclass(frozen=True)
class DeviationsAccepted:
    """Somebody with mandate accepted deviations of an invoice; the match goes on from there."""

    match_id: UUID
    codes: tuple[str, ...]


@dataclass(frozen=True)
class CreditNoteWaits:
    """A credit note waits: for its original (`without_original`), or for that to be decided."""

    invoice_id: UUID
    without_original: bool = False


@dataclass(frozen=True)
class OriginalChosen:
    """A person said which invoices a credit note is for."""

    credit_id: UUID
    originals: tuple[UUID, ...]


@dataclass(frozen=True)
class CreditTreated:
    """A person said whether a credit note reduces the amount only, or the quantity too."""

    invoice_id: UUID
    treatment: str


@dataclass(frozen=True)
class CreditAsked:
    """We asked the seller for a credit note: `action` CNF, CNP or CNA, `amount` øre incl. VAT."""

    invoice_id: UUID
    reason_code: str
    action: str
    amount: int
    reason: str
    question: str


@dataclass(frozen=True)
class InvoiceDisputed:
    """We dispute the invoice; `code` is UQ (under query) or CA (conditionally accepted)."""

    invoice_id: UUID
    code: str
    reason_code: str
    reason: str
    question: str


@dataclass(frozen=True)
class InvoiceResumed:
    """The dispute, or the wait for a credit note, is over; the invoice is judged as it stands."""

    invoice_id: UUID


@dataclass(frozen=True)
class InvoiceCredited:
    """Invoice and credit notes cancel each other out; nothing is paid and nothing posted."""

    invoice_id: UUID
