"""An order, its change and its cancellation, described (Peppol T01, T114, T115)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from avrop.ubl.documents import order_change as change
from avrop.ubl.documents.order import Delivery, Order, OrderLine
from avrop.ubl.documents.order_cancellation import OrderCancellation
from avrop.web.documents import items, parts, words
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
from avrop.web.format import day


def describe(one: Order | change.OrderChange, kind: str) -> Description:
    """Everything the order or the change of it says, in the reader's language."""
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.buyer),
        head=section(_("About the document"), _head(one)),
        parties=said(
            parts.party(_("Buyer"), one.buyer),
            parts.party(_("Seller"), one.seller),
            parts.party(_("Invoice goes to"), one.invoicee),
            parts.party(_("Originator"), one.originator),
            parts.party(_("Goods recipient"), one.delivery.party if one.delivery else None),
        ),
        lines=_lines(one),
        tables=parts.charges_table(one.allowance_charges),
        totals=parts.totals(one.totals, one.tax_amount, one.currency, _("Total to pay")),
        rest=said(
            _delivery(_("Delivery"), one.delivery),
            section(_("References and terms"), _references(one)),
            parts.papers(one.documents),
            parts.notes(one.notes),
        ),
    )


def cancellation(one: OrderCancellation, kind: str) -> Description:
    """The order that is taken back, and why."""
    head = (
        field(_("Number"), one.id),
        field(_("Date"), words.when(one.issue_date, one.issue_time)),
        field(_("Order number"), one.order_reference),
        field(_("Contract"), one.contract_reference),
        field(_("Requisition"), one.originator_reference),
    )
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.buyer),
        head=section(_("About the document"), head),
        parties=said(
            parts.party(_("Buyer"), one.buyer),
            parts.party(_("Seller"), one.seller),
            parts.party(_("Originator"), one.originator),
        ),
        rest=said(
            parts.papers(one.documents),
            parts.notes(one.notes),
            parts.technical(one.customization_id, one.profile_id),
        ),
        notices=(Notice("warning", _("The buyer takes the order back"), visible(one.reason)),),
    )


def _head(one: Order | change.OrderChange) -> Iterator[Field]:
    yield field(_("Number"), one.id)
    yield field(_("Date"), words.when(one.issue_date, one.issue_time))
    if isinstance(one, change.OrderChange):
        yield field(_("Order number"), one.order_reference)
        yield field(_("Change number"), one.sequence_number)
    else:
        yield field(_("Type"), words.code("order_type", one.type_code))
    yield field(_("Currency"), one.currency)
    yield field(_("Buyer's reference"), one.customer_reference)
    yield field(_("Valid to"), day(one.validity_end))


def _references(one: Order | change.OrderChange) -> Iterator[Field]:
    yield field(_("Seller's order number"), one.sales_order_id)
    yield field(_("Contract"), one.contract_reference)
    if isinstance(one, Order):
        yield field(_("Project"), one.project_reference)
        yield field(_("Catalogue"), one.catalogue_reference)
        yield field(_("Rejected order"), one.rejected_order_reference)
    yield field(_("Quotation"), one.quotation_reference)
    yield field(_("Requisition"), one.originator_reference)
    yield field(_("Buyer's accounting reference"), one.accounting_cost)
    yield field(_("Terms of payment"), one.payment_terms)
    yield field(_("Terms of delivery"), parts.terms_of_delivery(one.delivery_terms))
    yield field(_("Specification"), one.customization_id)
    yield field(_("Process"), one.profile_id)


def _delivery(title: str, one: Delivery | None) -> Section | None:
    if one is None:
        return None
    fields = (
        field(_("Number"), words.identifier(one.id)),
        field(_("Delivered between"), words.period(one.period)),
        field(_("To"), one.party.display_name if one.party else ""),
        field(_("Contact"), parts.contact(one.party.contact) if one.party else ""),
        field(_("Place"), words.joined((one.location_name, words.identifier(one.location_id)))),
        field(_("Delivery address"), words.address(one.address)),
        field(_("Sent by"), words.when(one.despatch_date, one.despatch_time)),
        field(_("Shipment"), one.shipment_id),
        field(_("Priority"), words.code("priority", one.shipping_priority)),
        field(_("Marking"), one.shipping_marks),
    )
    return section(title, fields)


def _lines(one: Order | change.OrderChange) -> Table:
    columns = [
        Column(_("Item")),
        Column(_("Quantity"), numeric=True),
        Column(_("Price"), numeric=True),
        Column(_("VAT"), numeric=True),
        Column(_("Net"), numeric=True),
    ]
    return Table(_("Lines"), tuple(columns), Rows(one.lines, _line))


def _line(line: OrderLine) -> Row:
    cells = (
        visible(line.item.name),
        words.quantity(line.quantity),
        visible(parts.price(line.price)),
        visible(parts.tax(line.item.tax)),
        words.amount(line.line_extension_amount),
    )
    delivery = _delivery("", line.delivery)
    more = (
        field(_("Line"), line.id),
        *_status(line),
        *items.fields(line.item),
        field(_("Line of the quotation"), line.quotation_line),
        field(_("Partial delivery allowed"), words.yes_no(line.partial_delivery)),
        field(_("Buyer's accounting reference"), line.accounting_cost),
        field(_("Originator"), parts.in_short(line.originator)),
        *(delivery.fields if delivery else ()),
        *parts.price_fields(line.price),
        field(_("Goods recipient"), parts.in_short(line.delivery.party) if line.delivery else ""),
        *parts.charge_fields(line.allowance_charges),
        field(_("Note"), line.note),
    )
    return Row(cells, tuple(one for one in more if one.value))


def _status(line: OrderLine) -> tuple[Field, ...]:
    if not isinstance(line, change.OrderChangeLine):
        return ()
    told = {
        change.ADDED: _("added"),
        change.DELETED: _("taken out"),
        change.CHANGED: _("changed"),
        change.NO_ACTION: _("as before"),
        change.REOPENED: _("opened again"),
    }
    return (field(_("What happens to the line"), told.get(line.status_code, line.status_code)),)
