"""Reads of the seller's side. Everything is scoped to the viewer's organisation as seller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum

from avrop.messaging import queries as messaging
from avrop.messaging.facts import MessageFacts
from avrop.portal.facts import (
    DISPUTED_INVOICE,
    INVOICE,
    PAID_INVOICE,
    REJECTED_INVOICE,
    AskedLine,
    BilledLine,
    SalesChangeFacts,
    SalesInvoiceFacts,
    SalesLine,
    SalesOrderFacts,
)
from avrop.portal.models import (
    SalesChange,
    SalesChangeLine,
    SalesInvoice,
    SalesInvoiceLine,
    SalesOrder,
    SalesOrderLine,
    SellerProfile,
)
from avrop.portal.states import ACCEPTED, ASKED, CANCELLED, CHANGED, INVOICED, NEW, REJECTED
from avrop.tenancy.scope import viewer

_LINE = (
    "id", "position", "line_id", "seller_item_id", "name", "description", "note", "quantity", "unit_code",
    "price", "base_quantity", "net", "vat_category", "vat_rate", "free_text", "answer", "answer_quantity",
    "answer_price", "answer_note", "invoiced", "cancelled",
)  # fmt: skip
_INVOICE = (
    "id", "order_id", "number", "issue_date", "due_date", "net", "vat", "gross", "response_code",
    "response_note", "created_at", "kind", "credited", "stopped",
)  # fmt: skip
_ORDER = (
    "id", "seller_id", "number", "stream", "profile_id", "buyer_endpoint", "buyer_name", "buyer_orgnr",
    "buyer_reference", "buyer_address", "delivery", "marking", "contract", "note", "response_wanted",
    "currency", "net", "vat", "gross", "issue_date", "state", "received_at", "answered_at", "answer_note",
    "message_id", "sha256", "changes_asked",
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
        lines=tuple(_line(line) for line in lines),
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
    lines = SalesOrderLine.objects.filter(order_id=OuterRef("pk")).order_by().values("order_id")
    return SalesOrder.objects.annotate(line_count=Subquery(lines.annotate(n=Count("id")).values("n")))


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
    rows = orders().exclude(state=NEW, response_wanted=True).order_by("received_at")
    for state in (INVOICED, CANCELLED, REJECTED):  # in the words of the index `sales_order_to_invoice`
        rows = rows.exclude(state=state)
    return rows


def orders_that_wait(rows: Any, what: str) -> Any:
    """The orders that wait for the seller: `answer`, `change` (an answer to it) or `invoice`."""
    waits = {
        "answer": Q(state=NEW, response_wanted=True),
        "change": Q(changes_asked__gt=0),
        "invoice": TO_INVOICE,
    }
    return rows.filter(waits[what])


TO_INVOICE = Q(state__in=(ACCEPTED, CHANGED)) | Q(state=NEW, response_wanted=False)


def invoices() -> Any:
    """All invoices and credit notes as a queryset of rows with their order, for lists."""
    return SalesInvoice.objects.select_related("order", "credits")


def invoices_that_wait(rows: Any, what: str) -> Any:
    """The invoices that wait for the seller's credit note (`credit`) or the buyer's `payment`."""
    waits = {"credit": TO_CREDIT, "payment": Q(kind=INVOICE, credited__lt=F("gross")) & TO_BE_PAID}
    return rows.filter(waits[what])


def credit_notes(row: SalesInvoice) -> list[SalesInvoice]:
    """The credit notes to an invoice, oldest first; none to a credit note."""
    if row.kind != INVOICE:
        return []
    return list(SalesInvoice.objects.filter(credits_id=row.id).order_by("number"))


def stopped(row: SalesInvoice) -> MessageFacts | None:
    """The message of an invoice that never came into the buyer's books: not delivered, or rejected there (MLS)."""
    message = messaging.message(row.message_id)
    return message if message and message.state in ("failed", "rejected") else None


def invoice(invoice_id: UUID) -> SalesInvoice | None:
    """One invoice's row with its order."""
    found: SalesInvoice | None = invoices().filter(id=invoice_id).first()
    return found


def billed(invoice_id: UUID) -> list[BilledLine]:
    """The lines of an invoice with what is credited of each, in one statement."""
    goods = Sum("credit_lines__quantity", filter=Q(credit_lines__amount_only=False))
    rows = (
        SalesInvoiceLine.objects.filter(invoice_id=invoice_id)
        .select_related("order_line")
        .annotate(back=goods, credited=Sum("credit_lines__net"))
        .order_by("position")
    )
    return [
        BilledLine(
            row.id, row.position, _line(row.order_line), row.quantity, row.price, row.net,
            row.back or 0, row.credited or 0,
        )
        for row in rows
    ]  # fmt: skip


