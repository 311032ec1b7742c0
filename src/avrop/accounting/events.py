"""What happens on the way to the books."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class PostingProposed:
    """A balanced posting of an approved invoice is ready for the accountant."""

    invoice_id: UUID
    posting_id: UUID


@dataclass(frozen=True)
class BatchReleased:
    """The accountant released a batch; a job transfers it."""

    batch_id: UUID


@dataclass(frozen=True)
class BatchSent:
    """The accounting system has the file."""

    batch_id: UUID


@dataclass(frozen=True)
class BatchPosted:
    """The accounting system answered with voucher numbers that reconcile on count and sum."""

    batch_id: UUID
    invoices: tuple[UUID, ...]


@dataclass(frozen=True)
class BatchMismatched:
    """The answer does not reconcile; nothing was marked posted."""

    batch_id: UUID
