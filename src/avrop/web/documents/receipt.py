"""A receipt advice, described: what arrived, what is missing or turned away, and why (Peppol T128)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from avrop.ubl.documents.receipt_advice import ReceiptAdvice, ReceiptLine, ReceivedShipment
from avrop.web.documents import items, parts, transport, words
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Notice,
    Row,
    Rows,
    Section,
    Table,
    field,
    said,
    section,
    visible,
)


def describe(one: ReceiptAdvice, kind: str) -> Description:
    """What is missing and turned away comes first, then what came, line by line."""
    shipment = one.shipment
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.delivery),
        head=section(_("About the document"), _head(one)),
        parties=said(
            parts.party(_("Goods recipient"), one.delivery),
            parts.party(_("Sender of the goods"), one.despatch),
            parts.party(_("Buyer"), one.buyer),
            parts.party(_("Seller"), one.seller),
        ),
        lines=_lines(one),
        tables=transport.units_table(shipment.units if shipment else ()),
        rest=said(
            _shipment(shipment),
            parts.papers(one.documents),
            parts.notes(one.notes),
            parts.technical(one.customization_id, one.profile_id),
        ),
        notices=_notices(one),
        lines_first=True,
    )


def _notices(one: ReceiptAdvice) -> tuple[Notice, ...]:
    """The answer to the despatch advice as a whole, and what the lines add up to."""
    reference = one.despatch_reference
    answers = {
        "AB": ("info", _("The despatch advice is received")),
        "AP": ("success", _("The despatch advice is accepted")),
        "CA": ("warning", _("The despatch advice is accepted on conditions")),
        "RE": ("danger", _("The despatch advice is rejected")),
    }
    found = []
    why = visible(reference.description)
    if reference.status_code in answers:
        found.append(Notice(*answers[reference.status_code], why))
    elif why:
        found.append(Notice("info", _("About the despatch advice"), why))
    wrong = " ".join(_wrong(one))
    if wrong:
        found.append(Notice("warning", _("The delivery is not as it should be"), wrong))
    elif one.lines and all(line.received for line in one.lines):
        found.append(Notice("success", _("Everything is received")))
    return tuple(found)


def _wrong(one: ReceiptAdvice) -> Iterator[str]:
    if count := sum(1 for line in one.lines if line.short and line.short.value):
        yield ngettext(
            "Something is missing on %(count)s line.", "Something is missing on %(count)s lines.", count
        ) % {"count": count}
    if count := sum(1 for line in one.lines if line.rejected and line.rejected.value):
        yield ngettext(
            "Something is rejected on %(count)s line.", "Something is rejected on %(count)s lines.", count
        ) % {"count": count}
    if count := sum(1 for line in one.lines if line.oversupply and line.oversupply.value):
        yield ngettext("Too much came on %(count)s line.", "Too much came on %(count)s lines.", count) % {
            "count": count
        }


def _head(one: ReceiptAdvice) -> Iterator[Field]:
    reference = one.despatch_reference
    yield field(_("Despatch advice"), reference.id)
    yield field(_("Sent"), words.when(reference.issue_date, reference.issue_time))
    yield field(_("Answer"), words.code("receipt_status", reference.status_code))
    if one.shipment is not None:
        yield field(_("Delivered on"), words.when(one.shipment.delivered, one.shipment.delivered_at))
    yield field(_("Order number"), one.order_reference)
    yield field(_("Number"), one.id)
    yield field(_("Date"), words.when(one.issue_date, one.issue_time))
    yield field(_("Type"), words.code("receipt_type", one.type_code))
    yield field(_("Message status"), words.code("document_status", one.status_code))


def _shipment(one: ReceivedShipment | None) -> Section | None:
    if one is None:
        return None
    carrier = one.carrier
    fields = (
        field(_("Shipment"), words.identifier(one.id)),
        field(_("Condition"), transport.condition(one.condition, "arrival_reason")),
        field(_("Carrier"), transport.carrier(carrier)),
        field(_("Consignment"), words.identifier(one.consignment_id)),
        field(_("Information"), one.information),
        field(_("Terms of delivery"), parts.terms_of_delivery(one.delivery_terms)),
    )
    return section(_("Shipment"), fields)


def _lines(one: ReceiptAdvice) -> Table:
    columns = (
        Column(_("Item")),
        Column(_("Received"), numeric=True),
        Column(_("Missing"), numeric=True),
        Column(_("Rejected"), numeric=True),
        Column(_("Too much"), numeric=True),
    )
    return Table(_("Lines"), columns, Rows(one.lines, _line))


def _line(line: ReceiptLine) -> Row:
    name = line.item.name if line.item else ""
    cells = (
        visible(name or _("Line %(number)s") % {"number": line.id}),
        words.quantity(line.received),
        words.quantity(line.short),
        words.quantity(line.rejected),
        words.quantity(line.oversupply),
    )
    code = words.code("reject_reason", line.reject_reason_code)
    more = (
        field(_("Rejected because"), words.joined((code, line.reject_reason), ": ")),
        field(_("What to do with what is rejected"), words.code("receipt_action", line.reject_action)),
        field(_("What to do with what is missing"), words.code("receipt_action", line.shortage_action)),
        field(_("Note"), line.note),
        field(_("Line"), line.id),
        field(_("Line of the despatch advice"), line.despatch_line),
        field(_("Order number"), line.order_id),
        field(_("Order line"), line.order_line),
        field(_("Seller's order number"), words.joined((line.sales_order_id, line.sales_order_line))),
        *(items.fields(line.item) if line.item else ()),
        field(_("VAT"), parts.tax(line.item.tax) if line.item else ""),
    )
    return Row(cells, tuple(one for one in more if one.value))
