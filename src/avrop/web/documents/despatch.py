"""A despatch advice, described: what is on its way, when it comes, and what follows later (Peppol T16)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from avrop.ubl.documents.despatch_advice import DespatchAdvice, DespatchLine, Shipment
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


def describe(one: DespatchAdvice, kind: str) -> Description:
    """When, by whom and for which order; then the lines with what is sent and what is left."""
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.despatch),
        head=section(_("About the document"), _head(one)),
        parties=said(
            parts.party(_("Sender of the goods"), one.despatch),
            parts.party(_("Goods recipient"), one.delivery),
            parts.party(_("Buyer"), one.buyer),
            parts.party(_("Seller"), one.seller),
            parts.party(_("Originator"), one.originator),
            parts.party(_("Delivered to"), one.shipment.delivery_party if one.shipment else None),
        ),
        lines=_lines(one),
        rest=said(
            _shipment(one.shipment),
            parts.papers(one.documents),
            parts.notes(one.notes),
            parts.technical(one.customization_id, one.profile_id),
        ),
        notices=_later(one),
        lines_first=True,
    )


def _later(one: DespatchAdvice) -> tuple[Notice, ...]:
    count = sum(1 for line in one.lines if line.outstanding and line.outstanding.value)
    if not count:
        return ()
    text = ngettext(
        "Something is left of %(count)s line.", "Something is left of %(count)s lines.", count
    ) % {"count": count}
    return (Notice("warning", _("Not everything comes now"), text),)


def _head(one: DespatchAdvice) -> Iterator[Field]:
    shipment = one.shipment or Shipment()
    yield field(_("Order number"), ", ".join(one.order_references))
    yield field(_("Expected delivery"), words.period(shipment.expected))
    yield field(_("Sent"), words.when(shipment.despatched, shipment.despatched_at))
    yield field(_("Carrier"), transport.carrier(shipment.carrier))
    yield field(_("Tracking number"), shipment.tracking_id)
    yield field(_("Pallets and packages"), words.quantity(shipment.handling_units))
    yield field(_("Contact at the delivery"), parts.contact(one.delivery_contact))
    yield field(_("Number"), one.id)
    yield field(_("Date"), words.when(one.issue_date, one.issue_time))


def _shipment(one: Shipment | None) -> Section | None:
    if one is None:
        return None
    fields = (
        field(_("Shipment"), words.identifier(one.id)),
        field(_("Consignment"), words.identifier(one.consignment_id)),
        field(_("Means of transport"), words.code("transport_mode", one.transport_mode)),
        field(_("Gross weight"), words.quantity(one.gross_weight)),
        field(_("Gross volume"), words.quantity(one.gross_volume)),
        field(_("Sent from"), words.address(one.despatch_address)),
        *(field(_("Information"), text) for text in one.information),
        field(_("Information"), one.consignment_information),
    )
    return section(_("Shipment"), fields)


def _lines(one: DespatchAdvice) -> Table:
    columns = (
        Column(_("Item")),
        Column(_("Sent"), numeric=True),
        Column(_("Comes later"), numeric=True),
        Column(_("Order line")),
    )
    return Table(_("Lines"), columns, Rows(one.lines, _line))


def _line(line: DespatchLine) -> Row:
    cells = (
        visible(line.item.name or _("Line %(number)s") % {"number": line.id}),
        words.quantity(line.quantity),
        words.quantity(line.outstanding),
        visible(line.order_line),
    )
    shipment = line.shipment
    more = (
        *(field(_("Comes later because"), reason) for reason in line.outstanding_reasons),
        field(_("Line"), line.id),
        field(_("Order number"), line.order_id),
        field(_("Seller's order line"), line.sales_order_line),
        *items.fields(line.item),
        field(_("VAT"), parts.tax(line.item.tax)),
        field(_("Shipment"), words.identifier(shipment.id) if shipment else ""),
        *(field(_("Packed in"), transport.unit_text(u)) for u in (shipment.units if shipment else ())),
        *(field(_("Document"), parts.paper_text(paper)) for paper in line.documents),
        field(_("Note"), line.note),
    )
    return Row(cells, tuple(one for one in more if one.value))
