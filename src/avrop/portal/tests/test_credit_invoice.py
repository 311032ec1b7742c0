"""A credit note: of all, of goods that come back, of a price that was too high; valid, and never too much."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from avrop.journal.models import Entry
from avrop.journal.within import row_hash
from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import operations, queries
from avrop.portal.facts import Credit
from avrop.portal.models import SalesInvoice, SalesInvoiceLine, SalesOrder, SalesOrderLine
from avrop.portal.tests.letters import Line, as_clerk, billed, sent, sent_credit_note
from avrop.portal.tests.test_invoice import _verdict
from avrop.tenancy.scope import viewing

MICRO = 1_000_000
MIX = (Line("10", "52.90"), Line("2", "49.90", "15", "10-5000", "Kaffi filtermalt 500 g"))


def _refused(world, ident, lines, reason="Feil") -> str:
    with as_clerk(world), pytest.raises(Refusal) as refused:
        operations.credit_invoice(sales_invoice_id=ident, lines=lines, reason=reason)
    return refused.value.code


def test_one_click_credits_the_whole_invoice_and_the_official_rules_agree(world, registry) -> None:
    at = ports.SetClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    with ports.using(clock=at):
        ident = billed(world, *MIX)
        with as_clerk(world):
            operations.credit_invoice(sales_invoice_id=ident, reason="Heile leveransen kom i retur.")
    with as_clerk(world):
        original = SalesInvoice.objects.get(id=ident)
        credit = SalesInvoice.objects.get(credits=ident)
        order = queries.order(original.order_id)
    document = sent_credit_note(world)
    assert _verdict(registry, sent(world, "credit_note")) == []
    assert (document.type_code, document.credit_note) == ("381", True)
    assert [(one.id, one.issue_date) for one in document.preceding] == [(original.number, date(2026, 11, 23))]
    assert document.notes == ("Heile leveransen kom i retur.",)
    assert document.order_reference == "2026-00001"
    assert (document.kid, document.account) == (None, None)
    # 529.00 and 99.80; 132.25 and 14.97 of VAT
    assert document.totals.payable == Decimal("776.02")
    assert credit.number == "K2026-00001"
    assert (original.credited, credit.gross) == (776_02, 776_02)
    assert order is not None and order.state == "accepted"
    assert [line.open for line in order.lines] == [10 * MICRO, 2 * MICRO]


def test_goods_that_come_back_may_be_invoiced_again(world, registry) -> None:
    ident = billed(world, *MIX)
    with as_clerk(world):
        operations.credit_invoice(
            sales_invoice_id=ident, lines={1: Credit(quantity=3 * MICRO)}, reason="Tre pakkar i retur"
        )
        order = queries.order(SalesInvoice.objects.get(id=ident).order_id)
        assert order is not None
        assert [line.open for line in order.lines] == [3 * MICRO, 0]
        assert order.state == "accepted"
        operations.invoice(sales_order_id=order.id)
        assert queries.order(order.id).state == "invoiced"
    document = sent_credit_note(world)
    assert _verdict(registry, sent(world, "credit_note")) == []
    assert [(one.quantity.value, one.line_extension_amount) for one in document.lines] == [
        (Decimal(3), Decimal("158.70"))
    ]
    assert document.totals.payable == Decimal("198.38")  # 158.70 + 39.68 (39.675 half up)


def test_a_price_credit_leaves_the_quantity_invoiced(world, registry) -> None:
    ident = billed(world, *MIX)
    with as_clerk(world):
        operations.credit_invoice(
            sales_invoice_id=ident, lines={1: Credit(amount=29_00)}, reason="Prisen var 2,90 for høg"
        )
        order = queries.order(SalesInvoice.objects.get(id=ident).order_id)
    assert order is not None and order.state == "invoiced"
    assert [line.open for line in order.lines] == [0, 0]
    document = sent_credit_note(world)
    assert _verdict(registry, sent(world, "credit_note")) == []
    (line,) = document.lines
    # A lump sum, so that nobody takes it for goods that come back.
    assert (line.quantity.value, line.quantity.unit, line.price.amount) == (
        Decimal(1),
        "LS",
        Decimal("29.00"),
    )
    assert line.order_line == "1"
    assert document.totals.payable == Decimal("36.25")


def test_goods_that_come_back_after_a_price_credit_are_worth_what_is_left_of_them(world, registry) -> None:
    ident = billed(world, Line("10", "10.00"))
    with as_clerk(world):
        operations.credit_invoice(sales_invoice_id=ident, lines={1: Credit(amount=20_00)}, reason="Rabatt")
        operations.credit_invoice(
            sales_invoice_id=ident, lines={1: Credit(quantity=3 * MICRO)}, reason="Retur"
        )
    document = sent_credit_note(world)
    assert _verdict(registry, sent(world, "credit_note")) == []
    # 80.00 left of ten: 8.00 each
    assert document.lines[0].line_extension_amount == Decimal("24.00")
    assert document.lines[0].allowance_charges[0].amount == Decimal("6.00")


def test_never_more_than_is_left(world) -> None:
    ident = billed(world, *MIX)
    assert _refused(world, ident, {1: Credit(quantity=11 * MICRO)}) == "CREDIT_TOO_MANY"
    assert _refused(world, ident, {1: Credit(amount=529_01)}) == "CREDIT_TOO_MUCH"
    with as_clerk(world):
        operations.credit_invoice(
            sales_invoice_id=ident, lines={1: Credit(quantity=9 * MICRO)}, reason="Retur"
        )
    assert _refused(world, ident, {1: Credit(quantity=2 * MICRO)}) == "CREDIT_TOO_MANY"
    with as_clerk(world):
        operations.credit_invoice(sales_invoice_id=ident, reason="Resten")
        assert SalesInvoice.objects.get(id=ident).credited == 776_02
    assert _refused(world, ident, None) == "NOTHING_TO_CREDIT"


@pytest.mark.parametrize(
    ("lines", "reason", "code"),
    [
        ({7: Credit(quantity=MICRO)}, "x", "LINE_UNKNOWN"),
        ({1: Credit(quantity=MICRO, amount=1)}, "x", "CREDIT_ONE_KIND"),
        ({1: Credit(quantity=-1)}, "x", "QUANTITY_WRONG"),
        ({}, "x", "NOTHING_CHOSEN"),
        (None, "  ", "CREDIT_REASON_NEEDED"),
    ],
)
def test_what_cannot_be_credited_is_refused_by_name_and_spends_no_number(world, lines, reason, code) -> None:
    ident = billed(world, *MIX)
    assert _refused(world, ident, lines, reason) == code
    with as_clerk(world):
        operations.credit_invoice(sales_invoice_id=ident, reason="Rett")
        assert SalesInvoice.objects.get(credits=ident).number.endswith("-00001")


def test_a_credit_note_is_not_credited(world) -> None:
    ident = billed(world)
    with as_clerk(world):
        credit = operations.credit_invoice(sales_invoice_id=ident, reason="Feil")
    assert _refused(world, credit, None) == "CREDIT_OF_CREDIT"


def test_a_double_click_credits_once(world) -> None:
    ident = billed(world, Line("10", "5"))
    with as_clerk(world):
        one = {1: Credit(quantity=MICRO)}
        operations.credit_invoice(sales_invoice_id=ident, lines=one, reason="Retur", after=0)
        with pytest.raises(Refusal) as refused:
            operations.credit_invoice(sales_invoice_id=ident, lines=one, reason="Retur", after=0)
        assert refused.value.code == "CREDITED_MEANWHILE"
        assert SalesInvoice.objects.filter(kind="credit_note").count() == 1


def test_a_stranger_cannot_credit_the_invoice(world) -> None:
    ident = billed(world)
    with viewing(world.viewer("stein", "storhus")), pytest.raises(Refusal) as refused:
        operations.credit_invoice(sales_invoice_id=ident, reason="Feil")
    assert refused.value.code == "SALES_INVOICE_UNKNOWN_HERE"


def test_the_chain_knows_every_row_the_credit_note_wrote(world) -> None:
    ident = billed(world, *MIX)
    with as_clerk(world):
        operations.credit_invoice(sales_invoice_id=ident, reason="Feil")
        said = {(row[0], row[1]): row[2] for entry in Entry.objects.order_by("seq") for row in entry.rows}
        models = (SalesOrder, SalesOrderLine, SalesInvoice, SalesInvoiceLine, Message)
        for row in (row for model in models for row in model.objects.all()):
            assert said[row._meta.label, row.pk.hex] == row_hash(row)
