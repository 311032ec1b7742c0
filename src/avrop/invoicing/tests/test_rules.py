"""Twins and references, by tables: what is the same invoice once more, and what is only alike."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.invoicing.facts import Reference, Seen
from avrop.invoicing.rules import looks_like, number_key, referred, same_again

SPACE = UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")
DAY = date(2026, 11, 20)


def seen(
    number: str, *, day: date = DAY, payable: int = 125_00, response: str = "", credited: int = 0
) -> Seen:
    ident = uuid5(SPACE, f"{number} {day} {payable}")
    return Seen(ident, "invoice", number, number_key(number), day, payable, response, credited)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INV-001", "INV001"),
        ("INV-001", "inv 001"),
        ("INV-001", "INV-1"),
        ("INV-001", "1"),
        ("Faktura 10023", "10023"),
        ("FAKTURANR. 10023", "10023"),
        ("000123", "123"),
        ("2026/0042", "2026-0042"),
        ("A-0017", "a 17"),
        (" 4711 ", "4711"),
        ("\uff11\uff12\uff13", "123"),  # full-width digits
    ],
)
def test_a_number_in_disguise_has_the_same_key(one: str, other: str) -> None:
    assert number_key(one) == number_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1001", "1002"),
        ("INV-001", "INV-002"),
        ("INV-001", "INV-010"),
        ("A-100", "B-100"),
        ("2025-1001", "2026-1001"),
        ("100", "1000"),
        ("10-1", "10-2"),
    ],
)
def test_another_number_has_another_key(one: str, other: str) -> None:
    assert number_key(one) != number_key(other)


@given(st.text(max_size=150))
def test_every_text_has_a_key_that_fits_its_column_and_does_not_change(number: str) -> None:
    key = number_key(number)
    assert len(key) <= 100
    assert bool(key) == bool(number.strip()) or key


def test_the_same_number_date_and_amount_is_the_same_but_not_after_our_rejection() -> None:
    assert same_again(seen("1"), [seen("1")])
    assert not same_again(seen("1"), [seen("1", response="RE")])
    assert not same_again(seen("1"), [seen("1", payable=1)])


@pytest.mark.parametrize(
    ("new", "earlier", "suspect"),
    [
        (seen("INV001"), seen("INV-001"), True),  # in disguise
        (seen("INV001", day=DAY + timedelta(3)), seen("INV-001"), True),  # and another date
        (seen("1001", payable=99_00), seen("1001"), True),  # the same number and date, another amount
        (seen("1001", day=DAY + timedelta(365)), seen("1001"), False),  # numbered anew each year
        (seen("1001", day=DAY + timedelta(40), payable=1), seen("1001"), False),  # nothing in common
        (seen("1002", day=DAY + timedelta(30)), seen("1001"), False),  # the next month's
        (seen("1002"), seen("1001"), False),  # two alike on the same day
        (seen("INV001"), seen("INV-001", response="RE"), False),  # we rejected it: this is what we asked for
        (seen("INV001"), seen("INV-001", credited=125_00), False),  # credited in full: written anew
        (seen("INV001"), seen("INV-001", credited=100_00), True),  # credited in part only
    ],
)
def test_what_looks_like_an_earlier_invoice(new: Seen, earlier: Seen, suspect: bool) -> None:
    assert (looks_like(new, [earlier]) == earlier.id) is suspect


def test_a_year_of_monthly_invoices_of_one_amount_raises_no_suspicion() -> None:
    months = [seen(str(1001 + n), day=date(2026, 1 + n, 15)) for n in range(12)]
    assert [looks_like(one, months[:n]) for n, one in enumerate(months)] == [None] * 12


@pytest.mark.parametrize(
    ("reference", "candidates", "found"),
    [
        (Reference("1001"), [seen("1001"), seen("1002")], "1001"),
        (Reference("1001", DAY), [seen("1001")], "1001"),
        (Reference("1001", DAY + timedelta(1)), [seen("1001")], None),
        (Reference("inv 1001"), [seen("INV-1001")], "INV-1001"),
        (Reference("1001"), [seen("1001"), seen("INV-1001", day=DAY + timedelta(1))], "1001"),
        (Reference("1001"), [seen("1001", response="RE"), seen("1001", day=DAY + timedelta(1))], "1001"),
        (Reference("1001"), [seen("INV 1001"), seen("INV-1001", day=DAY + timedelta(1))], None),
        (Reference("9"), [], None),
    ],
)
def test_what_a_credit_note_refers_to(
    reference: Reference, candidates: list[Seen], found: str | None
) -> None:
    ident = referred(reference, candidates)
    assert next((one.number for one in candidates if one.id == ident), None) == found
    if found and any(one.response_code for one in candidates):
        assert ident == candidates[1].id  # the one that we did not reject
