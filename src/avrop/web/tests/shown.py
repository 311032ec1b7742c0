"""An invoice to show: 200 + VAT, with whatever texts and files a test wants in it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from avrop.ubl import build
from avrop.ubl.documents import invoice
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Quantity

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def bill(lines: int = 1) -> invoice.Invoice:
    """F-77 of 20.11.2026 from a seller in Fjordvik; each line two pieces at 100."""
    line = invoice.InvoiceLine(
        id="1",
        quantity=Quantity(Decimal(2), "EA"),
        line_extension_amount=Decimal("200.00"),
        item=p.Item(name="Kopipapir A4", sellers_id="K-1", tax=p.TaxCategory("S", Decimal(25))),
        price=p.Price(Decimal("100")),
        order_line="7",
    )
    draft = invoice.Invoice(
        id="F-77",
        issue_date=date(2026, 11, 20),
        due_date=date(2026, 12, 20),
        currency="NOK",
        seller=build.norwegian_party("305218022", "Kontor og Kopi Vest AS", vat=True, in_register=True),
        buyer=build.norwegian_party("314159268", "Fjordvik kommune"),
        totals=p.MonetaryTotal(Decimal(0), Decimal(0)),
        lines=tuple(replace(line, id=str(n + 1)) for n in range(lines)),
        buyer_reference="40-2210",
        order_reference="2026-00417",
        payment_means=(invoice.PaymentMeans(code="30", account_id="86011117947", payment_id="2026000022"),),
    )
    return build.sum_up_invoice(draft)


def attachment(content: bytes, name: str, mime: str, ident: str = "V1") -> p.Document:
    """A file to lay in an invoice."""
    return p.Document(ident, mime_code=mime, filename=name, content=b64encode(content).decode())


def xml(one: invoice.Invoice) -> bytes:
    """As UBL."""
    return invoice.write(one)
