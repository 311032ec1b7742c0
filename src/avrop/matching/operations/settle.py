"""What an event sets going: the purchase's open invoices are judged anew, and what changed is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.invoicing.states import VALID
from avrop.journal.operation import operation
from avrop.matching import rules, states
from avrop.matching.models import Match, MatchOrder
from avrop.matching.operations.gather import Gathered, gather, lock_and_read
from avrop.matching.operations.write import write_outcome
from avrop.ordering import queries as ordering

_ROUNDS = 20  # each round but the last approves a credit note, which makes room for others


@dataclass(frozen=True)
class Click:
    """What a person just did to one invoice: goes into its row and entry, whatever the outcome is."""

    invoice_id: UUID
    by: UUID | None
    approve: bool = False
    first: Sequence[object] = ()
    also: Sequence[Any] = ()
    reason: str = ""


@operation
def match_invoice(*, invoice_id: UUID) -> None:
    """Match a new invoice or credit note with orders, receipts and each other. Done before: nothing.

    Records exactly one event for it, and one for every other open invoice of the purchase that it changes.
    """
    found = _of_invoice(invoice_id)
    if found is not None and invoice_id not in found.judged:
        settle(found)


@operation
def rematch_credit(*, credit_id: UUID, left: Sequence[UUID] = ()) -> None:
    """A credit note was tied to its originals: judge it with them, and those it `left` without it.

    Decided meanwhile: nothing but for those.
    """
    judged = Match.objects.filter(invoice_id__in=left, state__in=(*states.OPEN, states.WITHOUT_ORDER))
    behind = sorted(judged.values_list("invoice_id", flat=True))
    found = _of_invoice(credit_id, judged=True, also=behind)
    if found is None or (credit_id not in found.invoices and not behind):
        return
    row = found.matches.get(credit_id)
    if row is not None:
        row.stream = found.invoices[credit_id].stream
    settle(found)


def _of_invoice(invoice_id: UUID, *, judged: bool = False, also: Sequence[UUID] = ()) -> Gathered | None:
    invoice = invoicing.invoice(invoice_id)
    if invoice.state != VALID:
        return None
    others = invoicing.invoices(also)
    tied = (*read_tied(invoice), *others.values())
    streams = {invoice.stream, *invoicing.streams({*invoice.credits, *invoice.credited_by, *also})}
    numbers = {number for one in (invoice, *tied) for number in rules.order_numbers(one)}
    orders = lock_and_read(streams, numbers)
    if not orders and not tied and Match.objects.filter(invoice_id=invoice_id).exists():
        return None
    return gather(orders, [invoice, *others.values()], judged=judged)


def read_tied(invoice: InvoiceFacts) -> tuple[InvoiceFacts, ...]:
    """What a credit note ties to an invoice, or an invoice to its credit notes."""
    return tuple(invoicing.invoices({*invoice.credits, *invoice.credited_by}).values())


@operation
def rematch_order(*, order_id: UUID) -> None:
    """After a receipt, a return or an accepted change: judge the order's open invoices again."""
    waiting = MatchOrder.objects.filter(order_id=order_id, match__state__in=states.OPEN)
    if not waiting.exists():
        return
    order = ordering.order(order_id)
    if order is None:
        return
    settle(gather(lock_and_read([order.stream], [order.number])))


@operation
def rematch_supplier(*, supplier_id: UUID) -> None:
    """After something about a supplier changed (a bank account was confirmed): judge its open invoices again."""
    judged = (*states.OPEN, states.WITHOUT_ORDER)  # one without order is stopped too by an account withdrawn
    waiting = Match.objects.filter(invoice__supplier_id=supplier_id, state__in=judged)
    seen = list(waiting.order_by("id").values_list("invoice_id", "stream"))
    if not seen:
        return
    invoices = invoicing.invoices(ident for ident, _ in seen)
    numbers = {number for one in invoices.values() for number in rules.order_numbers(one)}
    orders = lock_and_read({stream for _, stream in seen}, numbers)
    settle(gather(orders, invoices.values(), judged=True))


def settle(found: Gathered, click: Click | None = None) -> None:
    """Judge and write, again as long as an approved credit note makes room for other invoices."""
    for _ in range(_ROUNDS):
        outcomes = found.judge()
        invoices = dict(found.invoices)
        for key, outcome in outcomes.items():
            mine = click if click is not None and click.invoice_id == key else None
            if mine is None:
                write_outcome(found, invoices[key], outcome)
            else:
                click = None
                write_outcome(
                    found, invoices[key], outcome,
                    by=mine.by, approve=mine.approve, first=mine.first, also=mine.also, reason=mine.reason,
                )  # fmt: skip
        if not any(key in found.known for key in found.fresh):
            return
