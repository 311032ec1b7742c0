"""Who may look into the message log."""

from __future__ import annotations

from avrop.tenancy.facts import (
    ACCOUNTANT,
    AUDITOR,
    BUYER_ADMIN,
    COOP_ADMIN,
    INVOICE_CLERK,
    PLATFORM_OPERATOR,
    SUPPLIER_USER,
)
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer

READERS = (ACCOUNTANT, AUDITOR, BUYER_ADMIN, COOP_ADMIN, INVOICE_CLERK, PLATFORM_OPERATOR, SUPPLIER_USER)


def may_read_log(who: Viewer) -> Answer:
    """The organisation's own messages, for those who deal with them."""
    return Allowed() if who.has(*READERS) else Denied("LOG_NOT_YOURS")


def sees_everything(who: Viewer) -> bool:
    """The platform's operator sees the flow of every organisation's messages."""
    return who.kind == "platform" and who.has(PLATFORM_OPERATOR)
