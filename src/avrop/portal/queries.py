"""Reads of the seller's side. Everything is scoped to the viewer's organisation as seller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Sum

from avrop.portal.facts import SalesInvoiceFacts, SalesLine, SalesOrderFacts
from avrop.portal.models import SalesInvoice, SalesInvoiceLine, SalesOrder, SalesOrderLine, SellerProfile
from avrop.portal.states import ACCEPTED, CHANGED, NEW
from avrop.tenancy.scope import viewer

_LINE = (
    "id", "position", "line_id", "seller_item_id", "name", "description", "note", "quantity", "unit_code",
    "price", "base_quantity", "net", "vat_category", "vat_rate", "free_text", "answer", "answer_quantity",
    "answer_price", "answer_note", "invoiced",
)  # fmt: skip
_INVOICE = (
    "id", "order_id", "number", "issue_date", "due_date", "net", "vat", "gross", "response_code",
    "response_note", "created_at",
)  # fmt: skip
_ORDER = (
    "id", "seller_id", "number", "stream", "profile_id", "buyer_endpoint", "buyer_name", "buyer_orgnr",
    "buyer_reference", "buyer_address", "delivery", "marking", "contract", "note", "response_wanted",
    "currency", "net", "vat", "gross", "issue_date", "state", "received_at", "answered_at", "answer_note",
    "message_id", "sha256",
)  # fmt: skip


def order(order_id: UUID) -> SalesOrderFacts | None:
    """One sales order with lines and invoices, in three statements."""
    row = SalesOrder.objects.filter(id=order_id).values(*_ORDER).first()
    if row is None:
        return None
    lines = SalesOrderLine.objects.filter(order_id=order_id).order_by("position").values_list(*_LINE)
    invoices = SalesInvoice.objects.filter(order_id=order_id).order_by("number").values_list(*_INVOICE)
    return SalesOrderFacts(
        **row,
        lines=tuple(SalesLine(*line) for line in lines),
        invoices=tuple(SalesInvoiceFacts(*one) for one in invoices),
    )


def facts_of(
    row: SalesOrder, lines: Iterable[SalesOrderLine], invoices: Iterable[SalesInvoiceFacts] = ()
) -> SalesOrderFacts:
    """The facts of rows that an operation holds already."""
    return SalesOrderFacts(
        **{name: getattr(row, name) for name in _ORDER},
        lines=tuple(SalesLine(*(getattr(line, name) for name in _LINE)) for line in lines),
        invoices=tuple(invoices),
    )


def order_by_number(number: str) -> SalesOrderFacts | None:
    """The newest sales order with the buyer's number."""
    found = (
        SalesOrder.objects.filter(number=number).order_by("-received_at").values_list("id", flat=True).first()
    )
    return order(found) if found else None


def orders() -> Any:
    """All sales orders as a queryset of rows, for lists."""
    return SalesOrder.objects.annotate(line_count=Count("lines"))


def search(rows: Any, words: str) -> Any:
    """The orders in which every word is found: in number, buyer, reference or an item's name."""
    for word in words.split():
        named = SalesOrderLine.objects.filter(order_id=OuterRef("pk"), name__icontains=word)
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(buyer_name__icontains=word)
            | Q(buyer_reference__icontains=word)
            | Exists(named)
        )
    return rows


def waiting_for_answer() -> Any:
    """New orders that the buyer wants an answer to, oldest first."""
    return orders().filter(state=NEW, response_wanted=True).order_by("received_at")


def to_invoice() -> Any:
    """Orders to deliver and invoice: answered, or in need of no answer; oldest first."""
    return orders().filter(TO_INVOICE).order_by("received_at")


TO_INVOICE = Q(state__in=(ACCEPTED, CHANGED)) | Q(state=NEW, response_wanted=False)


def invoices() -> Any:
    """All invoices as a queryset of rows with their order, for lists."""
    return SalesInvoice.objects.select_related("order")


def invoice(invoice_id: UUID) -> SalesInvoice | None:
    """One invoice's row with its order."""
    found: SalesInvoice | None = invoices().filter(id=invoice_id).first()
    return found


def invoice_lines(invoice_id: UUID) -> list[SalesInvoiceLine]:
    """The lines of an invoice with the order lines they bill, in one statement."""
    return list(SalesInvoiceLine.objects.filter(invoice_id=invoice_id).select_related("order_line"))


def figures() -> dict[str, int]:
    """Counts of the first page: new, to_invoice, underway, rejected; owed in øre. Two statements."""
    counts = SalesOrder.objects.aggregate(
        new=Count("id", filter=Q(state=NEW, response_wanted=True)), to_invoice=Count("id", filter=TO_INVOICE)
    )
    sent = SalesInvoice.objects.aggregate(
        underway=Count("id", filter=~Q(response_code__in=("RE", "PD", "AP"))),
        rejected=Count("id", filter=Q(response_code="RE")),
        owed=Sum("gross", filter=~Q(response_code__in=("RE", "PD"))),
    )
    return {**counts, **sent, "owed": sent["owed"] or 0}


def invoices_of(order_ids: Iterable[UUID]) -> dict[UUID, list[SalesInvoiceFacts]]:
    """The invoices of some orders, in one statement."""
    found: dict[UUID, list[SalesInvoiceFacts]] = defaultdict(list)
    rows = SalesInvoice.objects.filter(order_id__in=list(order_ids)).order_by("number").values_list(*_INVOICE)
    for row in rows:
        one = SalesInvoiceFacts(*row)
        found[one.order_id].append(one)
    return found


def bank_account() -> str:
    """The account that the seller's invoices are paid to; empty when none is registered."""
    rows = SellerProfile.objects.filter(seller_id=viewer().organisation_id)
    return rows.values_list("bank_account", flat=True).first() or ""
