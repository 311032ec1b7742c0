"""Catalogue messages for this room's tests, written with the plain dataclasses of `ubl`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from avrop.tenancy.models import Organisation
from avrop.ubl.documents import catalogue as c
from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Identifier, Quantity


def party(organisation: Organisation, *, trading: bool = False) -> p.Party:
    """Provider and receiver go by their registered name, the seller (`trading`) by its trading name."""
    number = Identifier(organisation.orgnr, "0192")
    address = p.Address(
        street=organisation.street,
        city=organisation.city,
        postal_zone=organisation.postal_zone,
        country="NO",
    )
    if trading:
        return p.Party(endpoint=number, ids=(number,), name=organisation.name, address=address)
    return p.Party(
        endpoint=number, ids=(number,), address=address, legal_name=organisation.name, legal_id=number
    )


def line(number: str, name: str, price: str, **changes: object) -> c.CatalogueLine:
    """A line as the demo's suppliers write it; `changes` go to the item."""
    item = c.CatalogueItem(
        name=name,
        sellers_id=number,
        keywords=("kontor",),
        tax=p.TaxCategory("S", Decimal(25)),
        classifications=(p.Classification("44120000", "TST"),),
        properties=(p.ItemProperty("name_nb", f"{name} (nb)"), p.ItemProperty("name_en", f"{name} (en)")),
        documents=(p.Document(id=number, type_code="PRODUCT_IMAGE", uri="demo/pictures/office.svg"),),
    )
    return c.CatalogueLine(
        id=number,
        action="Add",
        orderable=True,
        orderable_unit="EA",
        prices=(c.LinePrice(Decimal(price), "NOK", Quantity(Decimal(1), "EA")),),
        item=replace(item, **changes),
    )


def catalogue(seller: Organisation, buyer: Organisation, *lines: c.CatalogueLine, **changes: object) -> bytes:
    """A whole message."""
    document = c.Catalogue(
        id="K-1",
        issue_date=date(2026, 1, 2),
        action="Replace",
        validity=p.Period(date(2026, 1, 1), date(2030, 12, 31)),
        contract_reference="FI-2026-01",
        provider=party(seller),
        receiver=party(buyer),
        seller=party(seller, trading=True),
        lines=tuple(lines),
    )
    return c.write(replace(document, **changes))
