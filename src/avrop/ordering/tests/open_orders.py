"""Orders as another system sent them, written with the plain dataclasses of `ubl`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from avrop.kernel.ports import today
from avrop.tenancy.models import Organisation
from avrop.ubl.build import norwegian_party, order_seller
from avrop.ubl.documents import order as t01
from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Quantity

ADDRESS = p.Address(street="Skulevegen 2", city="Bremnes", postal_zone="5430", country="NO")


def line(
    number: str = "1",
    quantity: str = "10",
    price: str | None = "52.90",
    *,
    item: str = "40-2210",
    name: str = "Kopipapir A4 80 g",
    coding: str | None = "11000-210-20200",
    rate: str | None = "25",
    amount: str | None = None,
    unit: str = "EA",
    **changes: object,
) -> t01.OrderLine:
    """A line; `coding` is what the other system wrote as its accounting cost."""
    made = t01.OrderLine(
        id=number,
        quantity=Quantity(Decimal(quantity), unit),
        line_extension_amount=Decimal(amount) if amount else None,
        accounting_cost=coding,
        price=p.Price(Decimal(price)) if price is not None else None,
        item=p.Item(
            name=name, sellers_id=item, tax=p.TaxCategory("S", Decimal(rate)) if rate is not None else None
        ),
    )
    return replace(made, **changes)


def order(
    buyer: Organisation,
    seller: Organisation,
    *lines: t01.OrderLine,
    number: str = "UB-88123",
    issued: date | None = None,
    **changes: object,
) -> t01.Order:
    """A whole order of Bremnes' old system; the buyer's reference is the school's code."""
    made = t01.Order(
        id=number,
        issue_date=issued or today(),
        currency="NOK",
        customer_reference="210",
        buyer=norwegian_party(buyer.orgnr, buyer.name, address=ADDRESS),
        seller=order_seller(norwegian_party(seller.orgnr, seller.name, address=ADDRESS)),
        originator=p.Party(name="Gamle skulen"),
        delivery=t01.Delivery(address=ADDRESS, party=p.Party(name="Skulen")),
        lines=tuple(lines or (line(),)),
    )
    return replace(made, **changes)
