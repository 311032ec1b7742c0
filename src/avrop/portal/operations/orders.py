"""An order in, and its answer out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_if_new
from avrop.journal.within import label, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id, today
from avrop.messaging.models import Message
from avrop.messaging.within import settle
from avrop.portal import answers, documents, queries, rows, rules
from avrop.portal.events import SalesOrderAnswered, SalesOrderReceived
from avrop.portal.facts import LineAnswer
from avrop.portal.models import SalesOrder, SalesOrderLine
from avrop.portal.operations.common import hold_as_clerk, stream_of
from avrop.portal.states import ACCEPTED, CHANGED, REJECTED
from avrop.tenancy.models import Kind
from avrop.tenancy.queries import party
from avrop.tenancy.scope import viewer
from avrop.ubl.documents.order import Order

_STATE_OF = {"AP": ACCEPTED, "CA": CHANGED, "RE": REJECTED}


@operation
def take_order(*, message_id: UUID, document: Order) -> None:
    """An inbound order becomes a sales order. The same number from the same buyer again changes nothing.

    Raises Refusal: NOT_A_SUPPLIER, and those of `documents.order_values`.
    """
    seller_id = viewer().organisation_id
    assert seller_id is not None
    if party(seller_id).kind != Kind.SUPPLIER:
        raise Refusal("RECEIVER_SELLS_NOTHING")
    values, lines = documents.order_values(document), documents.line_values(document)
    ident = new_id()
    settled = settle(message_id=message_id, refers_to=f"{SalesOrder._meta.label}:{ident.hex}")
    if settled is None:
        return
    net, vat, gross = documents.totals(lines)
    row = SalesOrder(
        id=ident,
        seller_id=seller_id,
        message_id=message_id,
        sha256=settled.sha256,
        stream=stream_of(ident),
        net=net,
        vat=vat,
        gross=gross,
        received_at=work().at,
        **values,
    )
    if not insert_if_new(row, ("seller", "buyer_endpoint", "number")):
        _repeated(settled, row)
        return
    written = [SalesOrderLine(seller_id=seller_id, order=row, **line) for line in lines]
    SalesOrderLine.objects.bulk_create(written)
    record(
        SalesOrderReceived(ident),
        tenant=seller_id,
        stream=row.stream,
        subject=row,
        changed=[row, *written, settled],
    )


def _repeated(message: Message, new: SalesOrder) -> None:
    """The number is known from this buyer: the message is kept beside the order that is there."""
    earlier = SalesOrder.objects.get(number=new.number, buyer_endpoint=new.buyer_endpoint)
    message.state, message.refers_to = "duplicate", label(earlier)
    message.reason, message.params = "ORDER_SEEN_BEFORE", {"order": earlier.number}
    message.outcome = {"order": earlier.number}
    message.save(update_fields=["state", "refers_to", "reason", "params", "outcome"])
    record(
        SalesOrderReceived(earlier.id),
        tenant=earlier.seller_id,
        stream=earlier.stream,
        subject=earlier,
        changed=[earlier, message],
        reason="DUPLICATE",
    )


@operation
def answer(
    *, sales_order_id: UUID, decision: str, lines: Mapping[str, LineAnswer] | None = None, note: str = ""
) -> None:
    """Accept, change or reject an order and queue the Order Response (T76; advanced ordering: T116).

    `decision`: accept, change, reject; `lines`: what differs, by the order's line id. Raises Refusal with the
    codes of `rules.check_answerable` and `rules.judge_answer`.
    """
    row, changed = hold_as_clerk(sales_order_id)
    facts = queries.facts_of(row, changed)
    rules.check_answerable(facts)
    judged = rules.judge_answer(facts.lines, decision, lines or {}, note)
    code = rules.RESPONSE_CODES[decision]
    rows.move(row, _STATE_OF[code])
    row.response_number, row.answered_at, row.answer_note = rows.next_response(row), work().at, note.strip()
    row.save(update_fields=["state", "response_number", "responses", "answered_at", "answer_note"])
    for line in changed:
        line.answer, differs = judged[line.line_id]
        line.answer_quantity, line.answer_price = differs.quantity, differs.price
        line.answer_note = differs.note[:200]
    rows.save_lines(changed, "answer", "answer_quantity", "answer_price", "answer_note")
    _queue_response(row, changed, code)
    record(
        SalesOrderAnswered(row.id, code),
        tenant=row.seller_id,
        stream=row.stream,
        subject=row,
        changed=[row, *changed],
        reason=row.answer_note,
    )


def _queue_response(row: SalesOrder, lines: Sequence[SalesOrderLine], code: str) -> None:
    facts = queries.facts_of(row, lines)
    document = answers.response(
        facts,
        party(row.seller_id),
        number=row.response_number,
        code=code,
        note=row.answer_note,
        issued=today(),
    )
    rows.queue_response(row, document)
