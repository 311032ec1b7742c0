"""Letters for the portal's tests: orders as XML, put into the inbox and taken by the operation under test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.portal import operations
from avrop.portal.models import SalesOrder
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl import build, gate
from avrop.ubl.documents import invoice as invoice_xml
from avrop.ubl.documents import invoice_response as answer_xml
from avrop.ubl.documents import order as order_xml
from avrop.ubl.documents import order_response as response_xml
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Quantity
from tests.world import World


@dataclass(frozen=True)
class Line:
    """An order line as a test writes it: decimals as text; no item number is free text."""

    quantity: str = "1"
    price: str = "100"
    rate: str = "25"
    item: str | None = "40-2210"
    name: str = "Kopipapir A4 80 g"
    unit: str = "EA"
    base: str = ""
    category: str = "S"


def party(organisation: Organisation) -> p.Party:
    """A party as it stands on an order."""
    address = p.Address(street="Fjordvegen 1", city="Bremnes", postal_zone="5430", country="NO")
    return build.norwegian_party(organisation.orgnr, organisation.name, address=address)


def order_of(
    world: World, *lines: Line, number: str = "2026-00001", profile: str = order_xml.PROFILE
) -> order_xml.Order:
    """An order from Bremnes to the office supplier."""
    written = tuple(_line(position, line) for position, line in enumerate(lines or (Line(),), 1))
    return build.sum_up_order(
        order_xml.Order(
            id=number,
            issue_date=date(2026, 11, 20),
            currency="NOK",
            buyer=party(world.bremnes),
            seller=party(world.kontor),
            lines=written,
            profile_id=profile,
            validity_end=date(2026, 12, 31),
            customer_reference="BER-210",
            contract_reference="FI-2026-01",
            notes=("Leverast til resepsjonen.",),
            delivery=order_xml.Delivery(
                location_name="Bremnes skule",
                address=p.Address(street="Skulevegen 2", city="Bremnes", postal_zone="5430", country="NO"),
            ),
        )
    )


def _line(position: int, line: Line) -> order_xml.OrderLine:
    base = Quantity(Decimal(line.base), line.unit) if line.base else None
    price = p.Price(Decimal(line.price), base)
    quantity = Quantity(Decimal(line.quantity), line.unit)
    return order_xml.OrderLine(
        id=str(position),
        quantity=quantity,
        line_extension_amount=build.line_amount(quantity.value, price),
        price=price,
        item=p.Item(
            name=line.name,
            sellers_id=line.item,
            tax=p.TaxCategory(line.category, Decimal(line.rate)),
        ),
    )


def deliver(raw: bytes) -> UUID:
    """Put a document into its receiver's inbox, as the network does. Returns the message's id."""
    return intake.receive(raw, transport="file").message_id


def take(world: World, document: order_xml.Order) -> SalesOrder:
    """The order comes through the inbox and becomes a sales order of the office supplier."""
    raw = order_xml.write(document)
    message = deliver(raw)
    with as_system(world.kontor.id):
        operations.take_order(message_id=message, document=order_xml.read(gate.admit(raw).root))
        return SalesOrder.objects.get(number=document.id, buyer_endpoint=str(document.buyer.endpoint))


def answer_invoice(world: World, buyer: Organisation, number: str, code: str, *reasons: str) -> None:
    """The buyer's invoice response comes in and is taken."""
    document = answer_xml.InvoiceResponse(
        id=f"T-{number}-{code}",
        issue_date=date(2026, 11, 25),
        sender=build.plain_party(party(buyer)),
        receiver=build.plain_party(party(world.kontor)),
        code=code,
        invoice_id=number,
        statuses=tuple(answer_xml.Status("OTH", answer_xml.REASON_LIST, reason) for reason in reasons),
    )
    raw = answer_xml.write(document)
    message = deliver(raw)
    with as_system(world.kontor.id):
        operations.take_invoice_response(message_id=message, document=answer_xml.read(gate.admit(raw).root))


def sent(world: World, kind: str) -> bytes:
    """The last document of a kind that the office supplier queued."""
    with as_system(world.kontor.id):
        body = Message.objects.filter(direction="out", document_type=kind).order_by("at", "id").last().body
    return bytes(body)


def sent_response(world: World) -> response_xml.OrderResponse:
    """The last Order Response, read back from its XML."""
    return response_xml.read(gate.admit(sent(world, "order_response")).root)


def sent_invoice(world: World) -> invoice_xml.Invoice:
    """The last invoice, read back from its XML."""
    return invoice_xml.read(gate.admit(sent(world, "invoice")).root)


def as_clerk(world: World):  # type: ignore[no-untyped-def]
    """Look as the office supplier's clerk."""
    return viewing(world.seller())
