"""Money: hand-computed sums and properties of rounding and splitting."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.kernel import money

MICRO = money.MICRO
amounts = st.integers(-(10**13), 10**13)


def test_the_worked_example_of_the_domain_adds_up():
    """3 at 33.3333 (25 %), 2 at 49.90 (15 %), freight 10.00 (25 %): 209.80 + 42.47 = 252.27 (domain.md 2.4)."""
    paper = money.line_amount(3 * MICRO, 33_333_300)
    food = money.line_amount(2 * MICRO, 49_900_000)
    vat = money.vat_by_rate([("S", 2500, paper), ("S", 1500, food), ("S", 2500, 1000)])
    assert (paper, food) == (10000, 9980)
    assert vat == {("S", 1500): (9980, 1497), ("S", 2500): (11000, 2750)}
    assert sum(base + part for base, part in vat.values()) == 25227


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 234,50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("49.90", "49.90"),
        ("\u2212 3", "-3"),
        ("1\u00a0000", "1000"),
    ],
)
def test_people_type_numbers_in_the_norwegian_way(text, expected):
    assert money.parse_norwegian(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text", ["", "NaN", "1e9", "1_000", "Infinity", "٣", "1.2.3", "--1", "0x10", "1" * 16, "½"]
)
def test_what_is_not_a_plain_number_is_refused(text):
    with pytest.raises(money.NotANumber):
        money.parse_decimal(text)


@given(amounts, st.integers(1, 10**6))
def test_division_rounds_half_away_from_zero_as_decimal_does(numerator, denominator):
    exact = Decimal(numerator) / Decimal(denominator)
    expected = abs(exact).quantize(Decimal(1), rounding=ROUND_HALF_UP) * (-1 if numerator < 0 else 1)
    assert money.half_up_div(numerator, denominator) == int(expected)


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_the_parts_of_a_split_sum_to_the_whole_and_differ_from_their_share_by_less_than_an_øre(
    total, weights
):
    parts = money.split(total, weights)
    shares = weights if any(weights) else [1] * len(weights)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(Decimal(part) - Decimal(total) * share / sum(shares)) < 1


@given(st.integers(0, 10**12))
def test_a_scaled_number_becomes_a_decimal_and_comes_back(micro):
    assert money.to_micro(money.from_micro(micro)) == micro
    assert money.to_micro(money.quantity_from_micro(micro)) == micro


@given(amounts)
def test_øre_become_kroner_and_come_back(minor):
    assert money.to_minor(money.from_minor(minor)) == minor


@given(amounts)
def test_texts_say_what_the_decimals_say(number):
    assert money.minor_text(number) == format(money.from_minor(number), "f")
    assert money.micro_text(number) == format(money.from_micro(number), "f")
    assert money.quantity_text(number) == format(money.quantity_from_micro(number), "f")


@pytest.mark.parametrize(
    ("micro", "price", "quantity"),
    [
        (52_900_000, "52.90", "52.9"),
        (5_000, "0.005", "0.005"),
        (0, "0.00", "0"),
        (-10_000_000, "-10.00", "-10"),
        (1, "0.000001", "0.000001"),
    ],
)
def test_a_price_has_two_decimals_at_least_and_a_quantity_none_too_many(micro, price, quantity):
    assert (money.micro_text(micro), money.quantity_text(micro)) == (price, quantity)
