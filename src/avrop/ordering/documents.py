"""Our order as Peppol Order (T01), its changes (T114) and its cancellation (T115)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from avrop.kernel.money import from_micro, from_minor, quantity_from_micro
from avrop.kernel.ports import OSLO
from avrop.ordering.facts import OrderFacts, OrderLineFacts
from avrop.ordering.models import Order, OrderLine
from avrop.ordering.rules import in_all, order_totals
from avrop.tenancy.facts import Party
from avrop.ubl.build import norwegian_party, order_seller
from avrop.ubl.documents import order as t01
from avrop.ubl.documents import order_cancellation as t115
from avrop.ubl.documents import order_change as t114
from avrop.ubl.documents import parts as p
from avrop.ubl.identify import document_type_id
from avrop.ubl.kinds import Identifier, Quantity

VALID_DAYS = 30  # PEPPOL-T01-R002 asks for an end of validity; an answer later than this is late anyway
NORWAY = "NO"
DOCUMENT_TYPE = "order"
DOCUMENT_TYPE_ID = document_type_id("Order", t01.CUSTOMIZATION)
PROFILES = {
    "ordering": t01.PROFILE,
    "order_only": t01.PROFILE_ORDER_ONLY,
    "advanced": t01.PROFILE_ADVANCED,
}
CHANGE_TYPE_ID = document_type_id("OrderChange", t114.CUSTOMIZATION)
CANCELLATION_TYPE_ID = document_type_id("OrderCancellation", t115.CUSTOMIZATION)


def render(
    order: Order,
    lines: Sequence[OrderLine],
    *,
    buyer: Party,
    seller: Party,
    process: str,
    unit_name: str,
    reference: str,
) -> bytes:
    """The order as UBL in UTF-8. `reference` comes back as BT-10; `process` gives the profile."""
    return t01.write(
        document(
            order,
            lines,
            buyer=buyer,
            seller=seller,
            process=process,
            unit_name=unit_name,
            reference=reference,
        )
    )


def document(
    order: Order,
    lines: Sequence[OrderLine],
    *,
    buyer: Party,
    seller: Party,
    process: str,
    unit_name: str,
    reference: str,
) -> t01.Order:
    """The order as Peppol says it. Amounts from øre, prices and quantities from integers scaled by 10^6."""
    issued = order.issued_at.astimezone(OSLO).date()
    return t01.Order(
        id=order.number,
        issue_date=issued,
        currency=order.currency,
        profile_id=PROFILES[process],
        customer_reference=reference or None,
        validity_end=issued + timedelta(days=VALID_DAYS),
        contract_reference=order.agreement_ref or None,
        buyer=_party(buyer),
        seller=order_seller(_party(seller)),
        originator=p.Party(name=unit_name),
        delivery=_delivery(order),
        tax_amount=from_minor(order.vat),
        totals=p.MonetaryTotal(
            line_extension=from_minor(order.net),
            tax_exclusive=from_minor(order.net),
            tax_inclusive=from_minor(order.gross),
            payable=from_minor(order.gross),
        ),
        lines=tuple(_line(line) for line in lines),
    )


def _party(party: Party) -> p.Party:
    address = p.Address(
        street=party.street or None,
        city=party.city or None,
        postal_zone=party.postal_zone or None,
        country=NORWAY,
    )
    return norwegian_party(party.orgnr, party.name, address=address, trading_name=party.name)


def change(
    order: OrderFacts,
    before: Sequence[OrderLineFacts],
    after: Sequence[OrderLineFacts],
    *,
    buyer: Party,
    seller: Party,
    number: str,
    sequence: int,
    on: date,
    reference: str,
    reason: str,
) -> t114.OrderChange:
    """The order as it becomes (T114). `order` is already as the change makes it, but for its lines.

    Every line is carried, so that the totals are the sum of the lines given (PEPPOL-T114-R008); with what came and
    was returned for credit, which the supplier has delivered (`rules.in_all`).
    """
    before, after = [in_all(line) for line in before], [in_all(line) for line in after]
    totals = order_totals(after)
    lines = tuple(_changed_line(old, new) for old, new in zip(before, after, strict=True))
    return t114.OrderChange(
        id=number,
        issue_date=on,
        sequence_number=str(sequence),
        currency=order.currency,
        order_reference=order.number,
        customer_reference=reference or None,
        validity_end=on + timedelta(days=VALID_DAYS),
        contract_reference=order.agreement_ref or None,
        notes=tuple(one for one in (reason, order.note) if one),
        buyer=_party(buyer),
        seller=order_seller(_party(seller)),
        originator=p.Party(name=order.unit_name),
        delivery=_delivery(order),
        tax_amount=from_minor(totals.vat),
        totals=p.MonetaryTotal(
            line_extension=from_minor(totals.net),
            tax_exclusive=from_minor(totals.net),
            tax_inclusive=from_minor(totals.gross),
            payable=from_minor(totals.gross),
        ),
        lines=lines,
    )


def cancellation(
    order: OrderFacts, *, buyer: Party, seller: Party, number: str, on: date, reason: str
) -> t115.OrderCancellation:
    """The whole order taken back (T115), with the reason that the document must have."""
    return t115.OrderCancellation(
        id=number,
        issue_date=on,
        order_reference=order.number,
        reason=reason,
        contract_reference=order.agreement_ref or None,
        buyer=_party(buyer),
        seller=order_seller(_party(seller)),
        originator=p.Party(name=order.unit_name),
    )


def _changed_line(old: OrderLineFacts, new: OrderLineFacts) -> t114.OrderChangeLine:
    status = t114.CHANGED if _said(new) != _said(old) else t114.NO_ACTION
    quantity, net = new.quantity, new.net
    if new.cancelled:
        status, quantity, net = t114.DELETED, 0, 0
    plain = _line(new)
    return t114.OrderChangeLine(
        id=plain.id,
        quantity=Quantity(quantity_from_micro(quantity), new.unit_code),
        line_extension_amount=from_minor(net),
        note=plain.note,
        price=plain.price,
        item=plain.item,
        status_code=status,
    )


def _said(line: OrderLineFacts) -> tuple[object, ...]:
    """What the supplier sees of a line."""
    return line.quantity, line.price, line.base_quantity, line.name, line.seller_item_id


def _delivery(order: Order | OrderFacts) -> t01.Delivery:
    place = order.delivery
    return t01.Delivery(
        address=p.Address(
            street=place["street"] or None,
            city=place["city"] or None,
            postal_zone=place["postal_zone"] or None,
            country=NORWAY,
        ),
        party=p.Party(name=place["name"]),
        shipment_id="1" if order.marking else None,
        shipping_marks=order.marking or None,
        period=p.Period(end=order.wanted_by) if order.wanted_by else None,
    )


def _line(line: OrderLine | OrderLineFacts) -> t01.OrderLine:
    free = line.frame is not None
    return t01.OrderLine(
        id=str(line.line_no),
        quantity=Quantity(quantity_from_micro(line.quantity), line.unit_code),
        line_extension_amount=from_minor(line.net),
        # Decision 6: the frame is the most that the line may cost; the supplier confirms the price.
        note=f"Inntil {from_minor(line.frame or 0)} NOK utan mva" if free else None,
        price=p.Price(
            from_micro(line.price),
            base_quantity=Quantity(quantity_from_micro(line.base_quantity), line.unit_code),
        ),
        item=p.Item(
            name=line.name,
            sellers_id=line.seller_item_id or None,
            tax=p.TaxCategory(id=line.vat_category, percent=Decimal(line.vat_rate) / 100),
        ),
    )


def endpoint(party: Party) -> Identifier:
    """The participant id in two parts, for comparing with a message."""
    scheme, _, value = party.endpoint.partition(":")
    return Identifier(value, scheme)
