"""What happens to suppliers' bank accounts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ConfirmationOpened:
    """Somebody must find out whether the account is the supplier's; or one more invoice names it."""

    confirmation_id: UUID
    supplier_id: UUID
    account: str


@dataclass(frozen=True)
class AccountSigned:
    """One of the two persons has called back and confirmed."""

    confirmation_id: UUID
    supplier_id: UUID
    account: str


@dataclass(frozen=True)
class AccountConfirmed:
    """Two persons have confirmed: the account is known from now on."""

    supplier_id: UUID
    account: str


@dataclass(frozen=True)
class AccountRejected:
    """Suspicion of fraud: the account is stopped, and the invoices' owner has a case."""

    supplier_id: UUID
    account: str


@dataclass(frozen=True)
class AccountWithdrawn:
    """A known account is not to be paid to any more."""

    supplier_id: UUID
    account: str


@dataclass(frozen=True)
class AccountExpirySet:
    """A known account got a last day, or lost it."""

    supplier_id: UUID
    account: str


@dataclass(frozen=True)
class StoppedAccountNamed:
    """An invoice names an account that was stopped; a case for the keeper of the supplier master."""

    supplier_id: UUID
    account: str
    invoice_id: UUID
