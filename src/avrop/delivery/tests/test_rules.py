"""The parts of a line cost exactly what the whole costs; and never more comes than was ordered."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.coding.facts import COMPENSATED, NOT_RECOVERABLE, Coding
from avrop.delivery import rules
from avrop.delivery.facts import Before
from avrop.kernel.finding import Refusal
from avrop.kernel.money import line_amount
from avrop.ordering.facts import OrderLineFacts

MICRO = 1_000_000


def order_line(quantity: int, price: int, treatment: str = COMPENSATED, **more) -> OrderLineFacts:
    values = {
        "id": uuid4(),
        "line_no": 1,
        "kind": "catalogue",
        "seller_item_id": "40-2210",
        "name": "Kopipapir",
        "quantity": quantity,
        "unit_code": "EA",
        "price": price,
        "base_quantity": MICRO,
        "vat_category": "S",
        "vat_rate": 2500,
        "net": line_amount(quantity, price),
        "frame": None,
        "coding": Coding("11000", "210", "20200", vat_treatment=treatment),
    }
    return OrderLineFacts(**{**values, **more})


def test_what_the_budget_bears_is_net_where_vat_comes_back_and_gross_where_not() -> None:
    assert rules.cost_of(order_line(10 * MICRO, 52_900_000)) == 529_00
    assert rules.cost_of(order_line(10 * MICRO, 52_900_000, NOT_RECOVERABLE)) == 661_25


def test_three_of_seven_cost_three_sevenths_to_the_ore_and_the_rest_the_rest() -> None:
    line = order_line(7 * MICRO, 14_285_700)  # 99.9999 -> 100.00
    first = rules.accrue(line, Before(), 3 * MICRO)
    assert first == 42_86
    assert rules.accrue(line, Before(3 * MICRO, first), 4 * MICRO) == 57_14


def test_an_accepted_lower_price_after_a_part_came_is_evened_out_when_the_rest_comes() -> None:
    line = order_line(10 * MICRO, 50_000_000)
    first = rules.accrue(line, Before(), 4 * MICRO)
    cheaper = replace(line, price=40_000_000, net=400_00)
    rest = rules.accrue(cheaper, Before(4 * MICRO, first), 6 * MICRO)
    assert (first, rest) == (200_00, 200_00)


@given(
    parts=st.lists(st.integers(1, 10**9), min_size=1, max_size=8),
    price=st.integers(0, 10**11),
    treatment=st.sampled_from([COMPENSATED, NOT_RECOVERABLE]),
)
def test_the_parts_of_a_line_always_cost_exactly_the_whole(parts, price, treatment) -> None:
    line = order_line(sum(parts), price, treatment)
    before = Before()
    for part in parts:
        cost = rules.accrue(line, before, part)
        assert cost >= 0
        before = Before(before.quantity + part, before.cost + cost)
    assert before.cost == rules.cost_of(line)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_no_more_is_received_than_is_open_whatever_came_before(ordered, came, more) -> None:
    from avrop.delivery.facts import Expected

    line = Expected(uuid4(), 1, "Vare", "", "EA", ordered, min(came, ordered), cancelled=False)
    try:
        rules._check([line], {1: more})
    except Refusal as refused:
        assert refused.code == "OVER_RECEIPT" and line.received + more > ordered
    else:
        assert line.received + more <= ordered


def test_negative_quantities_are_refused() -> None:
    from avrop.delivery.facts import Expected

    line = Expected(uuid4(), 1, "Vare", "", "EA", MICRO, 0, cancelled=False)
    with pytest.raises(Refusal) as refused:
        rules._check([line], {1: -1})
    assert refused.value.code == "DELIVERY_NEGATIVE"
