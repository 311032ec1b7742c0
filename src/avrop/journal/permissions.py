"""Who deals with cases and parked deliveries."""

from __future__ import annotations

from avrop.tenancy.facts import AUDITOR, BUYER_ADMIN, PLATFORM_OPERATOR
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_deal_with(who: Viewer, owner_role: str) -> Answer:
    """Those who hold the case's role; the local administrator can step in."""
    return Allowed() if who.has(owner_role, BUYER_ADMIN, PLATFORM_OPERATOR) else Denied("CASE_NOT_YOURS")


def may_replay(who: Viewer) -> Answer:
    """The platform's operator."""
    return Allowed() if who.has(PLATFORM_OPERATOR) else Denied("REPLAY_NOT_YOURS")


def sees_all_cases(who: Viewer) -> bool:
    """Auditors and administrators see every case of their organisation."""
    return who.has(AUDITOR, BUYER_ADMIN, PLATFORM_OPERATOR)
