"""Who may see and release batches."""

from __future__ import annotations

from avrop.tenancy.facts import ACCOUNTANT, AUDITOR, BUYER_ADMIN
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_see(viewer: Viewer) -> Answer:
    """The accountant's pages; the local administrator and the auditor read them."""
    return Allowed() if viewer.has(ACCOUNTANT, BUYER_ADMIN, AUDITOR) else Denied("ACCOUNTANT_ONLY")


def may_release(viewer: Viewer) -> Answer:
    """The accountant, who as such approves nothing (Decision 2 keeps the approver apart)."""
    return Allowed() if viewer.has(ACCOUNTANT) else Denied("ACCOUNTANT_ONLY")
