"""Who may do what with a basket. The reason of a denial is shown."""

from __future__ import annotations

from avrop.requisition import states
from avrop.requisition.facts import RequisitionFacts
from avrop.tenancy.facts import (
    ACCOUNTANT,
    APPROVER,
    AUDITOR,
    BUYER_ADMIN,
    INVOICE_CLERK,
    REQUISITIONER,
    UnitFacts,
)
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_order_for(viewer: Viewer, unit: UnitFacts) -> Answer:
    """Requisitioners may, for their unit and all below it."""
    held = viewer.units(REQUISITIONER)
    if None in held or held & set(unit.ancestors):
        return Allowed()
    return Denied("NOT_REQUISITIONER", {"unit": unit.name})


def may_see(viewer: Viewer, basket: RequisitionFacts) -> Answer:
    """The requester, and those who read every requisition."""
    if viewer.person_id == basket.requester_id or reads_all(viewer):
        return Allowed()
    return Denied("NOT_YOUR_BASKET", {"number": basket.number})


def reads_all(viewer: Viewer) -> bool:
    """Those who approve, pay for or audit purchases read every requisition of the organisation."""
    return viewer.has(*_READERS)


def may_change(viewer: Viewer, basket: RequisitionFacts) -> Answer:
    """Only the requester, and only before it is submitted or after it came back."""
    if viewer.person_id != basket.requester_id:
        return Denied("NOT_YOUR_BASKET", {"number": basket.number})
    if basket.state not in (states.DRAFT, states.RETURNED):
        return Denied("BASKET_IS_CLOSED", {"number": basket.number})
    return Allowed()


def may_take_back(viewer: Viewer, basket: RequisitionFacts) -> Answer:
    """Only the requester, while nothing has been ordered."""
    if viewer.person_id != basket.requester_id:
        return Denied("NOT_YOUR_BASKET", {"number": basket.number})
    if basket.state not in (states.DRAFT, states.RETURNED, states.SUBMITTED):
        return Denied("BASKET_IS_CLOSED", {"number": basket.number})
    return Allowed()


_READERS = (APPROVER, INVOICE_CLERK, ACCOUNTANT, BUYER_ADMIN, AUDITOR)
