"""What people do with cases and parked deliveries."""

from __future__ import annotations

from uuid import UUID

from avrop.journal.events import CaseClosed, DeliveryReplayed
from avrop.journal.models import Case, Delivery
from avrop.journal.operation import operation, work
from avrop.journal.permissions import may_deal_with, may_replay
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.tenancy.scope import viewer


@operation
def close_case(*, case_id: UUID, outcome: str) -> None:
    """Close a case with a word on what came of it. Raises Refusal: CASE_CLOSED, CASE_NOT_YOURS, REASON_NEEDED."""
    who = viewer()
    case = Case.objects.select_for_update().get(id=case_id)
    if not may_deal_with(who, case.owner_role):
        raise Refusal("CASE_NOT_YOURS", role=case.owner_role)
    if case.state != "open":
        raise Refusal("CASE_CLOSED", number=case.number)
    if not outcome.strip():
        raise Refusal("REASON_NEEDED")
    case.state, case.outcome = "closed", outcome.strip()
    case.closed_at, case.closed_by = work().at, who.person_id
    case.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    record(
        CaseClosed(case.id), tenant=case.tenant_id, stream=f"case:{case.id.hex}", subject=case, reason=outcome
    )


@operation
def replay(*, delivery_id: int, skip: bool, reason: str) -> None:
    """Put a parked delivery back in the queue, or skip it, with a reason. Later ones of its stream go on then.

    Raises Refusal: REPLAY_NOT_YOURS, NOT_PARKED, REASON_NEEDED.
    """
    if not may_replay(viewer()):
        raise Refusal("REPLAY_NOT_YOURS")
    if not reason.strip():
        raise Refusal("REASON_NEEDED")
    delivery = Delivery.objects.select_for_update().filter(id=delivery_id, state=Delivery.PARKED).first()
    if delivery is None:
        raise Refusal("NOT_PARKED")
    delivery.state = Delivery.SKIPPED if skip else Delivery.QUEUED
    delivery.attempts, delivery.run_after = 0, work().at
    delivery.save(update_fields=["state", "attempts", "run_after"])
    closed = []
    for case in Case._base_manager.filter(subject=f"journal.Delivery:{delivery.id}", state="open"):
        case.state, case.outcome = "closed", reason.strip()
        case.closed_at, case.closed_by = work().at, viewer().person_id
        case.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
        closed.append(case)
    record(
        DeliveryReplayed(delivery_id=delivery.id, skipped=skip),
        tenant=delivery.tenant_id,
        stream=f"delivery:{delivery.id}",
        changed=closed,
        reason=reason,
    )
