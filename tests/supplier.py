"""A supplier's own system, outside the platform: reads the order it was sent, writes answer and invoice as XML."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from avrop.ubl import build, gate, sbdh
from avrop.ubl.documents import invoice, order, order_response, order_response_advanced
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier


def read(envelope: bytes) -> order.Order:
    """The order in an envelope (or bare)."""
    _header, root = sbdh.unwrap(gate.admit(envelope).root)
    return order.read(root)


def accept(got: order.Order, number: str, issued: date) -> bytes:
    """The answer that accepts everything: T116 under advanced ordering, else T76."""
    advanced = got.profile_id == order.PROFILE_ADVANCED
    module = order_response_advanced if advanced else order_response
    kind = order_response_advanced.OrderResponseAdvanced if advanced else order_response.OrderResponse
    return module.write(
        kind(
            id=number,
            issue_date=issued,
            order_reference=got.id,
            seller=build.plain_party(_seller(got)),
            buyer=build.plain_party(_buyer(got)),
            code="AP",
            currency=got.currency,
        )
    )


def bill(got: order.Order, number: str, issued: date, *, account: str = "86011117947") -> bytes:
    """An invoice (BIS Billing 3) for everything, at the order's prices."""
    return invoice.write(bill_document(got, number, issued, account=account))


def bill_document(
    got: order.Order, number: str, issued: date, *, account: str = "86011117947"
) -> invoice.Invoice:
    """The invoice before it is written, so that a test can change something in it."""
    draft = invoice.Invoice(
        id=number,
        issue_date=issued,
        due_date=issued + timedelta(days=30),
        currency=got.currency,
        seller=_seller(got),
        buyer=_buyer(got),
        totals=p.MonetaryTotal(line_extension=Decimal(0), payable=Decimal(0)),  # summed up below
        lines=tuple(_line(line) for line in got.lines),
        buyer_reference=got.customer_reference or "-",
        order_reference=got.id,
        payment_means=(invoice.PaymentMeans(code="30", account_id=account),),
    )
    return build.sum_up_invoice(draft)


def with_price(document: invoice.Invoice, line: int, factor: Decimal) -> bytes:
    """The invoice with one line's price (from 0) multiplied; sums follow."""
    lines = list(document.lines)
    one = lines[line]
    price = replace(one.price, amount=build.to_ore(one.price.amount * factor))
    net = build.line_amount(one.quantity.value, price)
    lines[line] = replace(one, price=price, line_extension_amount=net)
    return invoice.write(build.sum_up_invoice(replace(document, lines=tuple(lines))))


def _line(line: order.OrderLine) -> invoice.InvoiceLine:
    assert line.price is not None
    return invoice.InvoiceLine(
        id=line.id,
        quantity=line.quantity,
        line_extension_amount=build.line_amount(line.quantity.value, line.price),
        item=line.item,
        price=line.price,
        order_line=line.id,
    )


def _seller(got: order.Order) -> p.Party:
    return build.norwegian_party(
        _orgnr(got.seller.endpoint),
        got.seller.name or got.seller.legal_name or "Seljar",
        address=got.seller.address,
        vat=True,
        in_register=True,
    )


def _buyer(got: order.Order) -> p.Party:
    return build.norwegian_party(
        _orgnr(got.buyer.endpoint),
        got.buyer.legal_name or got.buyer.name or "Kjøpar",
        address=got.buyer.address,
    )


def _orgnr(endpoint: Identifier | None) -> str:
    assert endpoint is not None
    return endpoint.value
