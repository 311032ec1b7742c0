"""Who may see and change coding."""

from __future__ import annotations

from avrop.tenancy.facts import ACCOUNTANT, APPROVER, AUDITOR, BUYER_ADMIN, INVOICE_CLERK, REQUISITIONER
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_change(who: Viewer) -> Answer:
    """The accountant, the local administrator, and the system."""
    if who.person_id is None or who.has(ACCOUNTANT, BUYER_ADMIN):
        return Allowed()
    return Denied("CODING_NOT_YOURS")


def may_see_budget(who: Viewer) -> Answer:
    """Everybody who orders, approves, codes or audits at the buyer."""
    roles = (ACCOUNTANT, BUYER_ADMIN, APPROVER, AUDITOR, INVOICE_CLERK, REQUISITIONER)
    if who.kind == "buyer" and who.has(*roles):
        return Allowed()
    return Denied("CODING_NOT_YOURS")
