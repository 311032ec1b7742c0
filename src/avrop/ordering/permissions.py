"""Who may do what with an order. The reason of a denial is shown."""

from __future__ import annotations

from uuid import UUID

from avrop.ordering.facts import OrderFacts
from avrop.tenancy.facts import (
    ACCOUNTANT,
    APPROVER,
    AUDITOR,
    BUYER_ADMIN,
    INVOICE_CLERK,
    RECEIVER,
    REQUISITIONER,
    VENDOR_MASTER,
    UnitFacts,
)
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer

_READERS = (
    REQUISITIONER,
    APPROVER,
    RECEIVER,
    INVOICE_CLERK,
    ACCOUNTANT,
    BUYER_ADMIN,
    VENDOR_MASTER,
    AUDITOR,
)


def may_see_orders(viewer: Viewer) -> Answer:
    """Everybody with a task in purchasing sees the organisation's orders."""
    return Allowed() if viewer.has(*_READERS) else Denied("NOT_A_BUYER")


def may_decide_change(viewer: Viewer, order: OrderFacts, unit: UnitFacts) -> Answer:
    """The requester, requisitioners of the unit, and approvers."""
    return may_change(viewer, order.requester_id, order.number, unit)


def may_change(viewer: Viewer, requester_id: UUID, number: str, unit: UnitFacts) -> Answer:
    """Who may ask for a change, cancel, or close the rest: the requester, the unit's requisitioners, approvers."""
    held = viewer.units(REQUISITIONER) | viewer.units(APPROVER)
    if viewer.person_id is not None and (
        viewer.person_id == requester_id or None in held or held & set(unit.ancestors)
    ):
        return Allowed()
    return Denied("NOT_YOUR_ORDER", {"number": number})
