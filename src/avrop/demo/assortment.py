"""About two thousand items, and each supplier's catalogue as a Peppol Catalogue message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from avrop.demo.region import Entry, Supplier, table
from avrop.ubl.documents import catalogue as ubl
from avrop.ubl.documents import parts
from avrop.ubl.kinds import Identifier

ZERO_RATED = "Z"  # books in their last sale: merverdiavgiftsloven § 6-4
LANGUAGES = ("nn", "nb", "en")
PICTURES = "demo/pictures/"  # a relative reference: a file of our own, see catalogue.pictures
SIZE = {"nn": "storleik", "nb": "størrelse", "en": "size"}
COLOURS = {
    "black": ("svart", "sort", "black"),
    "blue": ("blå", "blå", "blue"),
    "green": ("grøn", "grønn", "green"),
    "grey": ("grå", "grå", "grey"),
    "red": ("raud", "rød", "red"),
    "white": ("kvit", "hvit", "white"),
    "yellow": ("gul", "gul", "yellow"),
}


@dataclass(frozen=True)
class Value:
    """One value along an axis of variants; the price is multiplied by `factor`."""

    axis: str
    words: dict[str, str]
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Item:
    """One item of a supplier. Price in kroner without VAT, VAT in per cent."""

    supplier: str
    seller_id: str
    names: dict[str, str]
    keywords: tuple[str, ...]
    cpv: str
    picture: str
    unit: str
    price: Decimal
    vat: int


def items(supplier: str) -> list[Item]:
    """The assortment of a supplier; sizes, colours and kinds are items of their own. Item ids never change."""
    found: list[Item] = []
    for group, row in enumerate([r for r in table("items.csv") if r["supplier"] == supplier], 1):
        for at, chosen in enumerate(product(*_axes(row["variants"]))):
            found.append(_item(row, f"{supplier[:2].upper()}{group:03d}-{at:02d}", chosen))
    return found


def _item(row: Entry, seller_id: str, chosen: tuple[Value, ...]) -> Item:
    price = Decimal(row["price"])
    for value in chosen:
        price *= value.factor
    tenth = Decimal("0.1") if chosen else Decimal("0.01")
    return Item(
        supplier=row["supplier"],
        seller_id=seller_id,
        names={language: _name(row[language], language, chosen) for language in LANGUAGES},
        keywords=tuple(row["keywords"].split()),
        cpv=row["cpv"],
        picture=f"{PICTURES}{row['picture']}.svg",
        unit=row["unit"],
        price=price.quantize(tenth).quantize(Decimal("0.01")),
        vat=int(row["vat"]),
    )


def _name(name: str, language: str, chosen: tuple[Value, ...]) -> str:
    """A value takes its place in the name (`{herb}, dried`), or is added at the end."""
    for value in chosen:
        place, word = f"{{{value.axis}}}", value.words[language]
        name = name.replace(place, word) if place in name else f"{name}, {word}"
    return name[0].upper() + name[1:]


def _axes(text: str) -> list[list[Value]]:
    """`size:S M+colour:red blue+list:herb`: everything along each axis; one item where there is none."""
    return [_axis(*part.split(":")) for part in text.split("+") if part]


def _axis(kind: str, values: str) -> list[Value]:
    if kind == "list":
        rows = [row for row in table("lists.csv") if row["list"] == values]
        return [Value(values, {x: row[x] for x in LANGUAGES}, Decimal(row["factor"])) for row in rows]
    if kind == "size":
        return [Value(kind, {x: f"{SIZE[x]} {value}" for x in LANGUAGES}) for value in values.split()]
    return [Value(kind, dict(zip(LANGUAGES, COLOURS[value], strict=True))) for value in values.split()]


def catalogue_xml(
    supplier: Supplier, provider: Entry, receiver: Entry, day: date, *, dearer: int = 0
) -> bytes:
    """The supplier's catalogue for the agreement's owner; every fifth price raised by `dearer` per cent."""
    lines = tuple(_line(item, dearer if at % 5 == 0 else 0) for at, item in enumerate(items(supplier.slug)))
    document = ubl.Catalogue(
        id=f"{supplier.ref}-{day:%Y%m}",
        issue_date=day,
        provider=_party(provider),
        receiver=_party(receiver),
        lines=lines,
        action="Add" if not dearer else "Update",
        name=supplier.agreement[0],
        validity=parts.Period(start=day, end=date(day.year + 2, 12, 31)),
        contract_reference=supplier.ref,
    )
    return ubl.write(document)


def _party(organisation: Entry) -> parts.Party:
    return parts.Party(
        endpoint=Identifier(organisation["orgnr"], "0192"),
        ids=(Identifier(organisation["orgnr"], "0192"),),
        legal_name=organisation["name"],
        legal_id=Identifier(organisation["orgnr"], "0192"),
        address=parts.Address(
            street=organisation["street"],
            city=organisation["city"],
            postal_zone=organisation["postal_zone"],
            country="NO",
        ),
    )


def _line(item: Item, dearer: int) -> ubl.CatalogueLine:
    price = (item.price * (100 + dearer) / 100).quantize(Decimal("0.01"))
    return ubl.CatalogueLine(
        id=item.seller_id,
        action="Add",
        orderable=True,
        orderable_unit=item.unit,
        prices=(ubl.LinePrice(amount=price, currency="NOK"),),
        item=ubl.CatalogueItem(
            name=item.names["nn"],
            keywords=item.keywords,
            sellers_id=item.seller_id,
            classifications=(parts.Classification(code=item.cpv, list_id="STI"),),
            tax=parts.TaxCategory(id="S" if item.vat else ZERO_RATED, percent=Decimal(item.vat)),
            documents=(parts.Document(id="1", type_code="PRODUCT_IMAGE", uri=item.picture),),
            properties=tuple(
                parts.ItemProperty(name=f"name_{language}", value=item.names[language])
                for language in ("nb", "en")
            ),
        ),
    )
