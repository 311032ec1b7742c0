"""Rows that the portal's operations write. Each needs an operation in progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from avrop.journal.within import label
from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import BadIdentifier, clean_account
from avrop.messaging.within import enqueue
from avrop.portal import queries, rules
from avrop.portal.facts import CREDIT_NOTE, Draft, SalesOrderFacts
from avrop.portal.models import SalesInvoice, SalesInvoiceLine, SalesOrder, SalesOrderLine
from avrop.portal.states import INVOICED, REJECTED, may_move
from avrop.tenancy.facts import Party
from avrop.ubl.documents import invoice as invoice_xml
from avrop.ubl.documents import order_response as response_xml
from avrop.ubl.documents import order_response_advanced as advanced_xml
from avrop.ubl.identify import document_type_id

Ordered = SalesOrderLine | SalesOrder


def bill_lines(row: SalesInvoice, draft: Draft) -> list[SalesInvoiceLine]:
    """The lines of an invoice or credit note whose row is written."""
    rows = [
        SalesInvoiceLine(
            seller_id=row.seller_id,
            invoice=row,
            order_line_id=one.line.id,
            credits_id=one.billed,
            amount_only=one.amount_only,
            position=one.position,
            quantity=one.quantity,
            price=one.price,
            net=one.net,
        )
        for one in draft.lines
    ]
    SalesInvoiceLine.objects.bulk_create(rows)
    return rows


def count_invoiced(
    order: SalesOrder, lines: Sequence[SalesOrderLine], facts: SalesOrderFacts, draft: Draft
) -> list[Ordered]:
    """Add to what is invoiced of each line; an order with nothing open any more is invoiced.

    `facts` are the order's before this invoice.
    """
    billed = {one.line.id: one.quantity for one in draft.lines}
    rows = [line for line in lines if line.id in billed]
    for line in rows:
        line.invoiced += billed[line.id]
    save_lines(rows, "invoiced")
    changed: list[Ordered] = [*rows]
    if all(line.open == billed.get(line.id, 0) for line in facts.lines):
        move(order, INVOICED)
        order.save(update_fields=["state"])
        changed.append(order)
    return changed


def free(order: SalesOrder, lines: Sequence[SalesOrderLine], quantities: Mapping[UUID, int]) -> list[Ordered]:
    """These quantities (by the order line's id) are not invoiced after all, so the order opens again."""
    changed: list[SalesOrderLine] = []
    for line in lines:
        if quantities.get(line.id):
            line.invoiced -= quantities[line.id]
            changed.append(line)
    if changed:
        save_lines(changed, "invoiced")
    return [*changed, *restate(order, lines)]


def restate(order: SalesOrder, lines: Sequence[SalesOrderLine]) -> list[SalesOrder]:
    """Bring the order's state in line with its lines. Returns the order when it was moved."""
    facts = queries.facts_of(order, lines)
    after = rules.state_of(facts.lines, answered=order.answered_at is not None)
    if order.state in (after, REJECTED):
        return []
    move(order, after)
    order.save(update_fields=["state"])
    return [order]


def save_lines(rows: list[SalesOrderLine], *columns: str) -> None:
    """Columns of existing lines, in one statement."""
    SalesOrderLine.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
    )


def bank_account() -> str:
    """The account to pay to. Raises Refusal BANK_ACCOUNT_MISSING."""
    try:
        return clean_account(queries.bank_account())
    except BadIdentifier:
        raise Refusal("BANK_ACCOUNT_MISSING") from None


def move(row: SalesOrder, state: str) -> None:
    """Set the order's state. Raises Refusal SALES_ORDER_STATE where `states.TRANSITIONS` lacks the move."""
    if not may_move(row.state, state):
        raise Refusal("SALES_ORDER_STATE", order=row.number)
    row.state = state


def next_response(row: SalesOrder) -> str:
    """The number of the next answer to the order or to a change of it. Save `responses` with the row."""
    row.responses += 1
    return f"{row.number}-S{row.responses}"


def queue_response(row: SalesOrder, document: response_xml.OrderResponse, *, refers_to: str = "") -> None:
    """Queue an Order Response (T76, or T116 under advanced ordering)."""
    advanced = isinstance(document, advanced_xml.OrderResponseAdvanced)
    enqueue(
        owner_id=row.seller_id,
        sender=str(document.seller.endpoint),
        receiver=row.buyer_endpoint,
        document_type="order_response_advanced" if advanced else "order_response",
        document_type_id=document_type_id("OrderResponse", document.customization_id),
        process_id=document.profile_id,
        number=document.id,
        refers_to=refers_to or label(row),
        stream=row.stream,
        body=(
            advanced_xml.write(document)
            if isinstance(document, advanced_xml.OrderResponseAdvanced)
            else response_xml.write(document)
        ),
    )


def queue_bill(
    facts: SalesOrderFacts, seller: Party, row: SalesInvoice, document: invoice_xml.Invoice
) -> UUID:
    """Queue an invoice or credit note; returns the message's id."""
    credit = row.kind == CREDIT_NOTE
    message = enqueue(
        owner_id=facts.seller_id,
        sender=seller.endpoint,
        receiver=facts.buyer_endpoint,
        document_type=row.kind,
        document_type_id=document_type_id("CreditNote" if credit else "Invoice", document.customization_id),
        process_id=document.profile_id,
        number=row.number,
        refers_to=label(row),
        stream=facts.stream,
        body=invoice_xml.write(document),
    )
    return message.id
