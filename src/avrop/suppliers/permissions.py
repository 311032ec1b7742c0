"""Who sees suppliers, and who may say that a bank account is theirs (Decision 5)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from avrop.tenancy.facts import ACCOUNTANT, AUDITOR, BUYER_ADMIN, INVOICE_CLERK, VENDOR_MASTER
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer

KEEPERS = (ACCOUNTANT, VENDOR_MASTER, BUYER_ADMIN)
READERS = (*KEEPERS, INVOICE_CLERK, AUDITOR)


def may_see(viewer: Viewer) -> Answer:
    """The keepers; the invoice clerk, whose invoices wait for it; and the auditor."""
    return Allowed() if viewer.has(*READERS) else Denied("SUPPLIERS_NOT_YOURS")


def may_keep(viewer: Viewer) -> Answer:
    """Register, withdraw, limit in time, reject: each of the three roles alone, for it only ever makes safer."""
    return Allowed() if viewer.has(*KEEPERS) else Denied("ACCOUNT_KEEPERS_ONLY")


def may_confirm(viewer: Viewer, *, handled: Collection[UUID], signed: Collection[UUID]) -> Answer:
    """One of the three roles, who has had no hand on the invoices and has not confirmed it already."""
    if not viewer.has(*KEEPERS) or viewer.person_id is None:
        return Denied("ACCOUNT_KEEPERS_ONLY")
    if viewer.person_id in signed:
        return Denied("ACCOUNT_SIGNED_BEFORE")
    if viewer.person_id in handled:
        return Denied("ACCOUNT_HANDLED_INVOICE")
    return Allowed()


def role_of(viewer: Viewer) -> str:
    """In which of the three roles somebody confirms: the first they hold."""
    return next(role for role in KEEPERS if viewer.has(role))
