"""Who may look at the set-up of an organisation."""

from __future__ import annotations

from avrop.tenancy.facts import (
    ACCOUNTANT,
    AUDITOR,
    BUYER_ADMIN,
    CONTRACT_OWNER,
    COOP_ADMIN,
    PLATFORM_OPERATOR,
    SUPPLIER_USER,
    VENDOR_MASTER,
)
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer

SETUP_READERS = (
    BUYER_ADMIN,
    COOP_ADMIN,
    PLATFORM_OPERATOR,
    AUDITOR,
    VENDOR_MASTER,
    CONTRACT_OWNER,
    ACCOUNTANT,
    SUPPLIER_USER,
)


def may_see_setup(viewer: Viewer) -> Answer:
    """Administrators, auditors and those who answer for suppliers or agreements."""
    return Allowed() if viewer.has(*SETUP_READERS) else Denied("NO_SETUP_ROLE")
