"""Who may look at invoices and answer them."""

from __future__ import annotations

from avrop.invoicing.states import INVALID
from avrop.tenancy.facts import (
    ACCOUNTANT,
    APPROVER,
    AUDITOR,
    BUYER_ADMIN,
    INVOICE_CLERK,
    RECEIVER,
    REQUISITIONER,
    VENDOR_MASTER,
)
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer

READERS = (
    INVOICE_CLERK,
    APPROVER,
    ACCOUNTANT,
    AUDITOR,
    BUYER_ADMIN,
    VENDOR_MASTER,
    REQUISITIONER,
    RECEIVER,
)


def may_see(viewer: Viewer) -> Answer:
    """Everybody with a part in the purchase or the payment may read the buyer's invoices."""
    return Allowed() if viewer.has(*READERS) else Denied("INVOICE_READERS_ONLY")


def may_answer(viewer: Viewer, state: str) -> Answer:
    """The clerk answers what nobody will pay; a valid invoice is answered through its match."""
    if not viewer.has(INVOICE_CLERK):
        return Denied("INVOICE_CLERK_ONLY")
    return Allowed() if state == INVALID else Denied("INVOICE_ANSWERED_BY_MATCH")
