"""Reads of invoices."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from avrop.invoicing.documents import reference
from avrop.invoicing.facts import (
    INVOICE,
    DocumentCharge,
    InvoiceFacts,
    InvoiceLineFacts,
    VatPart,
)
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.invoicing.states import VALID
from avrop.kernel.ports import originals

_LINE = (
    "id",
    "position",
    "line_id",
    "order_reference",
    "order_line_reference",
    "seller_item_id",
    "name",
    "quantity",
    "unit_code",
    "price",
    "base_quantity",
    "net",
    "allowances",
    "charges",
    "vat_category",
    "vat_rate",
)


def invoices(ids: Iterable[UUID]) -> dict[UUID, InvoiceFacts]:
    """Invoices with their lines by id, in two statements."""
    wanted = set(ids)
    if not wanted:
        return {}
    lines: dict[UUID, list[InvoiceLineFacts]] = {}
    rows = InvoiceLine.objects.filter(invoice_id__in=wanted).order_by("invoice_id", "position")
    for row in rows.values_list("invoice_id", *_LINE):
        lines.setdefault(row[0], []).append(InvoiceLineFacts(*row[1:]))
    found = Invoice.objects.filter(id__in=wanted).defer("findings")
    return {row.id: _facts(row, tuple(lines.get(row.id, ()))) for row in found}


def invoice(invoice_id: UUID) -> InvoiceFacts:
    """One invoice with its lines. Raises Invoice.DoesNotExist."""
    found = invoices([invoice_id])
    if invoice_id not in found:
        raise Invoice.DoesNotExist(str(invoice_id))
    return found[invoice_id]


def with_lines(row: Invoice) -> InvoiceFacts:
    """A row that is read already, with its lines."""
    rows = InvoiceLine.objects.filter(invoice_id=row.id).order_by("position")
    return _facts(row, tuple(InvoiceLineFacts(*one) for one in rows.values_list(*_LINE)))


def header(invoice_id: UUID) -> InvoiceFacts:
    """One invoice without its lines, in one statement. Raises Invoice.DoesNotExist."""
    return _facts(Invoice.objects.defer("findings").get(id=invoice_id), ())


def header_of(row: Invoice) -> InvoiceFacts:
    """An invoice without its lines, from a row that is read already."""
    return _facts(row, ())


def by_order_numbers(numbers: Iterable[str]) -> list[InvoiceFacts]:
    """Invoices (without lines) whose header names one of these orders (BT-13), oldest first."""
    rows = Invoice.objects.defer("findings").filter(order_reference__in=set(numbers))
    return [_facts(row, ()) for row in rows.order_by("issue_date", "number")]


def in_streams(streams: Iterable[str]) -> list[InvoiceFacts]:
    """Invoices (without lines) of these purchases, in the order they came."""
    rows = Invoice.objects.defer("findings").filter(stream__in=set(streams))
    return [_facts(row, ()) for row in rows.order_by("received_at", "id")]


def headers(ids: Iterable[UUID]) -> list[InvoiceFacts]:
    """Some invoices without their lines, oldest first, in one statement; none asked for, none read."""
    wanted = set(ids)
    if not wanted:
        return []
    rows = Invoice.objects.defer("findings").filter(id__in=wanted)
    return [_facts(row, ()) for row in rows.order_by("issue_date", "number")]


def numbers(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Invoice numbers by id, in one statement."""
    return dict(Invoice.objects.filter(id__in=set(ids)).values_list("id", "number"))


def by_number(orgnr: str, number: str, *, but: UUID) -> UUID | None:
    """A seller's latest valid invoice of this number, another than `but`."""
    rows = Invoice.objects.filter(seller_orgnr=orgnr, number=number, state=VALID).exclude(id=but)
    return rows.order_by("-received_at").values_list("id", flat=True).first()


def streams(ids: Iterable[UUID]) -> set[str]:
    """The streams that these invoices are told on, in one statement; none asked for, none read."""
    wanted = set(ids)
    return set(Invoice.objects.filter(id__in=wanted).values_list("stream", flat=True)) if wanted else set()


def of_seller(orgnr: str) -> Any:
    """A seller's valid invoices (no credit notes) as a queryset: what a credit note of theirs may be for."""
    rows = Invoice.objects.filter(seller_orgnr=orgnr, kind=INVOICE, state=VALID)
    return rows.defer("findings", "document_charges", "vat_breakdown")


def credited_by(invoice_id: UUID) -> list[UUID]:
    """The credit notes that are tied to an invoice."""
    found = Invoice.objects.filter(id=invoice_id).values_list("credited_by", flat=True).first()
    return [UUID(one) for one in found or ()]


def original(invoice_id: UUID) -> tuple[str, bytes]:
    """(SHA-256, the bytes exactly as they came). Raises Invoice.DoesNotExist, KeyError when they are gone."""
    sha256 = Invoice.objects.values_list("sha256", flat=True).get(id=invoice_id)
    return sha256, originals().get(sha256)


def findings(invoice_id: UUID) -> list[dict[str, Any]]:
    """The findings stored with an invoice."""
    return list(Invoice.objects.values_list("findings", flat=True).get(id=invoice_id))


def all_invoices() -> Any:
    """The viewer's invoices as a queryset for a list."""
    return Invoice.objects.defer("findings", "document_charges", "vat_breakdown")


def _facts(row: Any, lines: tuple[InvoiceLineFacts, ...]) -> InvoiceFacts:
    return InvoiceFacts(
        id=row.id,
        buyer_id=row.buyer_id,
        stream=row.stream,
        kind=row.kind,
        number=row.number,
        issue_date=row.issue_date,
        due_date=row.due_date,
        currency=row.currency,
        order_reference=row.order_reference,
        buyer_reference=row.buyer_reference,
        supplier_id=row.supplier_id,
        seller_name=row.seller_name,
        seller_orgnr=row.seller_orgnr,
        payment_reference=row.payment_reference,
        bank_account=row.bank_account,
        line_total=row.line_total,
        net=row.net,
        vat=row.vat,
        gross=row.gross,
        rounding=row.rounding,
        payable=row.payable,
        charges=tuple(DocumentCharge(**one) for one in row.document_charges),
        vat_parts=tuple(VatPart(**one) for one in row.vat_breakdown),
        state=row.state,
        sha256=row.sha256,
        lines=lines,
        allowances=row.allowances,
        charges_total=row.charges,
        prepaid=row.prepaid,
        received_at=row.received_at,
        response_code=row.response_code,
        message_id=row.message_id,
        preceding=tuple(reference(one) for one in row.preceding_all),
        credits=tuple(UUID(one) for one in row.credits),
        credited_by=tuple(UUID(one) for one in row.credited_by),
        looks_like=row.looks_like,
        buyer_orgnr=row.buyer_orgnr,
    )
