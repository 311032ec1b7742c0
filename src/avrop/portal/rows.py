"""Rows that the portal's operations write. Each needs an operation in progress."""

from __future__ import annotations

from collections.abc import Sequence

from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import BadIdentifier, clean_account
from avrop.portal import queries
from avrop.portal.facts import Draft, SalesOrderFacts
from avrop.portal.models import SalesInvoice, SalesInvoiceLine, SalesOrder, SalesOrderLine
from avrop.portal.states import INVOICED, may_move


def bill_lines(row: SalesInvoice, draft: Draft) -> list[SalesInvoiceLine]:
    """The lines of an invoice whose row is written."""
    rows = [
        SalesInvoiceLine(
            seller_id=row.seller_id,
            invoice=row,
            order_line_id=one.line.id,
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
) -> list[SalesOrderLine | SalesOrder]:
    """Add to what is invoiced of each line; an order with nothing open any more is invoiced.

    `facts` are the order's before this invoice.
    """
    billed = {one.line.id: one.quantity for one in draft.lines}
    rows = [line for line in lines if line.id in billed]
    for line in rows:
        line.invoiced += billed[line.id]
    save_lines(rows, "invoiced")
    changed: list[SalesOrderLine | SalesOrder] = [*rows]
    if all(line.open == billed.get(line.id, 0) for line in facts.lines):
        move(order, INVOICED)
        order.save(update_fields=["state"])
        changed.append(order)
    return changed


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
