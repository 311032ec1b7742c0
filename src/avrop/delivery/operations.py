"""The goods receipt: the attestation that something came (mottaksattest)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from avrop.approval import queries as approval
from avrop.coding.facts import budget_key
from avrop.commitments import within as commitments
from avrop.commitments.facts import Move
from avrop.commitments.models import Movement
from avrop.delivery import queries, rules
from avrop.delivery.events import GoodsReceived
from avrop.delivery.facts import Plan
from avrop.delivery.models import Receipt, ReceiptLine
from avrop.delivery.permissions import may_receive
from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import next_number


@operation
def receive(
    *,
    order_id: UUID,
    quantities: Mapping[int, int] | None = None,
    note: str = "",
    exception: str = "",
    after: int | None = None,
) -> UUID:
    """Receive goods of an order; returns the receipt's id.

    `quantities`: line number -> quantity scaled by 10^6 (None: everything open). `exception`: why the
    approver of this purchase receives it, where nobody else can. `after`: how many receipts the order had
    when the person looked, so that a double tap receives once. In the same transaction the lines' cost goes
    from committed to accrued. Raises Refusal: DELIVERY_ORDER_UNKNOWN, RECEIVED_MEANWHILE, those of
    `rules.plan` and the denials of `permissions.may_receive`.
    """
    order = _locked(order_id)
    by_exception = _check_person(order, exception)
    if after is not None and after != Receipt.objects.filter(order_id=order.id).count():
        raise Refusal("RECEIVED_MEANWHILE", order=order.number)
    plan = rules.plan(order, queries.before([order.id]), quantities)
    who = viewer().person_id
    assert who is not None  # may_receive has said no to the system
    receipt = Receipt(
        buyer_id=order.buyer_id,
        number=next_number(order.buyer_id, "receipt"),
        order_id=order.id,
        received_by_id=who,
        received_at=work().at,
        note=note.strip(),
        by_exception=by_exception,
        exception_reason=exception.strip() if by_exception else "",
    )
    receipt.save(force_insert=True)
    lines = _write_lines(receipt, plan)
    movements = _accrue(order, receipt, plan)
    record(
        GoodsReceived(order_id=order.id, receipt_id=receipt.id, complete=plan.complete, lines=plan.whole),
        tenant=order.buyer_id,
        stream=order.stream,
        subject=receipt,
        changed=[receipt, *lines, *movements],
        reason=receipt.exception_reason,
    )
    return receipt.id


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


def _check_person(order: OrderFacts, exception: str) -> bool:
    """True when the person receives by exception. Raises Refusal with the denial's reason."""
    approvers = approvers_of(order)
    allowed = may_receive(
        viewer(), order, lambda: tenancy.unit(order.unit_id), approvers, exception=exception
    )
    if isinstance(allowed, Denied):
        raise Refusal(allowed.reason, **allowed.params)
    return viewer().person_id in approvers


def approvers_of(order: OrderFacts) -> frozenset[UUID]:
    """Who approved the purchase, and who approved a larger change of it (never the requester, Decision 2)."""
    first = approval.approvers_of(order.requisition_id) if order.requisition_id else frozenset()
    if order.response_state != "changed":
        return first
    later = {one.decided_by for one in ordering.responses(order.id) if one.state == "accepted"}
    return first | frozenset(person for person in later if person and person != order.requester_id)


def _write_lines(receipt: Receipt, plan: Plan) -> list[ReceiptLine]:
    rows = [
        ReceiptLine(
            buyer_id=receipt.buyer_id,
            receipt=receipt,
            order_line_id=one.order_line_id,
            quantity=one.quantity,
            cost=one.cost,
        )
        for one in plan.lines
    ]
    ReceiptLine.objects.bulk_create(rows)
    return rows


def _accrue(order: OrderFacts, receipt: Receipt, plan: Plan) -> list[Movement]:
    codings = {line.id: line.coding for line in order.lines}
    moves = [
        Move(budget_key(codings[one.order_line_id], order.budget_year), committed=-one.cost, accrued=one.cost)
        for one in plan.lines
    ]
    _, movements = commitments.move(buyer_id=order.buyer_id, source=label(receipt), moves=moves)
    return movements
