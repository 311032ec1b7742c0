"""An approved basket becomes orders, and their messages are queued."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from avrop.approval.facts import Approved
from avrop.approval.queries import approved
from avrop.commitments.facts import Move
from avrop.commitments.models import Movement
from avrop.commitments.within import move
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_all, insert_if_new
from avrop.journal.within import lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO, new_id
from avrop.messaging.within import enqueue
from avrop.ordering import documents
from avrop.ordering.events import OrdersPlaced
from avrop.ordering.models import Order, OrderLine
from avrop.ordering.queries import line_facts
from avrop.ordering.rows import line_row
from avrop.requisition import queries as requisitions
from avrop.requisition.facts import (
    LineFacts,
    Prospect,
    RequisitionFacts,
    approval_hash,
    costs,
    prospects,
    totals,
)
from avrop.requisition.states import APPROVED
from avrop.suppliers import queries as suppliers
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import Party
from avrop.tenancy.within import next_number


@dataclass(frozen=True, slots=True)
class _Made:
    """An order with its lines, not saved yet."""

    order: Order
    lines: Sequence[OrderLine]


@operation
def place_orders(*, requisition_id: UUID) -> None:
    """One order per supplier, agreement, delivery address and currency (Decision 11), its T01 queued.

    Nothing leaves without an approval whose hash equals what leaves: the hash is made of the order's own
    rows, and the approvals are read from their table, whatever event brought us here. Raises Refusal
    NOT_APPROVED.
    """
    lock_stream(f"purchase:{requisition_id.hex}")
    basket = requisitions.requisition(requisition_id)
    if basket.state != APPROVED:
        return
    given = approved(requisition_id)
    made = [_order(basket, prospect) for prospect in prospects(basket)]
    for one in made:
        _assert_approved(one, given, basket)
    processes = _number(made)
    first, *others = orders = [one.order for one in made]
    if not insert_if_new(first, ("buyer", "requisition_id", "approval_hash")):
        return  # placed already
    if others:
        Order.objects.bulk_create(others)
    lines = [line for one in made for line in one.lines]
    insert_all(lines)
    movements = _commit(basket)
    _send(made, basket, processes)
    record(
        OrdersPlaced(requisition_id=basket.id, orders=tuple(order.id for order in orders)),
        tenant=basket.buyer_id,
        stream=basket.stream,
        changed=[*orders, *lines, *movements],
    )


def leaving_hash(order: Order, lines: Sequence[OrderLine]) -> str:
    """The approval hash of what is about to leave, made of the order's rows alone."""
    return approval_hash(
        order.buyer_id,
        Prospect(
            supplier_id=order.supplier_id,
            agreement_id=order.agreement_id,
            address_id=order.address_id,
            currency=order.currency,
            marking=order.marking,
            lines=tuple(_as_line(order, line) for line in lines),
        ),
    )


def _assert_approved(made: _Made, given: Approved, basket: RequisitionFacts) -> None:
    leaving = leaving_hash(made.order, made.lines)
    responsibilities = {line.responsibility for line in made.lines}
    if not given.covers(responsibilities, [leaving]):
        raise Refusal("NOT_APPROVED", number=basket.number)
    made.order.approval_hash = leaving


def _order(basket: RequisitionFacts, prospect: Prospect) -> _Made:
    amounts = totals(prospect.lines)
    place = basket.address
    assert place is not None  # a submitted basket has an address
    order = Order(
        id=new_id(),
        buyer_id=basket.buyer_id,
        stream=basket.stream,
        requisition_id=basket.id,
        supplier_id=prospect.supplier_id,
        agreement_id=prospect.agreement_id,
        agreement_ref=prospect.lines[0].agreement_ref,
        unit_id=basket.unit_id,
        requester_id=basket.requester_id,
        requester_name=basket.requester_name,
        address_id=place.id,
        delivery={
            "name": place.name,
            "street": place.street,
            "postal_zone": place.postal_zone,
            "city": place.city,
        },
        marking=prospect.marking,
        currency=prospect.currency,
        net=amounts.net,
        vat=amounts.vat,
        gross=amounts.gross,
        approved_gross=amounts.gross,
        issued_at=work().at,
    )
    lines = [
        line_row(order, no, line, kind=line.kind, coding=line.coding, frame=line.frame, reason=line.reason)
        for no, line in enumerate(prospect.lines, start=1)
    ]
    return _Made(order, lines)


def _as_line(order: Order, line: OrderLine) -> LineFacts:
    facts = line_facts(line)
    return LineFacts(
        id=line.id,
        position=line.line_no,
        kind=line.kind,
        item_id=None,
        agreement_id=order.agreement_id,
        supplier_id=order.supplier_id,
        seller_item_id=line.seller_item_id,
        name=line.name,
        category=line.category,
        quantity=line.quantity,
        unit_code=line.unit_code,
        price=line.price,
        base_quantity=line.base_quantity,
        currency=order.currency,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        frame=line.frame,
        reason=line.reason,
        coding=facts.coding,
        coding_source="",
    )


def _commit(basket: RequisitionFacts) -> list[Movement]:
    year = work().at.astimezone(OSLO).year
    reserved = costs(basket.lines, basket.submitted_year or year)
    committed = costs(basket.lines, year)
    moves = [Move(key=key, reserved=-amount) for key, amount in reserved.items()]
    moves += [Move(key=key, committed=amount) for key, amount in committed.items()]
    source = f"requisition.Requisition:{basket.id.hex}"
    return move(buyer_id=basket.buyer_id, source=source, moves=moves)[1]


def _number(made: Sequence[_Made]) -> list[str]:
    """Give each order its number and its message's id; returns the supplier's process for each."""
    relations = suppliers.terms(one.order.supplier_id for one in made)
    processes = []
    for one in made:
        order = one.order
        relation = relations.get(order.supplier_id)
        process = relation.process if relation else "ordering"
        order.number = next_number(order.buyer_id, "order")
        order.message_id = new_id()
        # An order-only supplier is never asked for a response (Decision 11).
        order.response_state = "none" if process == "order_only" else "awaited"
        order.process = process
        processes.append(process)
    return processes


def _send(made: Sequence[_Made], basket: RequisitionFacts, processes: Sequence[str]) -> None:
    """Write each order's message and queue it."""
    parties = tenancy.parties({basket.buyer_id, *(one.order.supplier_id for one in made)})
    for one, process in zip(made, processes, strict=True):
        _queue(one, basket, parties[basket.buyer_id], parties[one.order.supplier_id], process)


def _queue(made: _Made, basket: RequisitionFacts, buyer: Party, seller: Party, process: str) -> None:
    order = made.order
    body = documents.render(
        order,
        made.lines,
        buyer=buyer,
        seller=seller,
        process=process,
        unit_name=basket.unit_name,
        reference=basket.unit_code,
    )
    enqueue(
        ident=order.message_id,
        owner_id=order.buyer_id,
        sender=buyer.endpoint,
        receiver=seller.endpoint,
        document_type=documents.DOCUMENT_TYPE,
        document_type_id=documents.DOCUMENT_TYPE_ID,
        process_id=documents.PROFILES[process],
        number=order.number,
        refers_to=f"ordering.Order:{order.id.hex}",
        stream=order.stream,
        body=body,
    )
