"""What comes from elsewhere: open orders of the old purchasing system, and price lists as spreadsheets."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from avrop.agreements.queries import by_ref
from avrop.catalogue.pricelist import operations as price_lists
from avrop.delivery import operations as delivery
from avrop.demo import foreign, steps
from avrop.demo.acts import once
from avrop.demo.assortment import Item, items
from avrop.demo.drive import Driver, Steps
from avrop.demo.people import acting
from avrop.demo.region import SUPPLIERS
from avrop.demo.stock import CONTRACT_OWNERS
from avrop.kernel.ports import originals, today
from avrop.ordering import queries as orders
from avrop.ordering.facts import OrderFacts
from avrop.ordering.takeover import operations as takeover
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import Party
from avrop.tenancy.scope import as_system
from avrop.ubl.build import norwegian_party, order_seller
from avrop.ubl.documents import order as t01
from avrop.ubl.documents import parts
from avrop.ubl.mapping import Quantity


@dataclass(frozen=True)
class Open:
    """An order of the old system. `coding` as that system wrote it; the goods come `came` days ago."""

    number: str
    supplier: str
    item: str
    count: int
    coding: str
    came: int


TOWN, UNIT, ANSWERS, RECEIVER, APPROVER = "strandvoll", "210", "marit.direktor", "lise.skule", "tor.rektor"
BEGAN = 356  # days ago
ORDERS = (
    Open("UB-70411", "kontorhjornet", "KO001-00", 40, "11000-210-20200", 350),
    Open("UB-70418", "reint-og-blankt", "RE015-00", 6, "11201-210-20200", 347),
    Open("UB-70425", "romstova", "RO003-00", 12, "inventar 5. trinn", 21),
)


def taken_over(driver: Driver) -> Steps:
    """Three open orders are taken over; goods and invoices come, and the third invoice waits for a coding."""
    yield driver.day(BEGAN, 9)
    for one in ORDERS:
        take_over(one)
    for one in ORDERS:
        yield driver.day(one.came, 10)
        receive(one.number)
        yield driver.day(one.came - 2, 13)
        foreign.for_items(
            one.supplier, TOWN, one.number.replace("UB-", "4"), [(_item(one), one.count)], order=one.number
        )
        yield driver.day(one.came - 3, 9)
        steps.decide_matches(TOWN, APPROVER, [_order(one.number)])


def _item(one: Open) -> Item:
    return next(item for item in items(one.supplier) if item.seller_id == one.item)


@once()
def take_over(one: Open) -> None:
    """As `avrop ordering import` does, by somebody who answers for the order."""
    raw = t01.write(_document(one))
    with acting(ANSWERS, TOWN):
        takeover.take_over(
            document=_document(one),
            sha256=originals().put(raw),
            size=len(raw),
            source_name=f"{one.number}.xml",
        )


def _document(one: Open) -> t01.Order:
    buyer, seller = tenancy.party_by_slug(TOWN), tenancy.party_by_slug(one.supplier)
    assert buyer is not None and seller is not None
    item = _item(one)
    line = t01.OrderLine(
        id="1",
        quantity=Quantity(Decimal(one.count), item.unit),
        accounting_cost=one.coding,
        price=parts.Price(item.price),
        item=parts.Item(
            name=item.names["nn"], sellers_id=item.seller_id, tax=parts.TaxCategory("S", Decimal(item.vat))
        ),
    )
    return t01.Order(
        id=one.number,
        issue_date=today(),
        currency="NOK",
        customer_reference=UNIT,
        buyer=_party(buyer),
        seller=order_seller(_party(seller)),
        originator=parts.Party(name="Lise Vågane"),
        delivery=t01.Delivery(address=_address(buyer), party=parts.Party(name="Strandvoll skule")),
        lines=(line,),
    )


def _party(party: Party) -> parts.Party:
    return norwegian_party(party.orgnr, party.name, address=_address(party))


def _address(party: Party) -> parts.Address:
    return parts.Address(street=party.street, city=party.city, postal_zone=party.postal_zone, country="NO")


def _order(number: str) -> OrderFacts:
    buyer = tenancy.party_by_slug(TOWN)
    assert buyer is not None
    with as_system(buyer.id):
        return orders.orders_by_numbers([number])[number]


@once()
def receive(number: str) -> None:
    """The goods of an order that was taken over come."""
    with acting(RECEIVER, TOWN):
        delivery.receive(order_id=_order(number).id)


def spreadsheets(driver: Driver) -> Steps:
    """Two price lists as spreadsheets: one read and waiting for its judge, one whose columns nobody has seen."""
    yield driver.day(4, 9)
    take_list("HAV-2025-11", dearer=6, fewer=3)
    yield driver.day(1, 10)
    upload_list("MFI-2025-12", dearer=2, fewer=0)


@once()
def take_list(ref: str, dearer: int, fewer: int) -> None:
    """The contract owner reads a supplier's price list in; the difference waits."""
    supplier = next(one for one in SUPPLIERS if one.ref == ref)
    with acting(CONTRACT_OWNERS[supplier.owner], supplier.owner):
        agreement = by_ref(ref)
        assert agreement is not None
        raw = price_list(supplier.slug, dearer, fewer)
        price_lists.take(agreement_id=agreement.id, raw=raw, source_name=f"prisliste {supplier.name}.csv")


@once()
def upload_list(ref: str, dearer: int, fewer: int) -> None:
    """A price list whose columns the contract owner has not confirmed yet."""
    supplier = next(one for one in SUPPLIERS if one.ref == ref)
    with acting(CONTRACT_OWNERS[supplier.owner], supplier.owner):
        agreement = by_ref(ref)
        assert agreement is not None
        raw = price_list(supplier.slug, dearer, fewer)
        price_lists.upload(agreement_id=agreement.id, raw=raw, source_name=f"prisliste {supplier.name}.csv")


def price_list(supplier: str, dearer: int, fewer: int) -> bytes:
    """As such files are: Norwegian headings, decimal comma, Windows' characters; every third price raised."""
    rows = ["Varenr;Varenamn;Eining;Pris eks. mva;Mva %"]
    offered = items(supplier)
    for at, item in enumerate(offered[: len(offered) - fewer]):
        price = item.price * (100 + (dearer if at % 3 == 0 else 0)) / 100
        shown = f"{price:.2f}".replace(".", ",")
        rows.append(f"{item.seller_id};{item.names['nn']};{item.unit};{shown};{item.vat}")
    return "\r\n".join(rows).encode("cp1252")
