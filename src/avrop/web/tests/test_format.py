"""Numbers, dates and identifiers look as Norwegians write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from avrop.web import format


def plain(text: str) -> str:
    """With ordinary spaces, so that the expectation can be read."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("ore", "shown"),
    [
        (0, "0,00"),
        (5, "0,05"),
        (-5, "−0,05"),
        (123450, "1 234,50"),
        (-123456789, "−1 234 567,89"),
        (100_000_000_00, "100 000 000,00"),
        (None, ""),
    ],
)
def test_ore_are_shown_as_kroner_with_a_comma_and_grouped_thousands(ore: int | None, shown: str) -> None:
    assert plain(format.money(ore)) == shown


def test_an_amount_holds_no_space_that_a_line_may_break_at() -> None:
    assert " " not in format.money_kr(123456789)


@pytest.mark.parametrize(
    ("ore", "shown"), [(149, "1"), (150, "2"), (-150, "−2"), (-49, "0"), (123456, "1 235")]
)
def test_whole_kroner_round_half_away_from_zero(ore: int, shown: str) -> None:
    assert plain(format.money_round(ore)) == shown


@pytest.mark.parametrize(
    ("micro", "shown"), [(40_000_000, "40"), (2_500_000, "2,5"), (1, "0,000001"), (-1_250_000, "−1,25")]
)
def test_a_quantity_is_as_short_as_it_is_exact(micro: int, shown: str) -> None:
    assert format.quantity(micro) == shown


@pytest.mark.parametrize(
    ("micro", "shown"), [(52_900_000, "52,90"), (125_000, "0,125"), (1_000_000_000, "1 000,00")]
)
def test_a_unit_price_has_at_least_two_decimals(micro: int, shown: str) -> None:
    assert plain(format.unit_price(micro)) == shown


@pytest.mark.parametrize(("points", "shown"), [(2500, "25 %"), (1550, "15,5 %"), (0, "0 %"), (-1, "−0,01 %")])
def test_basis_points_are_shown_as_per_cent(points: int, shown: str) -> None:
    assert plain(format.percent(points)) == shown


def test_a_moment_is_shown_on_a_norwegian_clock_in_summer_and_winter() -> None:
    assert format.moment(datetime(2026, 11, 12, 8, 5, tzinfo=UTC)) == "12.11.2026 09:05"
    assert format.moment(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "01.07.2026 00:30"
    assert format.day(datetime(2026, 6, 30, 22, 30, tzinfo=UTC)) == "01.07.2026"
    assert format.day(date(2026, 2, 3)) == "03.02.2026"


def test_identifiers_are_grouped_only_when_they_are_whole() -> None:
    assert plain(format.orgnr("314159265")) == "314 159 265"
    assert plain(format.account("12345678903")) == "1234 56 78903"
    assert format.orgnr("SE1234") == "SE1234"
