"""An order agreement, described: an order that was made by telephone or in a shop, written down (Peppol T110)."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from avrop.ubl.documents.order_agreement import AgreedDelivery, OrderAgreement, OrderAgreementLine
from avrop.web.documents import items, parts, words
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
    Notice,
    Row,
    Rows,
    Table,
    field,
    said,
    section,
    visible,
)


def describe(one: OrderAgreement, kind: str) -> Description:
    """What was agreed on, what it costs and when it comes."""
    tax = one.tax_total
    delivery = one.delivery or AgreedDelivery()
    vat = parts.vat_table(tax.subtotals) if tax and tax.subtotals else None
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.seller),
        head=section(_("About the document"), _head(one, delivery)),
        parties=said(
            parts.party(_("Seller"), one.seller),
            parts.party(_("Buyer"), one.buyer),
            parts.party(_("Delivered to"), delivery.party),
            parts.party(_("Invoice goes to"), one.invoicee),
            parts.party(_("Originator"), one.originator),
        ),
        lines=_lines(one),
        tables=(*parts.charges_table(one.allowance_charges), *((vat,) if vat else ())),
        totals=parts.totals(one.totals, tax.amount if tax else None, one.currency, _("Total to pay")),
        rest=said(
            section(_("References and terms"), _references(one)),
            parts.papers(one.documents),
            parts.notes(one.notes),
            parts.technical(one.customization_id, one.profile_id),
        ),
        notices=(Notice("info", _("The seller has written down an order that was made elsewhere")),),
    )


def _head(one: OrderAgreement, delivery: AgreedDelivery) -> Iterator[Field]:
    yield field(_("Order number"), one.order_reference)
    yield field(_("Promised"), words.period(delivery.promised_period))
    yield field(_("Quantity"), words.quantity(delivery.quantity))
    yield field(_("Buyer's reference"), one.customer_reference)
    yield field(_("Number"), one.id)
    yield field(_("Date"), words.when(one.issue_date, one.issue_time))
    yield field(_("Currency"), one.currency)


def _references(one: OrderAgreement) -> Iterator[Field]:
    yield field(_("Seller's order number"), one.sales_order_id)
    yield field(_("Contract"), one.contract_reference)
    yield field(_("Requisition"), one.originator_reference)
    yield field(_("Contact at the delivery"), parts.contact(one.delivery_contact))
    yield field(_("Terms of delivery"), parts.terms_of_delivery(one.delivery_terms))
    if one.tax_total and not one.totals:
        yield field(_("VAT"), words.amount(one.tax_total.amount, one.tax_total.currency))


def _lines(one: OrderAgreement) -> Table:
    columns = (
        Column(_("Item")),
        Column(_("Quantity"), numeric=True),
        Column(_("Price"), numeric=True),
        Column(_("VAT"), numeric=True),
        Column(_("Net"), numeric=True),
    )
    return Table(_("Lines"), columns, Rows(one.lines, _line))


def _line(line: OrderAgreementLine) -> Row:
    cells = (
        visible(line.item.name),
        words.quantity(line.quantity),
        visible(parts.price(line.price)),
        visible(parts.tax(line.item.tax)),
        words.amount(line.line_extension_amount),
    )
    delivery = line.delivery or AgreedDelivery()
    more = (
        field(_("Line"), line.id),
        field(_("Promised"), words.period(delivery.promised_period)),
        field(_("Quantity that is delivered"), words.quantity(delivery.quantity)),
        field(_("Delivered to"), parts.in_short(delivery.party)),
        *items.fields(line.item),
        *parts.price_fields(line.price),
        field(_("Note"), line.note),
    )
    return Row(cells, tuple(one for one in more if one.value))
