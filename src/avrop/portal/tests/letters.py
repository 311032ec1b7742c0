"""Letters for the portal's tests: orders as XML, put into the inbox and taken by the operation under test."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.portal import operations
from avrop.portal.models import SalesChange, SalesOrder
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl import build, gate
from avrop.ubl.documents import invoice as invoice_xml
from avrop.ubl.documents import invoice_response as answer_xml
from avrop.ubl.documents import order as order_xml
from avrop.ubl.documents import order_cancellation as cancellation_xml
from avrop.ubl.documents import order_change as change_xml
from avrop.ubl.documents import order_response as response_xml
from avrop.ubl.documents import order_response_advanced as advanced_xml
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


def change_of(
    original: order_xml.Order,
    *lines: tuple[str, str, Line],
    number: str = "E-1",
    sequence: str = "1",
    **more: Any,
) -> change_xml.OrderChange:
    """A change of an order: (line id, UNCL1229 action, the line as it shall be), with every line it has."""
    asked = {ident: (action, line) for ident, action, line in lines}
    known = [line.id for line in original.lines]
    written = []
    for line in original.lines:
        action, new = asked.get(line.id, ("4", None))
        written.append(_changed(line.id, action, _line(1, new) if new else line))
    written += [_changed(i, action, _line(1, line)) for i, (action, line) in asked.items() if i not in known]
    document = change_xml.OrderChange(
        id=number,
        issue_date=date(2026, 11, 21),
        currency="NOK",
        order_reference=original.id,
        buyer=original.buyer,
        seller=build.order_seller(original.seller),
        lines=tuple(written),
        sequence_number=sequence,
        notes=("Vi treng fleire.",),
        validity_end=date(2026, 12, 31),
        customer_reference=original.customer_reference,
        delivery=original.delivery,
    )
    return build.sum_up_order(replace(document, **more))


def _changed(ident: str, action: str, line: order_xml.OrderLine) -> change_xml.OrderChangeLine:
    values = {f.name: getattr(line, f.name) for f in fields(order_xml.OrderLine)} | {"id": ident}
    if action == "2":
        unit = line.quantity.unit
        values |= {"quantity": Quantity(Decimal(0), unit), "line_extension_amount": Decimal("0.00")}
    return change_xml.OrderChangeLine(**values, status_code=action)


def cancellation_of(original: order_xml.Order, number: str = "A-1") -> cancellation_xml.OrderCancellation:
    """The whole order taken back."""
    return cancellation_xml.OrderCancellation(
        id=number,
        issue_date=date(2026, 11, 21),
        order_reference=original.id,
        reason="Skulen er stengd etter vasskade.",
        buyer=original.buyer,
        seller=build.order_seller(original.seller),
    )


def take_change(world: World, document: change_xml.OrderChange) -> SalesChange | None:
    """The change comes through the inbox; the row it became, if any."""
    raw = change_xml.write(document)
    message = deliver(raw)
    with as_system(world.kontor.id):
        operations.take_change(message_id=message, document=change_xml.read(gate.admit(raw).root))
        return SalesChange.objects.filter(message_id=message).first()


def take_cancellation(world: World, document: cancellation_xml.OrderCancellation) -> SalesChange | None:
    """The cancellation comes through the inbox; the row it became, if any."""
    raw = cancellation_xml.write(document)
    message = deliver(raw)
    with as_system(world.kontor.id):
        operations.take_cancellation(message_id=message, document=cancellation_xml.read(gate.admit(raw).root))
        return SalesChange.objects.filter(message_id=message).first()


def billed(world: World, *lines: Line) -> UUID:
    """An order of these lines that is accepted and invoiced in full. Returns the invoice's id."""
    order = take(world, order_of(world, *lines))
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
        return operations.invoice(sales_order_id=order.id)


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


def answer_invoice(
    world: World, buyer: Organisation, number: str, code: str, *reasons: str, action: str = ""
) -> None:
    """The buyer's invoice response comes in and is taken. `action`: OPStatusAction, what the buyer wants done."""
    wanted = (answer_xml.Status(action, answer_xml.ACTION_LIST, None),) if action else ()
    document = answer_xml.InvoiceResponse(
        id=f"T-{number}-{code}",
        issue_date=date(2026, 11, 25),
        sender=build.plain_party(party(buyer)),
        receiver=build.plain_party(party(world.kontor)),
        code=code,
        invoice_id=number,
        statuses=(
            *(answer_xml.Status("OTH", answer_xml.REASON_LIST, reason) for reason in reasons),
            *wanted,
        ),
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


def sent_credit_note(world: World) -> invoice_xml.Invoice:
    """The last credit note, read back from its XML."""
    return invoice_xml.read(gate.admit(sent(world, "credit_note")).root)


def sent_advanced(world: World) -> advanced_xml.OrderResponseAdvanced:
    """The last Order Response Advanced (T116), read back from its XML."""
    return advanced_xml.read(gate.admit(sent(world, "order_response_advanced")).root)


def as_clerk(world: World):
    """Look as the office supplier's clerk."""
    return viewing(world.seller())
