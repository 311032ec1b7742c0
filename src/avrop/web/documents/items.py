"""What is bought or offered, described: everything that is said of an item beside its name."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from avrop.ubl.documents import parts as p
from avrop.ubl.documents.catalogue import CatalogueItem
from avrop.ubl.kinds import Identifier
from avrop.web.documents import words
from avrop.web.documents.description import Field, field, visible
from avrop.web.format import day

# UNCL7143 -> what the list is called among people.
_LISTS = {"STI": "CPV", "TST": "UNSPSC", "MP": "UNSPSC", "SRV": "GTIN", "EN": "EAN", "HS": "HS"}


def fields(item: p.Item | CatalogueItem) -> tuple[Field, ...]:
    """Numbers, classes, properties, where it comes from; labels and brands of an item that is offered."""
    about = item.description if isinstance(item, p.Item) else "\n".join(item.descriptions)
    found = [
        field(_("Description"), about, "BT-154"),
        field(_("Seller's item number"), item.sellers_id, "BT-155"),
        field(_("Buyer's item number"), item.buyers_id, "BT-156"),
        field(_("Manufacturer's item number"), item.manufacturers_id),
        field(_("Standard item number"), _standard(item.standard_id), "BT-157"),
        *(_ordered(item) if isinstance(item, p.Item) else _offered(item)),
        field(_("Classification"), ", ".join(map(_classification, item.classifications)), "BT-158"),
        field(_("Country of origin"), words.country(item.origin_country), "BT-159"),
        field(_("Dangerous goods"), ", ".join(map(_hazard, item.hazards))),
    ]
    found += [Field(visible(one.name), visible(_property(one)), "BG-32") for one in item.properties]
    found += [field(_("Serial or lot number"), _instance(one)) for one in item.instances]
    found += tax_fields(item.tax)
    return tuple(one for one in found if one.value)


def tax_fields(value: p.TaxCategory | None) -> Iterator[Field]:
    """Why there is no VAT, and a tax that is not VAT."""
    if value is not None:
        yield field(_("Why there is no VAT"), value.exemption_reason, "BT-120")
        yield field(_("Reason code"), words.exemption(value.exemption_code), "BT-121")
        yield field(_("Tax"), value.scheme if value.scheme != "VAT" else "")


def label(one: p.Certificate) -> str:
    """An environmental or other label: "Svanemerket"."""
    papers = (*one.remarks, one.issuer, *one.documents)
    return words.joined((one.type, one.id, "" if one.type_code == "NA" else one.type_code, *papers))


def _ordered(item: p.Item) -> Iterator[Field]:
    yield field(_("Variant"), words.joined((item.sellers_extended_id, item.standard_extended_id)))
    yield field(_("Product sheet"), ", ".join(item.specifications))


def _offered(item: CatalogueItem) -> Iterator[Field]:
    yield field(_("Manufacturer"), item.manufacturer)
    yield field(_("Brand"), ", ".join(item.brands))
    yield field(_("Search words"), ", ".join(item.keywords))
    yield field(_("Pack"), words.quantity(item.pack_quantity))
    yield field(_("Pieces in a pack"), words.number(item.pack_size))
    yield field(_("Conditions"), ", ".join(words.code("item_condition", c) for c in item.conditions))
    for one in item.certificates:
        yield field(_("Label"), label(one))
    for paper in item.documents:
        named = words.joined((paper.description, paper.type, words.code("paper_type", paper.type_code)))
        where = words.joined((paper.id, paper.id_scheme, paper.uri))
        yield field(_("Product sheet"), words.joined((named, where), ": "))


def _standard(value: Identifier | None) -> str:
    if value is None:
        return ""
    return f"GTIN {value.value}" if value.scheme == "0160" else words.identifier(value)


def _classification(one: p.Classification) -> str:
    known = _LISTS.get(one.list_id or "", one.list_id or "")
    listed = words.joined((known, one.list_version), " ")
    return f"{listed} {one.code}{f' ({one.name})' if one.name else ''}".strip()


def _hazard(one: p.Hazard) -> str:
    return words.joined((one.undg_code, words.code("hazard", one.hazard_class)), " ")


def _property(one: p.ItemProperty) -> str:
    value = words.joined((one.value, words.quantity(one.value_quantity)))
    known = (one.qualifier, one.name_code, one.name_code_list)
    named = (one.id, one.id_scheme, one.id_scheme_version, one.id_scheme_uri)
    more = words.joined(("" if part == one.name else part) for part in (*known, *named))
    return f"{value} ({more})" if more else value


def _instance(one: p.ItemInstance) -> str:
    dates = (
        (_("made %(day)s"), one.manufactured),
        (_("best before %(day)s"), one.best_before),
        (_("the lot expires %(day)s"), one.lot_expires),
    )
    said = (text % {"day": day(on)} for text, on in dates if on)
    return words.joined((one.serial_id, one.lot_id, words.identifier(one.trace_id), *said))
