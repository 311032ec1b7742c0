"""A buyer's view of a supplier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

# How a bank account stands: known and good; or why it is not.
CONFIRMED, UNCONFIRMED, WITHDRAWN, EXPIRED, STOPPED = (
    "confirmed",
    "unconfirmed",
    "withdrawn",
    "expired",
    "stopped",
)
# Where the number that was called comes from. That of the invoice itself is never good enough (Decision 5).
NUMBER_SOURCES = ("register", "agreement", "known_contact", "website")
NEEDED = 2  # persons
DAYS = 2  # working days to find out


@dataclass(frozen=True, slots=True)
class Relation:
    """How the buyer deals with the supplier; `accounts` are the confirmed bank accounts."""

    supplier_id: UUID
    supplier_no: str
    channel: str
    process: str
    payment_days: int
    blocked: bool
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """A bank account and how it stands today."""

    id: UUID
    supplier_id: UUID
    account: str
    state: str
    confirmed_at: datetime | None
    valid_to: date | None
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class NamingInvoice:
    """An invoice that names the account. `streams` are those in which it was handled; `payable` øre."""

    invoice_id: UUID
    number: str
    payable: int
    currency: str
    received_at: datetime
    streams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallBack:
    """What one person did to confirm: whom they talked to, on which number from where, when, what was said."""

    talked_to: str
    number: str
    source: str
    called_at: datetime
    said: str


@dataclass(frozen=True, slots=True)
class Signature:
    """One person's confirmation."""

    person_id: UUID
    role: str
    call: CallBack
    at: datetime


@dataclass(frozen=True, slots=True)
class ConfirmationFacts:
    """A question: is this account the supplier's? `known` are the accounts that were good when it was asked."""

    id: UUID
    supplier_id: UUID
    supplier_name: str
    supplier_orgnr: str
    account: str
    state: str
    known: tuple[str, ...]
    opened_at: datetime
    due: date
    closed_at: datetime | None
    outcome: str
    invoices: tuple[NamingInvoice, ...] = field(default=())
    signatures: tuple[Signature, ...] = field(default=())


def accounts_stream(buyer_id: UUID, supplier_id: UUID) -> str:
    """The stream of everything about a supplier's bank accounts; whoever acts on them takes it first."""
    return f"accounts:{buyer_id.hex}:{supplier_id.hex}"