def credited_before(invoice_id: UUID) -> list[dict[tuple[str, int], int]]:
    """What each credit note to an invoice took of each (VAT category, rate), in øre without VAT, oldest first."""
    rows = (
        SalesInvoiceLine.objects.filter(invoice__credits_id=invoice_id)
        .values_list("invoice__number", "order_line__vat_category", "order_line__vat_rate")
        .annotate(base=Sum("net"))
        .order_by("invoice__number")
    )
    found: dict[str, dict[tuple[str, int], int]] = {}
    for number, category, rate, base in rows:
        found.setdefault(number, {})[category, rate] = base
    return list(found.values())


def left_of(invoice_id: UUID) -> dict[UUID, int]:
    """Order line's id -> the scaled quantity that an invoice bills and no credit note has taken back."""
    left: dict[UUID, int] = defaultdict(int)
    for one in billed(invoice_id):
        left[one.line.id] += one.quantity_left
    return left


def _line(row: SalesOrderLine) -> SalesLine:
    return SalesLine(*(getattr(row, name) for name in _LINE))


def invoice_lines(invoice_id: UUID) -> list[SalesInvoiceLine]:
    """The lines of an invoice with the order lines they bill, in one statement."""
    return list(SalesInvoiceLine.objects.filter(invoice_id=invoice_id).select_related("order_line"))


def figures() -> dict[str, int]:
    """Counts of the first page: new, to_invoice, asked, to_credit, disputed; owed in øre. Four statements."""
    waiting = SalesOrder.objects.filter(state__in=(NEW, ACCEPTED, CHANGED))
    counts = waiting.aggregate(
        new=Count("id", filter=Q(state=NEW, response_wanted=True)), to_invoice=Count("id", filter=TO_INVOICE)
    )
    sent = SalesInvoice.objects.filter(kind=INVOICE, stopped=False).aggregate(
        disputed=Count("response_code", filter=Q(response_code=DISPUTED_INVOICE)),
        owed=Sum(F("gross") - F("credited"), filter=~Q(response_code__in=(REJECTED_INVOICE, PAID_INVOICE))),
    )
    return {
        **counts,
        "asked": SalesOrder.objects.filter(changes_asked__gt=0).count(),
        "to_credit": SalesInvoice.objects.filter(TO_CREDIT).count(),
        "disputed": sent["disputed"],
        "owed": sent["owed"] or 0,
    }


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


# --- changes and cancellations --------------------------------------------------------------------

_ASKED = (
    "id", "position", "line_id", "action", "seller_item_id", "name", "description", "note", "quantity",
    "unit_code", "price", "base_quantity", "net", "vat_category", "vat_rate", "free_text", "answer",
    "stood_quantity", "stood_price",
)  # fmt: skip
_CHANGE = (
    "id", "order_id", "kind", "number", "sequence", "issue_date", "note", "header", "state", "answer_note",
    "received_at", "answered_at", "message_id",
)  # fmt: skip


def change(change_id: UUID, standing: Iterable[SalesLine] | None = None) -> SalesChangeFacts | None:
    """One change with its lines beside those that stand (`standing`; None: read here)."""
    row = SalesChange.objects.filter(id=change_id).values(*_CHANGE).first()
    if row is None:
        return None
    if standing is None:
        found = SalesOrderLine.objects.filter(order_id=row["order_id"]).values_list(*_LINE)
        standing = [SalesLine(*one) for one in found]
    lines = SalesChangeLine.objects.filter(change_id=change_id).order_by("position").values_list(*_ASKED)
    return _change(row, lines, standing)


def change_facts(
    row: SalesChange, lines: Iterable[SalesChangeLine], standing: Iterable[SalesLine]
) -> SalesChangeFacts:
    """The facts of rows that an operation holds already."""
    values = [tuple(getattr(line, name) for name in _ASKED) for line in lines]
    return _change({name: getattr(row, name) for name in _CHANGE}, values, standing)


def _change(
    row: Mapping[str, Any], lines: Iterable[tuple[Any, ...]], standing: Iterable[SalesLine]
) -> SalesChangeFacts:
    now = {line.line_id: line for line in standing}
    asked = tuple(
        AskedLine(**dict(zip(_ASKED, line, strict=True)), standing=now.get(line[2])) for line in lines
    )
    return SalesChangeFacts(**row, lines=asked)


def changes_of(order_id: UUID) -> list[SalesChangeFacts]:
    """The changes of an order without their lines, oldest first."""
    rows = SalesChange.objects.filter(order_id=order_id).order_by("received_at", "id").values(*_CHANGE)
    return [SalesChangeFacts(**row) for row in rows]


def changes_asked() -> Any:
    """Changes and cancellations that wait for an answer, oldest first, as rows with their order."""
    return SalesChange.objects.filter(state=ASKED).select_related("order").order_by("received_at")


def to_credit() -> Any:
    """Invoices that a credit note is due to: the buyer asks for one, has rejected them or never got them."""
    return invoices().filter(TO_CREDIT).order_by("issue_date", "id")


TO_BE_PAID = Q(stopped=False) & ~Q(response_code__in=(REJECTED_INVOICE, PAID_INVOICE))
TO_CREDIT = Q(credited__lt=F("gross"), kind=INVOICE) & (
    ~Q(asked="") | Q(response_code=REJECTED_INVOICE) | Q(stopped=True)
)
