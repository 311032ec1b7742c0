"""The goods receipt: the attestation that something came (mottaksattest); and what goes back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from avrop.approval import queries as approval
from avrop.coding.facts import budget_key
from avrop.commitments import within as commitments
from avrop.commitments.facts import Move
from avrop.commitments.models import Movement
from avrop.delivery import queries, rules
from avrop.delivery.events import GoodsReceived, GoodsReturned
from avrop.delivery.facts import CORRECTION, CREDIT, REASONS, REPLACEMENT, RETURN, Before, Plan, Refused
from avrop.delivery.models import Receipt, ReceiptLine
from avrop.delivery.permissions import may_receive, may_send_back
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_all
from avrop.journal.within import label, lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import next_number


@operation
def receive(
    *,
    order_id: UUID,
    quantities: Mapping[int, int] | None = None,
    refused: Mapping[int, Refused] | None = None,
    note: str = "",
    exception: str = "",
    after: int | None = None,
) -> UUID:
    """Receive goods of an order; returns the receipt's id.

    `quantities`: line number -> quantity scaled by 10^6 (None: everything open). `refused`: what was turned
    away at the door, with the reason; it counts as not come. `exception`: why the approver of this purchase
    receives it, where nobody else can. `after`: how many receipts the order had when the person looked, so
    that a double tap receives once. In the same transaction the lines' cost goes from committed to accrued.
    Raises Refusal: DELIVERY_ORDER_UNKNOWN, RECEIVED_MEANWHILE, those of `rules.plan` and the denials of
    `permissions.may_receive`.
    """
    order = _locked(order_id)
    by_exception = _check_person(order, exception)
    _check_double_tap(order, after)
    before = queries.before([order.id])
    if before:
        order = ordering.up_to_date(order)
    plan = rules.plan(order, before, quantities, refused)
    receipt = _receipt(order, note)
    receipt.by_exception = by_exception
    receipt.exception_reason = exception.strip() if by_exception else ""
    event = GoodsReceived(
        order_id=order.id,
        receipt_id=receipt.id,
        complete=plan.complete,
        lines=plan.whole,
        came=_told(plan, before),
    )
    _write(order, receipt, plan, event, receipt.exception_reason)
    return receipt.id


@operation
def send_back(
    *,
    receipt_id: UUID,
    quantities: Mapping[int, int],
    reason_code: str,
    expects: str,
    note: str = "",
    after: int | None = None,
) -> UUID:
    """Return goods of an earlier receipt; returns the return's id. Quantities scaled by 10^6 by line number.

    `expects` "replacement": they are to come again, and their cost is committed again. "credit": they are not,
    the order line shrinks and its cost is freed; what is invoiced stays until the credit note comes. Raises
    Refusal: DELIVERY_ORDER_UNKNOWN, RETURN_REASON_MISSING, EXPECTS_NOTHING, RECEIVED_MEANWHILE, those of
    `rules.plan_back` and of `permissions.may_send_back`.
    """
    if reason_code not in REASONS:
        raise Refusal("RETURN_REASON_MISSING")
    if expects not in (REPLACEMENT, CREDIT):
        raise Refusal("EXPECTS_NOTHING")
    return _take_back(receipt_id, quantities, RETURN, reason_code, expects, note, after)


@operation
def correct(
    *, receipt_id: UUID, quantities: Mapping[int, int] | None, reason: str, after: int | None = None
) -> UUID:
    """Say that a receipt was wrong: these quantities (None: all of it) never came. Nothing is deleted.

    Only while it is not invoiced. Raises Refusal: RETURN_REASON_MISSING, RECEIPT_INVOICED and those of `send_back`.
    """
    if not reason.strip():
        raise Refusal("RETURN_REASON_MISSING")
    if quantities is None:
        quantities = {line.line_no: line.quantity for line in queries.left_of(receipt_id)}
    return _take_back(receipt_id, quantities, CORRECTION, "mistake", "", reason, after)


def _take_back(
    receipt_id: UUID,
    quantities: Mapping[int, int],
    kind: str,
    reason_code: str,
    expects: str,
    note: str,
    after: int | None,
) -> UUID:
    first = queries.receipt(receipt_id)
    if first is None:
        raise Refusal("DELIVERY_ORDER_UNKNOWN")
    order = ordering.up_to_date(_locked(first.order_id))
    demand(may_send_back(viewer(), order, lambda: tenancy.unit(order.unit_id)))
    _check_double_tap(order, after)
    before = queries.before([order.id])
    plan = rules.plan_back(order, before, queries.left_of(receipt_id), quantities, kind, expects)
    back = _receipt(order, note)
    back.kind, back.against_id, back.reason_code, back.expected = kind, receipt_id, reason_code, expects
    event = GoodsReturned(
        order_id=order.id,
        receipt_id=back.id,
        credit_expected=expects == CREDIT,
        complete=plan.complete,
        lines=plan.whole,
        came=_told(plan, before),
    )
    _write(order, back, plan, event, note.strip())
    return back.id


def _locked(order_id: UUID) -> OrderFacts:
    """The order as it stands once its purchase is ours: two receipts at once come one after the other."""
    seen = ordering.order(order_id)
    if seen is None:
        raise Refusal("DELIVERY_ORDER_UNKNOWN")
    if not lock_stream(seen.stream):
        return seen
    order = ordering.order(order_id)
    assert order is not None
    return order


def _check_double_tap(order: OrderFacts, after: int | None) -> None:
    if after is not None and after != Receipt.objects.filter(order_id=order.id).count():
        raise Refusal("RECEIVED_MEANWHILE", order=order.number)


def _check_person(order: OrderFacts, exception: str) -> bool:
    """True when the person receives by exception. Raises Refusal with the denial's reason."""
    # Whoever asked for a purchase never approved it (Decision 2): nothing to look up.
    asked = order.requisition_id is not None and viewer().person_id == order.requester_id
    approvers = frozenset() if asked else approvers_of(order)
    demand(may_receive(viewer(), order, lambda: tenancy.unit(order.unit_id), approvers, exception=exception))
    return viewer().person_id in approvers


