"""What may be invoiced, and what it sums to. The documents stand in the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import is_kid
from avrop.kernel.money import line_amount
from avrop.kernel.ports import new_id
from avrop.portal import rules
from avrop.portal.facts import SalesLine, SalesOrderFacts
from avrop.portal.tests.letters import Line

MICRO = 1_000_000


def _micro(text: str) -> int:
    return int(Decimal(text) * MICRO)


def sales_line(position: int, line: Line, **more) -> SalesLine:
    base = _micro(line.base) if line.base else MICRO
    quantity, price = _micro(line.quantity), _micro(line.price)
    values = {
        "id": new_id(),
        "position": position,
        "line_id": str(position),
        "seller_item_id": line.item or "",
        "name": line.name,
        "description": "",
        "note": "",
        "quantity": quantity,
        "unit_code": line.unit,
        "price": price,
        "base_quantity": base,
        "net": line_amount(quantity, price, base),
        "vat_category": line.category,
        "vat_rate": int(Decimal(line.rate) * 100),
        "free_text": line.item is None,
        "answer": "5",
        "answer_quantity": None,
        "answer_price": None,
        "answer_note": "",
        "invoiced": 0,
    }
    return SalesLine(**{**values, **more})


def sales_order(world, *lines: Line | SalesLine, **more) -> SalesOrderFacts:
    """An accepted order; `world` may be None where only amounts matter."""
    values = {
        "id": new_id(),
        "seller_id": world.kontor.id if world else new_id(),
        "number": "2026-00001",
        "stream": "sale:1",
        "profile_id": "urn:fdc:peppol.eu:poacc:bis:ordering:3",
        "buyer_endpoint": "0192:311000007",
        "buyer_name": "Bremnes kommune",
        "buyer_orgnr": "",
        "buyer_reference": "BER-210",
        "buyer_address": {"street": "Fjordvegen 1", "city": "Bremnes", "country": "NO"},
        "delivery": {"name": "Bremnes skule", "street": "Skulevegen 2", "city": "Bremnes", "country": "NO"},
        "marking": "",
        "contract": "FI-2026-01",
        "note": "",
        "response_wanted": True,
        "currency": "NOK",
        "net": 0,
        "vat": 0,
        "gross": 0,
        "issue_date": date(2026, 11, 20),
        "state": "accepted",
        "received_at": datetime(2026, 11, 20, tzinfo=UTC),
        "answered_at": None,
        "answer_note": "",
        "message_id": new_id(),
        "sha256": "",
    }
    if world:
        values |= {"buyer_endpoint": world.bremnes.endpoint, "buyer_orgnr": world.bremnes.orgnr}
    rows = tuple(
        one if isinstance(one, SalesLine) else sales_line(position, one)
        for position, one in enumerate(lines, 1)
    )
    return SalesOrderFacts(**{**values, **more}, lines=rows)


def test_the_worked_example_of_three_rates_sums_as_the_rules_say() -> None:
    # 3 at 33.3333 and freight 10.00 at 25 %, 2 kg at 49.90 at 15 %: 209.80 + 42.47 = 252.27
    order = sales_order(
        None, Line("3", "33.3333"), Line("2", "49.90", "15", unit="KGM"), Line("1", "10.00", name="Frakt")
    )
    draft = rules.draft(order, None)
    assert [line.net for line in draft.lines] == [100_00, 99_80, 10_00]
    assert draft.vat_by_rate == {("S", 1500): (99_80, 14_97), ("S", 2500): (110_00, 27_50)}
    assert (draft.net, draft.vat, draft.gross) == (209_80, 42_47, 252_27)


def test_a_part_is_billed_and_the_rest_stays_open() -> None:
    order = sales_order(None, Line("10", "52.90"))
    draft = rules.draft(order, {"1": 4 * MICRO})
    assert (draft.lines[0].quantity, draft.net) == (4 * MICRO, 211_60)
    left = sales_order(None, replace(order.lines[0], invoiced=4 * MICRO))
    assert rules.draft(left, None).lines[0].quantity == 6 * MICRO


@pytest.mark.parametrize(
    ("line", "quantities", "code"),
    [
        ({"invoiced": 6 * MICRO}, {"1": 5 * MICRO}, "MORE_THAN_AGREED"),
        ({"answer": "3", "answer_quantity": 8 * MICRO}, {"1": 9 * MICRO}, "MORE_THAN_AGREED"),
        ({"answer": "7"}, None, "NOTHING_TO_INVOICE"),
        ({"invoiced": 10 * MICRO}, None, "NOTHING_TO_INVOICE"),
        ({}, {"1": 0}, "NOTHING_TO_INVOICE"),
        ({}, {"1": -MICRO}, "QUANTITY_WRONG"),
        ({}, {"7": MICRO}, "LINE_UNKNOWN"),
        ({"vat_category": ""}, None, "VAT_UNKNOWN"),
        ({"vat_rate": 0}, None, "VAT_UNKNOWN"),
        ({"vat_category": "AE", "vat_rate": 0}, None, "VAT_UNKNOWN"),
    ],
)
def test_what_may_not_be_billed_is_refused_by_name(line, quantities, code) -> None:
    order = sales_order(None, sales_line(1, Line("10", "52.90"), **line))
    with pytest.raises(Refusal) as refused:
        rules.draft(order, quantities)
    assert refused.value.code == code


def test_an_order_that_waits_for_an_answer_is_answered_before_it_is_billed() -> None:
    waiting = sales_order(None, Line(), state="new")
    with pytest.raises(Refusal) as refused:
        rules.draft(waiting, None)
    assert refused.value.code == "ANSWER_FIRST"
    assert rules.draft(replace(waiting, response_wanted=False), None).net == 100_00


def test_the_price_the_seller_confirmed_is_the_price_on_the_invoice() -> None:
    order = sales_order(
        None, sales_line(1, Line("1", "2000", item=None), answer="3", answer_price=1_650_000_000)
    )
    assert rules.draft(order, None).net == 1650_00


@given(st.integers(2020, 2099), st.integers(1, 10**8))
def test_every_invoice_number_gives_a_kid_with_a_right_check_digit(year: int, number: int) -> None:
    kid = rules.kid(f"F{year}-{number:05d}")
    assert luhn.is_valid(kid) and is_kid(kid) and kid.startswith(str(year)) and len(kid) <= 25


_amounts = st.tuples(
    st.integers(1, 10**9), st.integers(0, 10**10), st.sampled_from([("S", 2500), ("S", 1500), ("Z", 0)])
)


@given(st.lists(_amounts, min_size=1, max_size=6))
def test_totals_are_the_sum_of_their_parts_as_a_pocket_calculator_finds_them(lines) -> None:
    order = sales_order(
        None,
        *(
            sales_line(i, Line(), quantity=quantity, price=price, vat_category=category, vat_rate=rate)
            for i, (quantity, price, (category, rate)) in enumerate(lines, 1)
        ),
    )
    cent = Decimal("0.01")
    bases: dict[int, Decimal] = {}
    for quantity, price, (_, rate) in lines:
        net = (Decimal(quantity) * Decimal(price) / 10**12).quantize(cent, ROUND_HALF_UP)
        bases[rate] = bases.get(rate, Decimal(0)) + net
    vat = sum((base * rate / 10_000).quantize(cent, ROUND_HALF_UP) for rate, base in bases.items())
    draft = rules.draft(order, None)
    assert Decimal(draft.net) / 100 == sum(bases.values())
    assert Decimal(draft.vat) / 100 == vat
    assert draft.gross == draft.net + draft.vat
