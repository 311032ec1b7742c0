"""Peppol Catalogue (T19) lines -> rows of ours. What cannot be ordered is refused by line, with a reason.

Names in other languages come as item properties `name_nb` and `name_en` (`name_nn` where cbc:Name is another
language); the category's name as the attribute `name` of ItemClassificationCode and the properties
`category_nb` and `category_en`; the picture as an ItemSpecificationDocumentReference with type code
PRODUCT_IMAGE and a URI.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from lxml import etree

from avrop.kernel.money import to_micro
from avrop.ubl.documents import catalogue as ubl
from avrop.ubl.location import long
from avrop.ubl.mapping import Context, DocumentRefused, read_shape

IMAGE = "PRODUCT_IMAGE"
DELETE = "Delete"
_LARGEST = 10**15  # kroner scaled by 10^6: a thousand million; keeps quantity * price inside 64 bits for sums


@dataclass(frozen=True, slots=True)
class ItemData:
    """A line that can be ordered. Price and quantities are scaled by 10^6, VAT in basis points."""

    seller_item_id: str
    name: str
    unit_code: str
    price: int
    base_quantity: int
    currency: str
    vat_category: str
    vat_rate: int
    gtin: str = ""
    name_nb: str = ""
    name_en: str = ""
    description: str = ""
    keywords: str = ""
    category: str = ""
    category_name: str = ""
    category_nb: str = ""
    category_en: str = ""
    picture: str = ""
    min_quantity: int = 0
    multiple: int = 0
    line: str = ""  # its row in a spreadsheet


@dataclass(frozen=True, slots=True)
class RejectedLine:
    """A line that was left out, and why. `line` is its id in the file, else its place."""

    line: str
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A line that says that the item is not offered any more."""

    line: str
    seller_item_id: str


Outcome = ItemData | RejectedLine | Withdrawn


class LineRefused(Exception):
    """A line that cannot be ordered."""

    def __init__(self, reason: str, value: object = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.value = str(value)[:60]


def lines_of(root: etree._Element, *, currency: str, on: date) -> Iterator[Outcome]:
    """Every line of an admitted catalogue as an item, a withdrawal or a rejection; never raises for a line.

    Each line's element is emptied when it has been read, so that a large catalogue does not stay in memory.
    """
    for place, element in enumerate(root.iterchildren(long("cac:CatalogueLine")), 1):
        yield _outcome(element, place, currency, on)
        element.clear()


def _outcome(element: etree._Element, place: int, currency: str, on: date) -> Outcome:
    try:
        line = cast(ubl.CatalogueLine, read_shape(element, ubl.LINE, Context()))
    except DocumentRefused as refused:
        return RejectedLine(str(place), refused.code, refused.location[-60:])
    name = line.id[:40] or str(place)
    try:
        if line.action == DELETE:
            return Withdrawn(name, _item_id(line.item))
        return _item(line, currency, on)
    except LineRefused as refused:
        return RejectedLine(name, refused.reason, refused.value)


def _item(line: ubl.CatalogueLine, currency: str, on: date) -> ItemData:
    item = line.item
    if line.orderable is False:
        raise LineRefused("NOT_ORDERABLE")
    price = _price(line, on)
    if price.currency != currency:
        raise LineRefused("OTHER_CURRENCY", price.currency)
    base = price.base_quantity
    unit = line.orderable_unit or (base.unit if base else None)
    if not unit or len(unit) > 3:
        raise LineRefused("NO_UNIT", unit or "")
    assert price.amount is not None
    vat, rate = _vat(item)
    kind = item.classifications[0] if item.classifications else None
    names = {p.name.casefold(): (p.value or "").strip()[:300] for p in item.properties}
    return ItemData(
        seller_item_id=_item_id(item),
        name=names.get("name_nn") or item.name.strip()[:300],
        name_nb=names.get("name_nb", ""),
        name_en=names.get("name_en", ""),
        unit_code=unit,
        price=scaled(price.amount, "BAD_PRICE"),
        base_quantity=scaled(base.value, "BAD_BASE_QUANTITY") if base else 1_000_000,
        currency=currency,
        vat_category=vat,
        vat_rate=rate,
        gtin=_gtin(item),
        description="\n".join(item.descriptions)[:4000],
        keywords=" ".join(item.keywords)[:2000],
        category=kind.code[:40] if kind else "",
        category_name=(kind.name or "")[:120] if kind else "",
        category_nb=names.get("category_nb", "")[:120],
        category_en=names.get("category_en", "")[:120],
        picture=_picture(item),
        min_quantity=scaled(line.minimum_order.value, "BAD_QUANTITY", 0) if line.minimum_order else 0,
        multiple=scaled(line.quantity_increment, "BAD_QUANTITY", 0) if line.quantity_increment else 0,
    )


def _item_id(item: ubl.CatalogueItem) -> str:
    number = (item.sellers_id or (item.standard_id.value if item.standard_id else "")).strip()
    if not number or len(number) > 60:
        raise LineRefused("NO_ITEM_ID", number)
    return number


def _price(line: ubl.CatalogueLine, on: date) -> ubl.LinePrice:
    """The price of the smallest quantity that holds on the day."""
    valid = [p for p in line.prices if p.amount is not None and _holds(p, on)]
    if not valid:
        raise LineRefused("NO_PRICE")
    return min(valid, key=lambda p: p.minimum_quantity.value if p.minimum_quantity else Decimal(0))


def _holds(price: ubl.LinePrice, on: date) -> bool:
    period = price.validity
    return period is None or (
        (period.start is None or period.start <= on) and (period.end is None or on <= period.end)
    )


def scaled(value: Decimal, reason: str, least: int | None = None) -> int:
    """A price or quantity as an integer scaled by 10^6. Raises LineRefused with the reason when out of bounds."""
    micro = to_micro(value)
    lowest = (1 if reason == "BAD_BASE_QUANTITY" else 0) if least is None else least
    if not lowest <= micro < _LARGEST:
        raise LineRefused(reason, value)
    return micro


def _vat(item: ubl.CatalogueItem) -> tuple[str, int]:
    """Category (UNCL5305) and rate in basis points. A standard rate must be said (PEPPOL-T19-R015)."""
    tax = item.tax
    if tax is None or not tax.id:
        raise LineRefused("NO_VAT")
    rate = tax.percent or Decimal(0)
    basis = int(rate * 100)
    if len(tax.id) > 2 or not 0 <= basis <= 10_000 or (tax.id == "S" and basis == 0):
        raise LineRefused("NO_VAT", f"{tax.id} {rate}")
    return tax.id, basis


def _gtin(item: ubl.CatalogueItem) -> str:
    known = item.standard_id
    return known.value if known and known.scheme == "0160" and len(known.value) <= 14 else ""


def _picture(item: ubl.CatalogueItem) -> str:
    pictures = (d.uri for d in item.documents if d.uri and d.type_code in (IMAGE, None))
    return next((uri for uri in pictures if len(uri) <= 200), "")
