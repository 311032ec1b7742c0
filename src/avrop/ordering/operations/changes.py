"""The buyer changes, cancels or closes an order (Decisions 6 to 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model

from avrop.approval import permissions as approval
from avrop.commitments.within import LimitPassed
from avrop.journal.operation import operation, work
from avrop.journal.within import open_case
from avrop.kernel.finding import Refusal
from avrop.ordering import changing, permissions, rules
from avrop.ordering.events import (
    ChangeAnswered,
    ChangeProposed,
    ChangeSent,
    ChangeWithdrawn,
)
from avrop.ordering.facts import ChangedLine, Details, OrderFacts, OrderLineFacts
from avrop.ordering.models import Order, OrderChange
from avrop.ordering.operations import sending, telling
from avrop.ordering.queries import details_from
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import BUYER_ADMIN
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.web.format import money


@operation
def propose_change(
    *,
    order_id: UUID,
    lines: Sequence[ChangedLine] = (),
    details: Details | None = None,
    reason: str = "",
    agreed_with: str = "",
    agreed_on: date | None = None,
    seen: int | None = None,
) -> UUID:
    """Ask for another quantity, for lines to be taken out, or another delivery; returns the change's id.

    A quantity decrease ordered by the requester goes at once; anything else waits for an approval. To a
    supplier that takes changes it is sent; with others it has been agreed (with whom, when) and stands at
    once. `seen`: the order's version that the person looked at. Raises Refusal: ORDER_UNKNOWN, ORDER_ENDED,
    ORDER_NOT_SENT, CHANGE_WAITS, CHANGE_PROPOSAL_WAITS, AGREED_MISSING, ORDER_CHANGED_MEANWHILE,
    CHANGE_OF_ADDRESS, NOT_YOUR_ORDER and those of `changing.check`.
    """
    held = _open(order_id, seen)
    row, before = held.row, held.facts()
    new_details = _placed(row, details or Details())
    lines = changing.as_of(before.lines, lines)
    refusal = changing.check(before.lines, lines, new_details)
    if refusal is not None:
        raise refusal
    after = changing.after(before.lines, lines)
    change = sending.new_change(
        row, changing.CHANGE, "awaiting", lines, after,
        details=new_details, reason=reason, by=viewer().person_id,
    )  # fmt: skip
    _agreed(row, change, agreed_with, agreed_on)
    free = viewer().person_id == row.requester_id and changing.only_less(before.lines, after, new_details)
    return _begin(held, change, before, free=free)


@operation
def cancel_order(
    *,
    order_id: UUID,
    reason: str,
    agreed_with: str = "",
    agreed_on: date | None = None,
    seen: int | None = None,
) -> UUID:
    """Take the whole order back, while nothing of it has come; returns the change's id.

    As `propose_change`; an order that could not be sent is cancelled at once. Raises Refusal: CHANGE_REASON_MISSING,
    CANCEL_AFTER_RECEIPT and those of `propose_change`.
    """
    if not reason.strip():
        raise Refusal("CHANGE_REASON_MISSING")
    held = _open(order_id, seen, unsent=True)
    row, before = held.row, held.facts()
    if any(line.kept for line in before.lines):
        raise Refusal("CANCEL_AFTER_RECEIPT", number=row.number)
    lines = [ChangedLine(line.line_no, None) for line in before.lines if not line.cancelled]
    after = changing.after(before.lines, lines)
    change = sending.new_change(
        row, changing.CANCELLATION, "awaiting", lines, after, reason=reason, by=viewer().person_id
    )
    if row.transport_state != "failed":
        _agreed(row, change, agreed_with, agreed_on)
    free = viewer().person_id == row.requester_id
    return _begin(held, change, before, free=free)


@operation
def close_rest(*, order_id: UUID, reason: str, seen: int | None = None) -> UUID:
    """What has not come is not waited for any more; returns the change's id.

    The rest of the commitment is freed at once and the order is closed; the supplier is told where messages
    are taken (T114 with what came, T115 where nothing came). Raises Refusal: CHANGE_REASON_MISSING, NOTHING_TO_CLOSE,
    ORDER_UNKNOWN, ORDER_ENDED, ORDER_NOT_SENT, CHANGE_WAITS, NOT_YOUR_ORDER.
    """
    if not reason.strip():
        raise Refusal("CHANGE_REASON_MISSING")
    held = _open(order_id, seen)
    row, before = held.row, held.facts()
    lines = changing.rest(before.lines)
    if not lines:
        raise Refusal("NOTHING_TO_CLOSE", number=row.number)
    after = changing.after(before.lines, lines)
    change = sending.new_change(
        row, changing.REST, "accepted", lines, after, reason=reason, by=viewer().person_id
    )
    if row.process == changing.ADVANCED:
        sending.send(row, change, before.lines, after)
    changed = sending.stand(row, change, held.lines)
    sending.end(row, "closed")
    change.content_hash = changing.hash_of(before, change.kind, lines, Details(), change.gross_after)
    _save(row, change, new=True)
    event = ChangeAnswered(order_id=row.id, change_id=change.id, kind=change.kind, accepted=True)
    held.record(event, [change, *changed], change.reason)
    return change.id


@operation
def approve_change(*, change_id: UUID, seen: str) -> None:
    """Approve a change of an order, as somebody with mandate who neither asked for the goods nor for the change.

    `seen` is the content hash that was shown. Raises Refusal: CHANGE_DECIDED, CONTENT_CHANGED,
    CHANGE_NOT_YOURS_TO_APPROVE, CHANGE_OVER_BUDGET and those of `propose_change`.
    """
    held, change = _waiting(change_id)
    row, before = held.row, held.facts()
    after = changing.after(before.lines, sending.wanted(change))
    total = rules.order_totals(after).gross
    if row.ended or row.response_state in ("proposed", "rejected"):
        raise Refusal(
            "CHANGE_PROPOSAL_WAITS" if row.response_state == "proposed" else "ORDER_ENDED", number=row.number
        )
    if seen != change.content_hash or total != change.gross_after:
        raise Refusal("CHANGE_OUTDATED", number=change.number)
    if not _may_approve(before, change, after, total):
        raise Refusal("CHANGE_NOT_YOURS_TO_APPROVE", total=money(total))
    change.approved_by, change.approved_at = viewer().person_id, work().at
    try:
        bound = sending.bind(row, change, held.lines)
    except LimitPassed as passed:
        numbers = {name: money(int(str(passed.params[name]))) for name in ("left", "amount")}
        raise Refusal("CHANGE_OVER_BUDGET", number=row.number, **numbers) from passed
    _effect(held, change, bound)


@operation
def withdraw_change(*, change_id: UUID, reason: str = "") -> None:
    """Take back a change that waits for approval; an approver turns it down with a reason.

    Raises Refusal: CHANGE_DECIDED, NOT_YOUR_ORDER, CHANGE_REASON_MISSING.
    """
    held, change = _waiting(change_id)
    row = held.row
    me = viewer().person_id
    mine = me in (change.proposed_by, row.requester_id)
    asked = me is not None and me.hex in change.candidates
    if not mine and not asked:
        raise Refusal("NOT_YOUR_ORDER", number=row.number)
    if not mine and not reason.strip():
        raise Refusal("CHANGE_REASON_MISSING")
    sending.to_state(change, "withdrawn")
    change.answer = reason.strip()
    _save(row, change)
    held.record(ChangeWithdrawn(order_id=row.id, change_id=change.id), [change], reason.strip())


@operation
def record_answer(
    *, change_id: UUID, accepted: bool, agreed_with: str, agreed_on: date, note: str = ""
) -> None:
    """The supplier has answered a change otherwise than by message: with whom it was agreed, and when.

    Raises Refusal: CHANGE_DECIDED, AGREED_MISSING, NOT_YOUR_ORDER.
    """
    held, change = _waiting(change_id, state="sent")
    _check_may_change(held.row)
    change.agreed_with, change.agreed_on = agreed_with.strip(), agreed_on
    if not change.agreed_with:
        raise Refusal("AGREED_MISSING")
    settle(held, change, accepted=accepted, note=note)


def settle(
    held: sending.Held,
    change: OrderChange,
    *,
    accepted: bool,
    note: str = "",
    also: Sequence[Any] = (),
) -> None:
    """A sent change is accepted or declined: the lines and the commitment follow. Records the entry.

    Where more had come meanwhile than was asked for, it stays, and the supplier is told the order as it stands.
    """
    row = held.row
    sending.to_state(change, "accepted" if accepted else "declined")
    change.answered_at, change.answer = work().at, note.strip()
    if accepted:
        changed: list[Any] = sending.stand(row, change, held.lines)
        if change.kind == changing.CANCELLATION:
            changed += sending.end(row, "cancelled")
        elif changing.passed(held.facts().lines, sending.wanted(change)):
            change.save()  # on its way no more: what it came to is told
            told = changing.as_told(held.facts().lines, sending.wanted(change))
            changed += telling.tell(held, changing.RESTATEMENT, told)
    else:
        changed = list(sending.release(row, change, held.lines))
    _save(row, change)
    event = ChangeAnswered(order_id=row.id, change_id=change.id, kind=change.kind, accepted=accepted)
    held.record(event, [change, *also, *changed], change.answer)


def _begin(held: sending.Held, change: OrderChange, before: OrderFacts, *, free: bool) -> UUID:
    """Send what needs no approval; ask for one otherwise."""
    row = held.row
    change.content_hash = changing.hash_of(
        before, change.kind, sending.wanted(change), details_from(change.details), change.gross_after
    )
    if free:
        _effect(held, change, new=True)
        return change.id
    asked = approval.asked_to_approve(
        {row.requester_id, change.proposed_by or row.requester_id},
        amount=max(change.gross_after, change.gross_before),
        responsibilities={line.coding.responsibility for line in before.lines if not line.cancelled},
        ordering_unit=row.unit_id,
        units=tenancy.units(),
        mandates=tenancy.mandates(),
    )
    change.candidates = [person.hex for person in asked]
    cases = [] if asked else [_nobody(row, change)]
    _save(row, change, new=True)
    held.record(ChangeProposed(order_id=row.id, change_id=change.id), [change, *cases], change.reason)
    return change.id


def _effect(held: sending.Held, change: OrderChange, also: Sequence[Any] = (), *, new: bool = False) -> None:
    """Sent to a supplier who takes changes; with others it stands at once, as agreed."""
    row = held.row
    if row.process == changing.ADVANCED and row.transport_state != "failed":
        before = held.facts().lines
        sending.send(row, change, before, changing.after(before, sending.wanted(change)))
        change.state = "sent"
        _save(row, change, new=new)
        sent = ChangeSent(order_id=row.id, change_id=change.id, kind=change.kind)
        held.record(sent, [change, *also], change.reason)
        return
    change.state = "accepted"
    changed = sending.stand(row, change, held.lines)
    if change.kind == changing.CANCELLATION:
        changed += sending.end(row, "cancelled")
    _save(row, change, new=new)
    event = ChangeAnswered(order_id=row.id, change_id=change.id, kind=change.kind, accepted=True)
    held.record(event, [change, *also, *changed], change.reason)


def _open(order_id: UUID, seen: int | None, *, unsent: bool = False) -> sending.Held:
    """The order, locked, when it may be changed at all."""
    held = sending.hold(order_id)
    row = held.row
    _check_may_change(row)
    if seen is not None and row.version != seen:
        raise Refusal("ORDER_CHANGED_MEANWHILE", number=row.number)
    if row.ended or row.response_state == "rejected":
        raise Refusal("ORDER_ENDED", number=row.number)
    if row.transport_state == "failed" and not unsent:
        raise Refusal("ORDER_NOT_SENT", number=row.number)
    if row.response_state == "proposed":
        raise Refusal("CHANGE_PROPOSAL_WAITS", number=row.number)
    waiting = OrderChange.objects.filter(
        order_id=row.id, state__in=changing.WAITING, kind__in=(changing.CHANGE, changing.CANCELLATION)
    ).first()
    if waiting is not None:
        raise Refusal("CHANGE_WAITS", number=waiting.number)
    return held


def _waiting(change_id: UUID, state: str = "awaiting") -> tuple[sending.Held, OrderChange]:
    held = sending.hold(OrderChange.objects.get(id=change_id).order_id)
    change = OrderChange.objects.select_for_update().get(id=change_id)
    if change.state != state:
        raise Refusal("CHANGE_DECIDED", number=change.number)
    return held, change


def _check_may_change(row: Order) -> None:
    demand(permissions.may_change(viewer(), row.requester_id, row.number, tenancy.unit(row.unit_id)))


def _placed(row: Order, details: Details) -> Details:
    """The details with the delivery address written out; it is one of the ordering unit's own."""
    if details.address_id is None:
        return details
    own = {one.id: one for one in tenancy.addresses([row.unit_id])}
    place = own.get(details.address_id)
    if place is None:
        raise Refusal("CHANGE_OF_ADDRESS", number=row.number)
    written = {name: getattr(place, name) for name in ("name", "street", "postal_zone", "city")}
    return replace(details, delivery=written)


