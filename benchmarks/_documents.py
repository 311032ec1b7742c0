"""Documents to measure with: invoices by ../shared/peers/gen_invoice.py, an order and a catalogue by avrop.ubl."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from avrop.ubl import build
from avrop.ubl.documents import catalogue, order
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity

_DAY = date(2026, 11, 1)
_TAX = p.TaxCategory("S", Decimal(25))
_CLASS = (p.Classification("30190000", "STI"),)


def invoice(shared: Path, lines: int) -> bytes:
    """A clean BIS Billing 3 invoice, as the peers are measured with."""
    path = shared / "peers" / "gen_invoice.py"
    spec = importlib.util.spec_from_file_location("gen_invoice", path)
    assert spec is not None and spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.inv(lines)).encode()


def faulty(clean: bytes) -> bytes:
    """The invoice with five faults: no reference, a wrong sum, a wrong rate, a wrong number, an empty name."""
    for old, new in (
        (b"<cbc:BuyerReference>REF42</cbc:BuyerReference>", b""),
        (b"<cac:OrderReference><cbc:ID>PO-1</cbc:ID></cac:OrderReference>", b""),
        (b"</cbc:PayableAmount>", b"1</cbc:PayableAmount>"),
        (b"<cbc:Percent>25</cbc:Percent>", b"<cbc:Percent>24</cbc:Percent>"),
        (b"923609016</cbc:EndpointID>", b"923609017</cbc:EndpointID>"),
        (b"<cbc:Name>Vare 1</cbc:Name>", b"<cbc:Name> </cbc:Name>"),
    ):
        assert old in clean
        clean = clean.replace(old, new, 1)
    return clean


def _address() -> p.Address:
    return p.Address(street="Gata 1", city="Leikanger", postal_zone="6863", country="NO")


def _parties() -> tuple[p.Party, p.Party]:
    buyer = build.norwegian_party("974760673", "Sogndal kommune", address=_address())
    seller = build.norwegian_party("923609016", "Selger AS", address=_address())
    return buyer, seller


def _item(number: int) -> p.Item:
    return p.Item(name=f"Vare {number}", sellers_id=f"SKU{number:06d}", classifications=_CLASS, tax=_TAX)


def an_order(lines: int) -> bytes:
    """A clean order (T01)."""
    buyer, seller = _parties()

    def line(number: int) -> order.OrderLine:
        count, price = Decimal(1 + number % 7), p.Price(Decimal(10 + number % 50))
        net = build.line_amount(count, price)
        return order.OrderLine(str(number), Quantity(count, "EA"), _item(number), price, net)

    made = order.Order(
        id="PO-1",
        issue_date=_DAY,
        currency="NOK",
        buyer=buyer,
        seller=build.order_seller(seller),
        lines=tuple(line(number) for number in range(1, lines + 1)),
        customer_reference="REF42",
        validity_end=date(2026, 12, 1),
    )
    return order.write(build.sum_up_order(made))


def a_catalogue(lines: int) -> bytes:
    """A clean catalogue (T19)."""
    return b"".join(_catalogue(lines))


def write_catalogue(path: Path, lines: int) -> Path:
    """The same in a file, which may be larger than memory."""
    with path.open("wb") as file:
        file.writelines(_catalogue(lines))
    return path


def _catalogue(lines: int) -> Iterator[bytes]:
    buyer, seller = _parties()

    def line(number: int) -> catalogue.CatalogueLine:
        item = catalogue.CatalogueItem(
            name=f"Vare {number}",
            descriptions=(f"Beskrivelse av vare nr {number}, blå/grøn",),
            sellers_id=f"SKU{number:06d}",
            standard_id=Identifier("7070000000009", "0160"),
            classifications=_CLASS,
            tax=_TAX,
        )
        price = catalogue.LinePrice(amount=Decimal(10 + number % 50), currency="NOK")
        return catalogue.CatalogueLine(
            str(number), item, action="Add", orderable=True, orderable_unit="EA", prices=(price,)
        )

    made = catalogue.Catalogue(
        id="CAT-1",
        issue_date=_DAY,
        provider=build.catalogue_party(seller),
        receiver=build.catalogue_party(buyer),
        lines=(),
        action="Add",
        version="1",
        validity=p.Period(_DAY, date(2027, 11, 1)),
        seller=build.catalogue_seller(seller),
    )
    yield from catalogue.write_stream(made, (line(number) for number in range(1, lines + 1)))
