"""A catalogue, described: its head and its first lines (Peppol T19)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from avrop.ubl.documents import catalogue as cat
from avrop.ubl.location import long
from avrop.web.documents import leftover, parts
from avrop.web.documents.description import (
    Column,
    Description,
    Field,
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

SHOWN = 100  # lines; the catalogue's own pages show and search all of them


def describe(root: etree._Element, kind: str) -> Description:
    """The head, and the first hundred lines of however many there are. Raises DocumentRefused."""
    one = cat.read_head(root)
    lines = list(islice(cat.lines_of(root), SHOWN))
    total = sum(1 for _line in root.iterchildren(long("cac:CatalogueLine")))
    columns = (
        Column(_("Item")),
        Column(_("What to do")),
        Column(_("Price"), numeric=True),
        Column(_("Unit")),
        Column(_("VAT"), numeric=True),
    )
    return Description(
        kind=kind,
        number=visible(one.id),
        intro=visible(one.provider.legal_name or one.provider.display_name),
        head=section(_("About the document"), _head(one)),
        parties=said(
            parts.party(_("Provider"), one.provider),
            parts.party(_("Recipient"), one.receiver),
            parts.party(_("Seller"), one.seller),
            parts.party(_("Buyer"), one.contractor),
        ),
        lines=Table(_("Lines"), columns, Rows(lines, _line), total),
        rest=said(_terms(one), leftover.section_of((one, *lines))),
    )


def _head(one: cat.Catalogue) -> Iterator[Field]:
    yield field(_("Number"), one.id)
    yield field(_("Name"), one.name)
    yield field(_("Date"), day(one.issue_date))
    yield field(_("Version"), one.version)
    yield field(_("What to do"), one.action)
    yield field(_("Valid"), parts.period(one.validity))
    yield field(_("Contract"), one.contract_reference)
    yield field(_("Earlier catalogue"), one.source_catalogue)
    yield field(_("Specification"), one.customization_id)
    yield field(_("Process"), one.profile_id)


def _terms(one: cat.Catalogue) -> Section:
    return section(_("Terms"), (field(_("Terms"), text) for text in one.trading_terms))


def _line(line: cat.CatalogueLine) -> Row:
    price = line.prices[0] if line.prices else cat.LinePrice()
    unit = parts.code("unit", line.orderable_unit)
    cells = (
        visible(line.item.name),
        visible(line.action),
        visible(parts.amount(price.amount, price.currency)),
        visible(unit),
        visible(parts.tax(line.item.tax)),
    )
    return Row(cells, tuple(one for one in _more(line) if one.value))


def _more(line: cat.CatalogueLine) -> Iterator[Field]:
    item = line.item
    yield field(_("Line"), line.id)
    yield from parts.item_fields(item)
    yield field(_("Manufacturer"), item.manufacturer)
    yield field(_("Brand"), ", ".join(item.brands))
    yield field(_("Search words"), ", ".join(item.keywords))
    yield field(_("Pack"), parts.quantity(item.pack_quantity))
    yield field(_("Content"), parts.quantity(line.content_unit))
    yield field(_("Smallest order"), parts.quantity(line.minimum_order))
    yield field(_("Largest order"), parts.quantity(line.maximum_order))
    yield field(_("Can be ordered"), parts.yes_no(line.orderable))
    yield field(_("Valid"), parts.period(line.validity))
    yield field(_("Warranty"), line.warranty)
    for label in item.certificates:
        yield field(_("Label"), ", ".join(filter(None, (label.type, label.id, *label.remarks, label.issuer))))
    for price in line.prices[1:]:
        least = parts.quantity(price.minimum_quantity)
        shown = parts.amount(price.amount, price.currency)
        yield field(
            _("Price"),
            _("%(price)s from %(quantity)s") % {"price": shown, "quantity": least} if least else shown,
        )
