"""Who may accept a deviation, approve a clean invoice, or reject one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol
from uuid import UUID

from avrop.tenancy.facts import APPROVER, AUDITOR, INVOICE_CLERK, MandateFacts, UnitFacts
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer
from avrop.web.format import money_kr


class Rule(Protocol):
    """May the viewer stand behind this amount (øre incl. VAT) on these units' orders?"""

    def __call__(
        self,
        viewer: Viewer,
        *,
        requesters: Collection[UUID],
        units: Iterable[UnitFacts],
        mandates: Iterable[MandateFacts],
        amount: int,
    ) -> Answer: ...


def may_see_deviations(viewer: Viewer) -> Answer:
    """The clerk's and the approver's list; the auditor reads it."""
    return Allowed() if viewer.has(INVOICE_CLERK, APPROVER, AUDITOR) else Denied("MATCH_CLERK_ONLY")


def may_accept(
    viewer: Viewer,
    *,
    requesters: Collection[UUID],
    units: Iterable[UnitFacts],
    mandates: Iterable[MandateFacts],
    amount: int,
) -> Answer:
    """The clerk or an approver, never the requester, with mandate for what is above the order."""
    if not viewer.has(INVOICE_CLERK, APPROVER):
        return Denied("MATCH_CLERK_ONLY")
    return _within(viewer, requesters, units, mandates, amount)


def may_approve(
    viewer: Viewer,
    *,
    requesters: Collection[UUID],
    units: Iterable[UnitFacts],
    mandates: Iterable[MandateFacts],
    amount: int,
) -> Answer:
    """An approver, never the requester, with mandate for the whole invoice (Decisions 2 and 7)."""
    if not viewer.has(APPROVER):
        return Denied("MATCH_APPROVER_ONLY")
    return _within(viewer, requesters, units, mandates, amount)


def may_pay_to(invoice_id: UUID, vouched: Collection[UUID]) -> Answer:
    """Not who has confirmed the account that the invoice is paid to (Decision 5). `vouched`: those invoices."""
    return Denied("MATCH_CONFIRMED_ACCOUNT") if invoice_id in vouched else Allowed()


def may_reject(viewer: Viewer) -> Answer:
    """The clerk or an approver."""
    return Allowed() if viewer.has(INVOICE_CLERK, APPROVER) else Denied("MATCH_CLERK_ONLY")


def may_hold(viewer: Viewer) -> Answer:
    """The clerk or an approver disputes, asks for a credit note, and says what a credit note is for."""
    return Allowed() if viewer.has(INVOICE_CLERK, APPROVER) else Denied("MATCH_CLERK_ONLY")


def _within(
    viewer: Viewer,
    requesters: Collection[UUID],
    units: Iterable[UnitFacts],
    mandates: Iterable[MandateFacts],
    amount: int,
) -> Answer:
    if viewer.person_id is None or viewer.person_id in requesters:
        return Denied("MATCH_OWN_PURCHASE")
    mine = [one for one in mandates if one.person_id == viewer.person_id]
    for unit in units:
        held = [one.max_amount for one in mine if one.unit_id in unit.ancestors]
        if amount > 0 and max(held, default=0) < amount:
            return Denied("MATCH_MANDATE", {"amount": money_kr(amount), "unit": unit.name})
    return Allowed()
