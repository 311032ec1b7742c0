"""What happens to invoices on the way in, and the answers that go back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class InvoiceReceived:
    """A valid invoice is in; it can be matched."""

    invoice_id: UUID


@dataclass(frozen=True)
class InvoiceSetAside:
    """An invoice that is invalid, a duplicate, or only to be read; nothing will be paid on it."""

    invoice_id: UUID
    state: str


@dataclass(frozen=True)
class InvoiceAnswered:
    """An Invoice Response (T111) was queued."""

    invoice_id: UUID
    code: str


@dataclass(frozen=True)
class CreditLinked:
    """A credit note was tied to the invoices that it reduces; `left`: those that it was tied to before."""

    credit_id: UUID
    originals: tuple[UUID, ...]
    left: tuple[UUID, ...] = ()
