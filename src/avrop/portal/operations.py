"""Writes of the seller's side: an order in, answered and invoiced; then the invoice's fate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_if_new
from avrop.journal.within import label, lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id, today
from avrop.messaging.models import Message
from avrop.messaging.within import enqueue, settle
from avrop.portal import bills, documents, queries, rows, rules
from avrop.portal.events import SalesInvoiceAnswered, SalesInvoiceSent, SalesOrderAnswered, SalesOrderReceived
from avrop.portal.facts import Draft, LineAnswer, SalesOrderFacts
from avrop.portal.models import SalesInvoice, SalesOrder, SalesOrderLine
from avrop.portal.permissions import may_sell
from avrop.portal.states import ACCEPTED, CHANGED, REJECTED
from avrop.tenancy.facts import Party
from avrop.tenancy.models import Kind
from avrop.tenancy.queries import party
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import next_number
from avrop.ubl.documents import invoice as invoice_xml
from avrop.ubl.documents import order_response as response_xml
from avrop.ubl.documents.invoice_response import InvoiceResponse
from avrop.ubl.documents.order import Order
from avrop.ubl.identify import document_type_id

PAYMENT_TERM = timedelta(days=30)  # forsinkelsesrenteloven: the longest term against a public buyer
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
        stream=_stream(ident),
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
    """Accept, change or reject an order and queue the Order Response (T76).

    `decision`: accept, change, reject; `lines`: what differs, by the order's line id. Raises Refusal with the
    codes of `rules.check_answerable` and `rules.judge_answer`.
    """
    row, changed = _locked(sales_order_id)
    facts = queries.facts_of(row, changed)
    rules.check_answerable(facts)
    judged = rules.judge_answer(facts.lines, decision, lines or {}, note)
    code = rules.RESPONSE_CODES[decision]
    rows.move(row, _STATE_OF[code])
    row.response_number, row.answered_at, row.answer_note = f"{row.number}-S1", work().at, note.strip()
    row.save(update_fields=["state", "response_number", "answered_at", "answer_note"])
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
    document = documents.response(
        facts,
        party(row.seller_id),
        number=row.response_number,
        code=code,
        note=row.answer_note,
        issued=today(),
    )
    enqueue(
        owner_id=row.seller_id,
        sender=party(row.seller_id).endpoint,
        receiver=facts.buyer_endpoint,
        document_type="order_response",
        document_type_id=document_type_id("OrderResponse", document.customization_id),
        process_id=document.profile_id,
        number=document.id,
        refers_to=label(row),
        stream=row.stream,
        body=response_xml.write(document),
    )


@operation
def invoice(
    *,
    sales_order_id: UUID,
    lines: Mapping[str, int] | None = None,
    delivered_on: date | None = None,
    after: int | None = None,
) -> UUID:
    """Invoice an order, or a part of it, and queue the invoice (BIS Billing 3). Returns the invoice's id.

    `lines`: scaled quantity by the order's line id (None: everything open). `after`: how many invoices the
    order had when the person looked, so that a double click sends one. Raises Refusal: those of
    `rules.draft`, INVOICED_MEANWHILE, BANK_ACCOUNT_MISSING, SELLER_NOT_IN_VAT_REGISTER, BUYER_NAME_MISSING,
    DELIVERY_DATE_AHEAD.
    """
    order, ordered = _locked(sales_order_id)
    facts = queries.facts_of(order, ordered, queries.invoices_of([sales_order_id])[sales_order_id])
    if after is not None and after != len(facts.invoices):
        raise Refusal("INVOICED_MEANWHILE", order=facts.number)
    draft = rules.draft(facts, lines)
    seller = party(facts.seller_id)
    rules.check_parties(facts, vat_registered=seller.vat_registered)
    row = _invoice_row(facts, draft, delivered_on or today())
    row.message_id = _queue_invoice(facts, draft, seller, row)
    row.save(force_insert=True)
    written = [*rows.bill_lines(row, draft), *rows.count_invoiced(order, ordered, facts, draft)]
    record(
        SalesInvoiceSent(row.id),
        tenant=facts.seller_id,
        stream=facts.stream,
        subject=row,
        changed=[row, *written],
    )
    return row.id


def _invoice_row(facts: SalesOrderFacts, draft: Draft, delivered: date) -> SalesInvoice:
    """The invoice before it is written. Its number is taken last of what can be refused."""
    issued = today()
    if delivered > issued:
        raise Refusal("DELIVERY_DATE_AHEAD")
    account = rows.bank_account()
    number = next_number(facts.seller_id, "sales_invoice")
    return SalesInvoice(
        seller_id=facts.seller_id,
        order_id=facts.id,
        number=number,
        issue_date=issued,
        due_date=issued + PAYMENT_TERM,
        delivered_on=delivered,
        kid=rules.kid(number),
        account=account,
        net=draft.net,
        vat=draft.vat,
        gross=draft.gross,
        created_at=work().at,
    )


def _queue_invoice(facts: SalesOrderFacts, draft: Draft, seller: Party, row: SalesInvoice) -> UUID:
    """Queue the XML; returns the message's id."""
    document = bills.bill(
        facts,
        draft,
        seller,
        number=row.number,
        issued=row.issue_date,
        due=row.due_date,
        delivered=row.delivered_on,
        account=row.account,
        kid=row.kid,
    )
    message = enqueue(
        owner_id=facts.seller_id,
        sender=seller.endpoint,
        receiver=facts.buyer_endpoint,
        document_type="invoice",
        document_type_id=document_type_id("Invoice", document.customization_id),
        process_id=document.profile_id,
        number=row.number,
        refers_to=label(row),
        stream=facts.stream,
        body=invoice_xml.write(document),
    )
    return message.id


