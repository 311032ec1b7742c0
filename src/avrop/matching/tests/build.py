"""Orders and invoices as facts, in whole kroner and units, so that a test reads like the document."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from avrop.coding.facts import Coding
from avrop.invoicing.facts import DocumentCharge, InvoiceFacts, InvoiceLineFacts, VatPart
from avrop.kernel.money import MICRO, line_amount, parse_decimal, to_micro, to_minor, vat_amount, vat_by_rate
from avrop.matching.defaults import tolerance
from avrop.matching.rules import Context
from avrop.ordering.facts import OrderFacts, OrderLineFacts
from avrop.suppliers.facts import Relation

SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
BUYER, SUPPLIER, OTHER = (uuid5(SPACE, name) for name in ("buyer", "supplier", "other"))
ACCOUNT = "86011117947"
CODING = Coding("11000", "210", "20200", "", "compensated")
RELATION = Relation(SUPPLIER, "70001", "local", "ordering", 30, False, frozenset({ACCOUNT}))


def micro(text: str) -> int:
    return to_micro(parse_decimal(text))


def kroner(text: str) -> int:
    return to_minor(parse_decimal(text))


def order_line(
    number: int,
    quantity: str,
    price: str,
    *,
    item: str = "",
    rate: int = 2500,
    coding: Coding = CODING,
    frame: str | None = None,
    unit: str = "EA",
    **more: Any,
) -> OrderLineFacts:
    return OrderLineFacts(
        id=uuid5(SPACE, f"line {number} {item}"),
        line_no=number,
        kind="free_text" if frame else "catalogue",
        seller_item_id=item or f"A-{number}",
        name=f"Vare {number}",
        quantity=micro(quantity),
        unit_code=unit,
        price=micro(price),
        base_quantity=MICRO,
        vat_category="S" if rate else "Z",
        vat_rate=rate,
        net=line_amount(micro(quantity), micro(price)),
        frame=kroner(frame) if frame else None,
        coding=coding,
        **more,
    )


def order(*lines: OrderLineFacts, number: str = "2026-00001", **more: Any) -> OrderFacts:
    net = sum(one.net for one in lines)
    values: dict[str, Any] = {
        "id": uuid5(SPACE, number),
        "buyer_id": BUYER,
        "number": number,
        "stream": f"purchase:{number}",
        "supplier_id": SUPPLIER,
        "agreement_id": None,
        "agreement_ref": "",
        "unit_id": uuid5(SPACE, "unit"),
        "requester_id": uuid5(SPACE, "berit"),
        "currency": "NOK",
        "net": net,
        "vat": vat_amount(net, 2500),
        "gross": net + vat_amount(net, 2500),
        "transport_state": "sent",
        "response_state": "accepted",
        "issued_at": datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
        "lines": tuple(lines),
    }
    return OrderFacts(**(values | more))


def line(
    quantity: str,
    price: str,
    *,
    to: str = "",
    item: str = "",
    rate: int = 2500,
    unit: str = "EA",
    of: str = "",
    allowance: str = "0",
    charge: str = "0",
) -> dict[str, Any]:
    net = line_amount(micro(quantity), micro(price)) - kroner(allowance) + kroner(charge)
    return {
        "order_reference": of,
        "order_line_reference": to,
        "seller_item_id": item,
        "name": "Vare",
        "quantity": micro(quantity),
        "unit_code": unit,
        "price": micro(price),
        "base_quantity": MICRO,
        "net": net,
        "allowances": kroner(allowance),
        "charges": kroner(charge),
        "vat_category": "S" if rate else "Z",
        "vat_rate": rate,
    }


def invoice(
    *lines: dict[str, Any],
    number: str = "9001",
    of: str = "2026-00001",
    charges: Sequence[DocumentCharge] = (),
    day: int = 20,
    rounding: int = 0,
    **more: Any,
) -> InvoiceFacts:
    signed = [(c.vat_category, c.vat_rate, c.amount if c.charge else -c.amount) for c in charges]
    rates = vat_by_rate([*((one["vat_category"], one["vat_rate"], one["net"]) for one in lines), *signed])
    line_total = sum(one["net"] for one in lines)
    net, vat = sum(base for base, _ in rates.values()), sum(part for _, part in rates.values())
    values: dict[str, Any] = {
        "id": uuid5(SPACE, f"invoice {number}"),
        "buyer_id": BUYER,
        "stream": "purchase:1",
        "kind": "invoice",
        "number": number,
        "issue_date": date(2026, 11, day),
        "due_date": date(2026, 12, day),
        "currency": "NOK",
        "order_reference": of,
        "buyer_reference": "",
        "supplier_id": SUPPLIER,
        "seller_name": "Kontorvarer AS",
        "seller_orgnr": "211000001",
        "payment_reference": "1234567897",
        "bank_account": ACCOUNT,
        "line_total": line_total,
        "net": net,
        "vat": vat,
        "gross": net + vat,
        "rounding": rounding,
        "payable": net + vat + rounding,
        "charges": tuple(charges),
        "vat_parts": tuple(VatPart(c, r, base, part) for (c, r), (base, part) in rates.items()),
        "state": "valid",
        "sha256": "0" * 64,
        "lines": tuple(
            InvoiceLineFacts(id=uuid5(SPACE, f"{number} {i}"), position=i, line_id=str(i), **one)
            for i, one in enumerate(lines, 1)
        ),
    }
    return InvoiceFacts(**(values | more))


def context(*orders: OrderFacts, received: dict[int, str] | None = None, **more: Any) -> Context:
    """`received`: line number of the first order -> quantity; None: everything ordered has come."""
    came = {one.id: one.quantity for order in orders for one in order.lines}
    if received is not None:
        came = {one.id: micro(received.get(one.line_no, "0")) for one in orders[0].lines}
    values: dict[str, Any] = {
        "orders": {order.number: order for order in orders},
        "received": came,
        "relation": RELATION,
        "tolerance": tolerance(),
    }
    return Context(**(values | more))
