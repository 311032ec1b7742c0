"""Who may receive an order's goods (Decision 2 of the domain: two persons per purchase, always)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from avrop.ordering.facts import OrderFacts
from avrop.ordering.permissions import may_see_orders
from avrop.tenancy.facts import RECEIVER, UnitFacts
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_receive(
    viewer: Viewer,
    order: OrderFacts,
    unit_of: Callable[[], UnitFacts],
    approvers: Collection[UUID],
    *,
    exception: str = "",
) -> Answer:
    """A receiver over the order's unit, or whoever asked for the goods.

    Whoever approved the purchase only with a reason for the `exception`, which is logged.
    """
    if viewer.person_id is None:
        return Denied("RECEIVER_IS_A_PERSON")
    if viewer.person_id in approvers:
        return Allowed() if exception.strip() else Denied("APPROVER_RECEIVES")
    return _is_theirs(viewer, order, unit_of)


def may_see_receipts(viewer: Viewer) -> Answer:
    """Everybody with a task in purchasing sees what has come."""
    return may_see_orders(viewer)


def may_send_back(viewer: Viewer, order: OrderFacts, unit_of: Callable[[], UnitFacts]) -> Answer:
    """A receiver over the order's unit, or whoever asked for the goods; also where they approved it.

    To send something back attests nothing that could be paid.
    """
    if viewer.person_id is None:
        return Denied("RECEIVER_IS_A_PERSON")
    return _is_theirs(viewer, order, unit_of)


def _is_theirs(viewer: Viewer, order: OrderFacts, unit_of: Callable[[], UnitFacts]) -> Answer:
    if viewer.person_id == order.requester_id:
        return Allowed()
    over, unit = viewer.units(RECEIVER), unit_of()
    if None in over or over & set(unit.ancestors):
        return Allowed()
    return Denied("NOT_RECEIVER", {"unit": unit.name})
