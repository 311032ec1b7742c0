"""An invoice out, and the buyer's words about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Model

from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.messaging.within import settle
from avrop.portal import bills, queries, rows, rules
from avrop.portal.events import SalesInvoiceAnswered, SalesInvoiceSent, SalesInvoiceStopped
from avrop.portal.facts import INVOICE, REJECTED_INVOICE, Draft, SalesOrderFacts
from avrop.portal.models import SalesInvoice
from avrop.portal.operations.common import hold, hold_as_clerk
from avrop.tenancy.facts import Party
from avrop.tenancy.queries import party
from avrop.tenancy.within import next_number
from avrop.ubl.documents.invoice_response import InvoiceResponse

PAYMENT_TERM = timedelta(days=30)  # forsinkelsesrenteloven: the longest term against a public buyer


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
    order, ordered = hold_as_clerk(sales_order_id)
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
    return rows.queue_bill(facts, seller, row, document)


@operation
def take_invoice_response(*, message_id: UUID, document: InvoiceResponse) -> None:
    """The buyer tells what became of an invoice or credit note (T111). Only its own receiver may.

    A rejected invoice's lines are free to be invoiced anew. Raises Refusal: SALES_INVOICE_UNKNOWN.
    """
    row = _told_of(document)
    settled = settle(message_id=message_id, refers_to=label(row))
    if settled is None:
        return
    changed: list[Model] = [settled]
    stands = rules.fate(row.response_code, document.code[:3])
    if stands == document.code[:3]:
        changed += [row, *_note_fate(row, document)]
    record(
        SalesInvoiceAnswered(row.id, row.response_code),
        tenant=row.seller_id,
        stream=row.order.stream,
        subject=row,
        changed=changed,
        reason=row.response_note,
    )


@operation
def note_stopped(*, sales_invoice_id: UUID) -> None:
    """An invoice or credit note was turned away at the buyer's door (MLR, MLS): it was never received.

    What it billed is free to be invoiced anew. Told twice changes nothing.
    """
    row: SalesInvoice | None = queries.invoice(sales_invoice_id)
    if row is None:
        return
    if lock_stream(row.order.stream):
        row.refresh_from_db(from_queryset=queries.invoices())
    if row.stopped:
        return
    row.stopped = True
    freed = _release(row)
    row.save(update_fields=["stopped", "released"])
    record(
        SalesInvoiceStopped(row.id),
        tenant=row.seller_id,
        stream=row.order.stream,
        subject=row,
        changed=[row, *freed],
    )


def _release(row: SalesInvoice) -> list[Model]:
    """The order lines of an invoice that the buyer does not have are free again. The row is not saved."""
    if row.kind != INVOICE or row.released:
        return []
    row.released = True
    order, lines = hold(row.order_id)
    return [*rows.free(order, lines, queries.left_of(row.id))]


def _told_of(document: InvoiceResponse) -> SalesInvoice:
    """The invoice that the response is about, held. Raises Refusal SALES_INVOICE_UNKNOWN."""
    told_by = str(document.sender.endpoint) if document.sender.endpoint else ""
    mine = SalesInvoice.objects.filter(number=document.invoice_id, order__buyer_endpoint=told_by)
    row: SalesInvoice | None = mine.select_related("order").first()
    if row is None:
        raise Refusal("SALES_INVOICE_UNKNOWN", number=document.invoice_id[:40])
    if lock_stream(row.order.stream):
        row.refresh_from_db(from_queryset=SalesInvoice.objects.select_related("order"))
    return row


def _note_fate(row: SalesInvoice, document: InvoiceResponse) -> list[Model]:
    """Write what the buyer said on the invoice's row. Returns the other rows it led to."""
    reasons = [[one.list_id or "", one.code] for one in document.statuses if one.code]
    row.response_code = document.code[:3]
    row.response_note = "\n".join(dict.fromkeys([*_words(document), *document.notes]))
    row.response_reasons = reasons
    row.answered_at = work().at
    asks = row.kind == INVOICE and row.credited < row.gross
    row.asked = rules.asked_credit((name, code) for name, code in reasons) if asks else ""
    freed = _release(row) if row.response_code == REJECTED_INVOICE else []
    row.save(
        update_fields=[
            "response_code", "response_note", "response_reasons", "answered_at", "asked", "released",
        ]
    )  # fmt: skip
    return freed


def _words(document: InvoiceResponse) -> list[str]:
    """What the buyer wrote: each reason, and each business term with the value it should have."""
    said: list[str] = []
    for status in document.statuses:
        said += [status.reason] if status.reason else []
        said += [f"{one.attribute_id}: {one.description}" for one in status.conditions if one.description]
    return said
