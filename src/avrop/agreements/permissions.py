"""Who may read agreements."""

from __future__ import annotations

from avrop.tenancy.facts import (
    APPROVER,
    AUDITOR,
    BUYER_ADMIN,
    CONTRACT_OWNER,
    COOP_ADMIN,
    INVOICE_CLERK,
    REQUISITIONER,
)
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_read(who: Viewer) -> Answer:
    """Those who look after agreements, and those who order, approve or check invoices under them."""
    roles = (CONTRACT_OWNER, COOP_ADMIN, BUYER_ADMIN, AUDITOR, REQUISITIONER, APPROVER, INVOICE_CLERK)
    if who.kind in ("buyer", "cooperation") and who.has(*roles):
        return Allowed()
    return Denied("AGREEMENT_NOT_YOURS")
