"""Invoices that are wrong in one way each, for every kind of deviation that a person may have to judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from avrop.demo import foreign, remedies
from avrop.demo.drive import Steps
from avrop.demo.tale import Ending, Story
from avrop.kernel.ports import OSLO
from avrop.ubl.build import sum_up_invoice
from avrop.ubl.documents import invoice as ubl
from avrop.ubl.kinds import Quantity

Change = Callable[[ubl.Invoice], ubl.Invoice]


def day_of(at: datetime) -> date:
    """The business date in Norway."""
    return at.astimezone(OSLO).date()


def _line(document: ubl.Invoice, change: Callable[[ubl.InvoiceLine], ubl.InvoiceLine]) -> ubl.Invoice:
    """The first line is another."""
    first, *rest = document.lines
    return sum_up_invoice(replace(document, lines=(change(first), *rest)))


def _other_vat(line: ubl.InvoiceLine) -> ubl.InvoiceLine:
    assert line.item.tax is not None
    return replace(line, item=replace(line.item, tax=replace(line.item.tax, percent=Decimal(15))))


def _other_unit(line: ubl.InvoiceLine) -> ubl.InvoiceLine:
    return replace(line, quantity=Quantity(line.quantity.value, "XBX"))


def _other_item(line: ubl.InvoiceLine) -> ubl.InvoiceLine:
    return replace(
        line, order_line=None, item=replace(line.item, name="Frakt med budbil", sellers_id="99-1000")
    )


def _free(line: ubl.InvoiceLine) -> ubl.InvoiceLine:
    return replace(line, line_extension_amount=Decimal(0), price=replace(line.price, amount=Decimal(0)))


def _negative(document: ubl.Invoice) -> ubl.Invoice:
    """A discount as a line below zero, which belongs on a credit note."""
    first = document.lines[0]
    less = replace(
        first,
        id=str(len(document.lines) + 1),
        quantity=Quantity(Decimal(-1), first.quantity.unit),
        line_extension_amount=-(first.price.amount or Decimal(0)).quantize(Decimal("0.01")),
    )
    return sum_up_invoice(replace(document, lines=(*document.lines, less)))


def _rounded(document: ubl.Invoice) -> ubl.Invoice:
    totals = document.totals
    assert totals.payable is not None
    two = Decimal("2.00")
    return replace(document, totals=replace(totals, rounding=two, payable=totals.payable + two))


CHANGES: dict[str, Change] = {
    "vat": lambda document: _line(document, _other_vat),
    "unit": lambda document: _line(document, _other_unit),
    "unpaired": lambda document: _line(document, _other_item),
    "zero_price": lambda document: _line(document, _free),
    "negative": _negative,
    "rounding": _rounded,
}


def _wrong(kind: str, s: Story) -> Steps:
    """Everything comes, and the invoice is wrong in this way."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), change=CHANGES[kind])


def small_sums(s: Story) -> Steps:
    """Each line is one per cent dearer, too little to stop it; together it is too much."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), dearer=1)


def closed_order(s: Story) -> Steps:
    """The order was cancelled, and still an invoice comes."""
    yield from s.answered()
    yield s.at(2, 9)
    remedies.cancel(s.it.town, s.it.login, s.orders[0], "Vi har nok frå før.")
    yield s.at(2, 13)
    remedies.answer_change(s.orders[0])
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), cancelled=True)


def other_seller(s: Story) -> Steps:
    """Somebody else sends the invoice for the order."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number(), seller="kontorhjornet")


def credit_exceeds(s: Story) -> Steps:
    """More is credited than was invoiced."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number())
    yield from s.clicked()
    yield s.at(10, 13)
    foreign.credit(s.orders[0], f"K-{s.number()}", of=s.number(), issued=day_of(s.at(7, 13)), more=5)


def credit_of_what(s: Story) -> Steps:
    """A credit note that does not say which invoice it is for."""
    yield from s.answered()
    yield from s.received()
    yield s.at(7, 13)
    foreign.bill(s.orders[0], s.number())
    yield from s.clicked()
    yield s.at(10, 13)
    foreign.credit(s.orders[0], f"K-{s.number()}", of="", issued=day_of(s.at(7, 13)), more=0)


ENDINGS: dict[str, Ending] = {f"odd_{kind}": partial(_wrong, kind) for kind in CHANGES} | {
    story.__name__: story
    for story in (small_sums, closed_order, other_seller, credit_exceeds, credit_of_what)
}
