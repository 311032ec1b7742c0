"""A credit note (BIS Billing 3, type 381) to an invoice that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from avrop.journal.operation import operation, work
from avrop.journal.within import lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.portal import bills, queries, rows, rules
from avrop.portal.events import SalesCreditNoteSent
from avrop.portal.facts import CREDIT_NOTE, Credit, Draft
from avrop.portal.models import SalesInvoice
from avrop.portal.operations.common import check_clerk, hold
from avrop.tenancy.queries import party
from avrop.tenancy.within import next_number


@operation
def credit_invoice(
    *,
    sales_invoice_id: UUID,
    lines: Mapping[int, Credit] | None = None,
    reason: str,
    after: int | None = None,
) -> UUID:
    """Credit an invoice, or a part of it, and queue the credit note. Returns the credit note's id.

    `lines`: what to credit by the invoice line's position (None: all that is left). A quantity comes back and may
    be invoiced again; an amount (øre without VAT) lowers the price only. `after`: how much of the invoice was
    credited (øre with VAT) when the person looked, so that a double click credits once.

    A sent invoice is corrected by a credit note that reverses it, never changed or taken away, also when the
    buyer has rejected it (bokføringsforskriften § 5-2-7); the credit notes have a number series of their own,
    which GBS 1 allows. Raises Refusal: SALES_INVOICE_UNKNOWN, CREDITED_MEANWHILE, CREDIT_REASON_NEEDED, and
    those of `rules.check_creditable`, `rules.credit` and `rules.check_parties`.
    """
    check_clerk()
    original = _held(sales_invoice_id)
    if after is not None and after != original.credited:
        raise Refusal("CREDITED_MEANWHILE", number=original.number)
    billed = queries.billed(original.id)
    rules.check_creditable(original.kind, original.number, billed)
    if not reason.strip():
        raise Refusal("CREDIT_REASON_NEEDED")
    draft = rules.credit(billed, lines, queries.credited_before(original.id))
    row = _write(original, draft, reason.strip())
    written = [*rows.bill_lines(row, draft), *_free(original, draft)]
    original.credited, original.asked = original.credited + draft.gross, ""
    original.save(update_fields=["credited", "asked"])
    record(
        SalesCreditNoteSent(row.id, original.id),
        tenant=original.seller_id,
        stream=original.order.stream,
        subject=row,
        changed=[row, original, *written],
        reason=row.note,
    )
    return row.id


def _held(sales_invoice_id: UUID) -> SalesInvoice:
    """The invoice with its order, under the order's lock."""
    row = queries.invoice(sales_invoice_id)
    if row is None:
        raise Refusal("SALES_INVOICE_UNKNOWN_HERE")
    if lock_stream(row.order.stream):
        row.refresh_from_db(from_queryset=queries.invoices())
    return row


def _write(original: SalesInvoice, draft: Draft, reason: str) -> SalesInvoice:
    """The credit note's row, written, and its XML queued."""
    facts = queries.facts_of(original.order, ())
    seller = party(original.seller_id)
    rules.check_parties(facts, vat_registered=seller.vat_registered)
    issued = today()
    row = SalesInvoice(
        seller_id=original.seller_id,
        order_id=original.order_id,
        kind=CREDIT_NOTE,
        credits=original,
        note=reason,
        number=next_number(original.seller_id, "sales_credit_note"),
        issue_date=issued,
        due_date=issued,
        delivered_on=original.delivered_on,
        net=draft.net,
        vat=draft.vat,
        gross=draft.gross,
        created_at=work().at,
    )
    document = bills.credit_note(
        facts,
        draft,
        seller,
        number=row.number,
        issued=issued,
        delivered=original.delivered_on,
        credits=(original.number, original.issue_date),
        reason=reason,
    )
    row.message_id = rows.queue_bill(facts, seller, row, document)
    row.save(force_insert=True)
    return row


def _free(original: SalesInvoice, draft: Draft) -> list[rows.Ordered]:
    """Goods that come back may be invoiced again; those of a rejected invoice were free already."""
    back: dict[UUID, int] = {}
    for one in draft.lines:
        if not one.amount_only:
            back[one.line.id] = back.get(one.line.id, 0) + one.quantity
    if original.released or not back:
        return []
    order, lines = hold(original.order_id)
    return rows.free(order, lines, back)
