"""About three hundred items, and each supplier's catalogue as a Peppol Catalogue message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from avrop.demo.region import Entry, Supplier, table
from avrop.ubl.documents import catalogue as ubl
from avrop.ubl.documents import parts
from avrop.ubl.kinds import Identifier

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
    """The assortment of a supplier; sizes and colours are items of their own. Item ids never change."""
    found: list[Item] = []
    for group, row in enumerate([r for r in table("items.csv") if r["supplier"] == supplier], 1):
        for at, suffix in enumerate(_variants(row["variants"])):
            names = {language: row[language] + suffix.get(language, "") for language in LANGUAGES}
            found.append(_item(row, f"{supplier[:2].upper()}{group:03d}-{at:02d}", names))
    return found


def _item(row: Entry, seller_id: str, names: dict[str, str]) -> Item:
    return Item(
        supplier=row["supplier"],
        seller_id=seller_id,
        names=names,
        keywords=tuple(row["keywords"].split()),
        cpv=row["cpv"],
        picture=f"{PICTURES}{row['picture']}.svg",
        unit=row["unit"],
        price=Decimal(row["price"]),
        vat=int(row["vat"]),
    )


def _variants(text: str) -> Iterator[dict[str, str]]:
    kind, _, values = text.partition(":")
    if not values:
        yield {}
    for value in values.split():
        if kind == "size":
            yield {language: f", {SIZE[language]} {value}" for language in LANGUAGES}
        else:
            yield {language: f", {COLOURS[value][at]}" for at, language in enumerate(LANGUAGES)}


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
            tax=parts.TaxCategory(id="S", percent=Decimal(item.vat)),
            documents=(parts.Document(id="1", type_code="PRODUCT_IMAGE", uri=item.picture),),
            properties=tuple(
                parts.ItemProperty(name=f"name_{language}", value=item.names[language])
                for language in ("nb", "en")
            ),
        ),
    )