@operation
def take_invoice_response(*, message_id: UUID, document: InvoiceResponse) -> None:
    """The buyer tells what became of an invoice (T111). Only its own receiver may.

    Raises Refusal: SALES_INVOICE_UNKNOWN.
    """
    told_by = str(document.sender.endpoint) if document.sender.endpoint else ""
    row = (
        SalesInvoice.objects.select_for_update(of=("self",))
        .filter(number=document.invoice_id, order__buyer_endpoint=told_by)
        .select_related("order")
        .first()
    )
    if row is None:
        raise Refusal("SALES_INVOICE_UNKNOWN", number=document.invoice_id[:40])
    settled = settle(message_id=message_id, refers_to=label(row))
    if settled is None:
        return
    row.response_code = document.code[:3]
    row.response_note = "\n".join(dict.fromkeys([*_reasons(document), *document.notes]))
    row.response_reasons = [[one.list_id or "", one.code] for one in document.statuses if one.code]
    row.answered_at = work().at
    row.save(update_fields=["response_code", "response_note", "response_reasons", "answered_at"])
    record(
        SalesInvoiceAnswered(row.id, row.response_code),
        tenant=row.seller_id,
        stream=row.order.stream,
        subject=row,
        changed=[row, settled],
        reason=row.response_note,
    )


def _reasons(document: InvoiceResponse) -> list[str]:
    """What the buyer wrote as reasons."""
    return [status.reason for status in document.statuses if status.reason]


def _locked(sales_order_id: UUID) -> tuple[SalesOrder, list[SalesOrderLine]]:
    """The order and its lines, locked, for a clerk of the seller. Raises SALES_ORDER_UNKNOWN or a denial."""
    allowed = may_sell(viewer())
    if isinstance(allowed, Denied):
        raise Refusal(allowed.reason)
    lock_stream(_stream(sales_order_id))
    row = SalesOrder.objects.select_for_update().filter(id=sales_order_id).first()
    if row is None:
        raise Refusal("SALES_ORDER_UNKNOWN")
    return row, list(SalesOrderLine.objects.filter(order_id=row.id).order_by("position"))


def _stream(sales_order_id: UUID) -> str:
    return f"sale:{sales_order_id.hex}"
