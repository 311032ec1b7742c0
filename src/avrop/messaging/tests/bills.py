"""A bill that does not add up, from the office supplier to Bremnes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from avrop.ubl import build
from avrop.ubl.documents import invoice
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Quantity


def bill_that_does_not_add_up(world) -> bytes:
    """Payable is not what the sums give (BR-CO-16)."""
    price = p.Price(Decimal("100"))
    line = invoice.InvoiceLine(
        id="1",
        quantity=Quantity(Decimal(2), "EA"),
        line_extension_amount=Decimal("200.00"),
        item=p.Item(name="Papir", tax=p.TaxCategory("S", Decimal(25))),
        price=price,
    )
    draft = invoice.Invoice(
        id="F-77",
        issue_date=date(2026, 11, 20),
        due_date=date(2026, 12, 20),
        currency="NOK",
        seller=build.norwegian_party(world.kontor.orgnr, world.kontor.name, vat=True, in_register=True),
        buyer=build.norwegian_party(world.bremnes.orgnr, world.bremnes.name),
        totals=p.MonetaryTotal(Decimal(0), Decimal(0)),
        lines=(line,),
        buyer_reference="-",
        payment_means=(invoice.PaymentMeans(code="30", account_id="86011117947"),),
    )
    summed = build.sum_up_invoice(draft)
    return invoice.write(replace(summed, totals=replace(summed.totals, payable=Decimal("251.00"))))
