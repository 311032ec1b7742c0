"""What an event sets going: the purchase's open invoices are judged anew, and what changed is written."""

from __future__ import annotations

from uuid import UUID

from avrop.invoicing import queries as invoicing
from avrop.invoicing.states import VALID
from avrop.journal.operation import operation
from avrop.journal.within import lock_stream
from avrop.matching import rules
from avrop.matching.models import Match, MatchOrder
from avrop.matching.operations.gather import Gathered, gather, lock_and_read
from avrop.matching.operations.write import write_outcome
from avrop.matching.states import OPEN
from avrop.ordering import queries as ordering


@operation
def match_invoice(*, invoice_id: UUID) -> None:
    """Match a new invoice with its orders and receipts. Done before: nothing.

    Records exactly one of InvoiceApproved, InvoiceMatched, InvoiceAwaitsReceipt, InvoiceDeviates and
    InvoiceWithoutOrder for it, and one for every other open invoice of the purchase that it changes.
    """
    invoice = invoicing.invoice(invoice_id)
    if invoice.state != VALID:
        return
    lock_stream(invoice.stream)
    orders = lock_and_read([invoice.stream], rules.order_numbers(invoice))
    found = gather(orders, [invoice])
    if invoice_id in found.judged or (not orders and Match.objects.filter(invoice_id=invoice_id).exists()):
        return
    settle(found)


@operation
def rematch_order(*, order_id: UUID) -> None:
    """After a receipt or an accepted change: judge the order's open invoices again."""
    waiting = MatchOrder.objects.filter(order_id=order_id, match__state__in=OPEN)
    if not waiting.exists():
        return
    order = ordering.order(order_id)
    if order is None:
        return
    settle(gather(lock_and_read([order.stream], [order.number])))


def settle(found: Gathered) -> None:
    """Judge and write."""
    for invoice_id, outcome in rules.settle(found.open(), found.approved).items():
        write_outcome(found, found.invoices[invoice_id], outcome)