def _agreed(row: Order, change: OrderChange, agreed_with: str, agreed_on: date | None) -> None:
    """With a supplier who takes no changes it must have been agreed by other means."""
    if row.process == changing.ADVANCED:
        return
    change.agreed_with, change.agreed_on = agreed_with.strip()[:200], agreed_on
    if not change.agreed_with or agreed_on is None:
        raise Refusal("AGREED_MISSING")


def _may_approve(order: OrderFacts, change: OrderChange, after: Sequence[OrderLineFacts], total: int) -> bool:
    """Decision 2 for a change: neither the requester nor whoever asked for the change."""
    if viewer().person_id == change.proposed_by:
        return False
    return approval.may_approve(
        viewer(),
        order.requester_id,
        amount=max(total, order.gross),
        responsibilities={line.coding.responsibility for line in order.lines if not line.cancelled},
        ordering_unit=order.unit_id,
        units=tenancy.units(),
        mandates=tenancy.mandates(),
    )


def _nobody(row: Order, change: OrderChange) -> Model:
    return open_case(
        tenant=row.buyer_id,
        kind="no_approver",
        subject=f"ordering.Order:{row.id.hex}",
        reason="CHANGE_WITHOUT_APPROVER",
        params={"number": change.number, "amount": money(change.gross_after)},
        owner_role=BUYER_ADMIN,
    )


def _save(row: Order, change: OrderChange, *, new: bool = False) -> None:
    row.version += 1
    row.save()
    change.save(force_insert=new)
