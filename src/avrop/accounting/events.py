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
class BatchResent:
    """The accountant sent a batch again, byte for byte; a job hands it over. `times`: how often by now."""

    batch_id: UUID
    times: int


@dataclass(frozen=True)
class BatchLate:
    """No answer came in time; a case for the accountant."""

    batch_id: UUID


@dataclass(frozen=True)
class BatchPosted:
    """The accounting system answered, and it reconciles on count and sum: `invoices` are posted.

    `rejected`: invoices whose posting it would not take.
    """

    batch_id: UUID
    invoices: tuple[UUID, ...]
    rejected: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class BatchMismatched:
    """The answer does not reconcile; nothing was marked posted."""

    batch_id: UUID


@dataclass(frozen=True)
class AnswerContradicted:
    """A settled batch was answered again, otherwise than before; nothing was changed."""

    batch_id: UUID


@dataclass(frozen=True)
class AnswerRefused:
    """An answer that cannot be read, or about a batch that is not ours; its bytes are kept under `sha256`."""

    name: str
    sha256: str
    why: str


@dataclass(frozen=True)
class PostingMended:
    """A rejected posting is ready again."""

    invoice_id: UUID
    posting_id: UUID


@dataclass(frozen=True)
class PostingReversed:
    """A posted posting was reversed in full and booked anew; both wait for the next batch."""

    invoice_id: UUID
    posting_id: UUID
    reversal_id: UUID
    correction_id: UUID


@dataclass(frozen=True)
class AccountStopped:
    """Postings already at the accounting system name an account that was withdrawn or stopped."""

    supplier_id: UUID
    account: str
    postings: int
