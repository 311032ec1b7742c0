"""A shopping cart from a web shop, described (punch-out, Peppol T77)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from avrop.ubl.documents.punch_out import CartLine, ShoppingCart
from avrop.web.documents import items, parts, words
from avrop.web.documents.description import (
    Column,
    Description,
    Row,
    Rows,
    Table,
    field,
    said,
    section,
    visible,
)


def describe(one: ShoppingCart, kind: str) -> Description:
    """What was put in the basket of the shop, and until when the prices hold."""
    head = (
        field(_("Valid"), words.period(one.validity)),
        field(_("Contract"), one.contract_reference),
        field(_("What to do"), words.code("catalogue_action", one.action)),
        field(_("Number"), one.id),
        field(_("Date"), words.when(one.issue_date, one.issue_time)),
    )
    columns = (
        Column(_("Item")),
        Column(_("Quantity"), numeric=True),
        Column(_("Price"), numeric=True),
        Column(_("VAT"), numeric=True),
    )
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=parts.named(one.provider),
        head=section(_("About the document"), head),
        parties=said(parts.party(_("Web shop"), one.provider), parts.party(_("Buyer"), one.receiver)),
        lines=Table(_("Lines"), columns, Rows(one.lines, _line)),
        rest=said(parts.technical(one.customization_id, one.profile_id)),
        lines_first=True,
    )


def _line(line: CartLine) -> Row:
    base = line.base_quantity
    price = words.amount(line.price, line.currency)
    cells = (
        visible(line.item.name),
        words.quantity(line.quantity),
        visible(f"{price} / {words.quantity(base)}" if base and base.value != 1 else price),
        visible(parts.tax(line.item.tax)),
    )
    more = (
        field(_("Line"), line.id),
        *items.fields(line.item),
        field(_("Kind of price"), words.code("price_type", line.price_type)),
        field(_("Valid"), words.period(line.validity)),
        field(_("Time of delivery"), words.quantity(line.lead_time)),
        field(_("Delivered in"), words.address(line.territory)),
        field(_("Part of the contract"), line.contract_subdivision),
    )
    return Row(cells, tuple(one for one in more if one.value))
