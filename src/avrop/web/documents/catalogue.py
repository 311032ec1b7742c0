"""A catalogue, described: its head and its first lines (Peppol T19)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from avrop.ubl.documents import catalogue as cat
from avrop.ubl.location import long
from avrop.web.documents import items, leftover, parts, words
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
        intro=parts.named(one.provider),
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
    yield field(_("What to do"), words.code("catalogue_action", one.action))
    yield field(_("Valid"), words.period(one.validity))
    yield field(_("Contract"), one.contract_reference)
    yield field(_("Earlier catalogue"), one.source_catalogue)
    yield field(_("Specification"), one.customization_id)
    yield field(_("Process"), one.profile_id)


def _terms(one: cat.Catalogue) -> Section:
    return section(_("Terms"), (field(_("Terms"), text) for text in one.trading_terms))


def _line(line: cat.CatalogueLine) -> Row:
    price = line.prices[0] if line.prices else cat.LinePrice()
    unit = words.unit(line.orderable_unit)
    cells = (
        visible(line.item.name),
        visible(words.code("catalogue_action", line.action)),
        visible(_per(price)),
        visible(unit),
        visible(parts.tax(line.item.tax)),
    )
    return Row(cells, tuple(one for one in _more(line) if one.value))


def _more(line: cat.CatalogueLine) -> Iterator[Field]:
    yield field(_("Line"), line.id)
    yield from items.fields(line.item)
    yield field(_("Pack level"), words.code("pack_level", line.pack_level))
    yield field(_("Content"), words.quantity(line.content_unit))
    yield field(_("Smallest order"), words.quantity(line.minimum_order))
    yield field(_("Largest order"), words.quantity(line.maximum_order))
    yield field(_("Ordered by the"), words.number(line.quantity_increment))
    yield field(_("Can be ordered"), words.yes_no(line.orderable))
    yield field(_("Valid"), words.period(line.validity))
    yield field(_("Warranty"), line.warranty)
    for label, others in (
        (_("Consists of"), line.components),
        (_("Accessory"), line.accessories),
        (_("Needs"), line.required),
        (_("Replaces"), line.replaced),
    ):
        for other in others:
            yield field(label, words.joined((other.id, words.quantity(other.quantity))))
    for at, price in enumerate(line.prices):
        yield field(_("Price"), _price(price, first=at == 0))


def _per(price: cat.LinePrice) -> str:
    shown, base = words.amount(price.amount, price.currency), price.base_quantity
    return f"{shown} / {words.quantity(base)}" if base and base.value != 1 else shown


def _price(one: cat.LinePrice, first: bool) -> str:
    """For whom, how many and how long a price is; the first stands in the table itself."""
    least, most = words.quantity(one.minimum_quantity), words.quantity(one.maximum_quantity)
    factor = words.number(one.orderable_unit_factor)
    conditions = words.joined(
        (
            words.code("price_type", one.type),
            _("from %(quantity)s") % {"quantity": least} if least else "",
            _("to %(quantity)s") % {"quantity": most} if most else "",
            words.period(one.validity),
            _("delivered in %(time)s") % {"time": words.quantity(one.lead_time)} if one.lead_time else "",
            _("%(count)s price units in an order unit") % {"count": factor}
            if factor not in ("", "1")
            else "",
            "; ".join(map(words.address, one.territories)),
        )
    )
    return conditions if first else words.joined((_per(one), conditions))