def approvers_of(order: OrderFacts) -> frozenset[UUID]:
    """Who approved the purchase, and who approved a larger change of it (never the requester, Decision 2)."""
    wanted = order.requisition_id
    first = approval.approvers_of(wanted) if wanted else ordering.taken_over_by(order.id)
    later = ordering.change_approvers(order.id) if order.changes else frozenset()
    if order.response_state == "changed":
        decided = [one.decided_by for one in ordering.responses(order.id) if one.state == "accepted"]
        later |= {person for person in decided if person}
    return first | (later - {order.requester_id})


def _receipt(order: OrderFacts, note: str) -> Receipt:
    who = viewer().person_id
    assert who is not None  # the permission has said no to the system
    return Receipt(
        buyer_id=order.buyer_id,
        number=next_number(order.buyer_id, "receipt"),
        order_id=order.id,
        received_by_id=who,
        received_at=work().at,
        note=note.strip(),
    )


def _told(plan: Plan, before: Mapping[UUID, Before]) -> dict[str, list[int]]:
    """Line number -> what is here, its øre accrued, what was returned for credit, what ever moved: all by now."""
    told = {}
    for one in plan.lines:
        was = before.get(one.order_line_id, rules.NOTHING)
        told[str(one.line_no)] = [
            was.quantity + one.quantity,
            was.cost + one.cost,
            was.credited + one.credited,
            was.moved + abs(one.quantity),
        ]
    return told


def _write(order: OrderFacts, receipt: Receipt, plan: Plan, event: object, reason: str) -> None:
    receipt.save(force_insert=True)
    lines = [
        ReceiptLine(
            buyer_id=receipt.buyer_id,
            receipt=receipt,
            order_line_id=one.order_line_id,
            quantity=one.quantity,
            cost=one.cost,
            credited=one.credited,
            refused=one.refused,
            reason_code=one.reason_code,
        )
        for one in plan.lines
    ]
    insert_all(lines)
    record(
        event,
        tenant=order.buyer_id,
        stream=order.stream,
        subject=receipt,
        changed=[receipt, *lines, *_move(order, receipt, plan)],
        reason=reason,
    )


def _move(order: OrderFacts, receipt: Receipt, plan: Plan) -> list[Movement]:
    """From committed to accrued what came, the other way what went back; what is not owed any more leaves."""
    codings = {line.id: line.coding for line in order.lines}
    moves = [
        Move(
            budget_key(codings[one.order_line_id], order.budget_year),
            committed=-one.cost - one.freed,
            accrued=one.cost,
        )
        for one in plan.lines
    ]
    return commitments.move(buyer_id=order.buyer_id, source=label(receipt), moves=moves)[1]
