"""Answers written by a supplier's own system."""

from __future__ import annotations

from decimal import Decimal

from avrop.kernel import ports
from avrop.kernel.money import from_micro
from avrop.ordering.models import OrderLine
from avrop.ubl.build import plain_party
from avrop.ubl.documents import order_response as t76
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity
from tests.world import World


def response_xml(world: World, line: OrderLine, code: str, n: int, price: int) -> bytes:
    """An Order Response (T76); with CA one line has another quantity and price."""
    order = line.order
    changed = t76.OrderResponseLine(
        id="1",
        order_line_id=str(line.line_no),
        status_code="3",
        item=p.Item(name=line.name, sellers_id=line.seller_item_id or None),
        quantity=Quantity(Decimal(n), line.unit_code),
        price=p.Price(max(Decimal(0), from_micro(line.price) + price)),
    )
    return t76.write(
        t76.OrderResponse(
            id=f"S-{order.number}-{code}-{n}-{price}-{ports.now():%H%M%S}",
            issue_date=ports.today(),
            order_reference=order.number,
            seller=plain_party(
                p.Party(endpoint=Identifier(order.supplier.orgnr, "0192"), name=order.supplier.name)
            ),
            buyer=plain_party(
                p.Party(endpoint=Identifier(world.bremnes.orgnr, "0192"), name=world.bremnes.name)
            ),
            code=code,
            currency="NOK",
            lines=(changed,) if code == "CA" else (),
        )
    )
