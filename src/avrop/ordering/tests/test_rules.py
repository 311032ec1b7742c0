"""What a supplier's change means, and when it needs a new approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.coding.facts import Coding
from avrop.kernel.money import line_amount
from avrop.ordering import rules
from avrop.ordering.facts import Billed, OrderLineFacts, ProposedLine
from avrop.ordering.queries import change_limits

MICRO = 1_000_000
LIMIT = rules.ChangeLimit(date(2020, 1, 1), 200, 100_00)


def line(no: int = 1, quantity: int = 10, price: str = "52.90", frame: int | None = None) -> OrderLineFacts:
    whole, _, part = price.partition(".")
    scaled = int(whole) * MICRO + int((part or "0").ljust(6, "0"))
    return OrderLineFacts(
        id=UUID(int=no),
        line_no=no,
        kind="freetext" if frame else "catalogue",
        seller_item_id=f"A-{no}",
        name="Papir",
        quantity=quantity * MICRO,
        unit_code="EA",
        price=scaled,
        base_quantity=MICRO,
        vat_category="S",
        vat_rate=2500,
        net=line_amount(quantity * MICRO, scaled),
        frame=frame,
        coding=Coding("11000", "210", "20200"),
    )


def test_the_default_limit_is_two_per_cent_and_a_hundred_kroner():
    limit = rules.limit_on(change_limits(), date(2026, 11, 23))
    assert (limit.basis_points, limit.amount) == (200, 100_00)


@pytest.mark.parametrize(
    ("approved", "new", "mandates", "code"),
    [
        (1_000_00, 1_020_00, [50_000_00], None),  # 2 % exactly
        (1_000_00, 1_020_01, [50_000_00], "CHANGE_ABOVE_LIMIT"),  # 2 % is the lower limit
        (100_000_00, 100_100_00, [500_000_00], None),  # 100 kr exactly, though only 0.1 %
        (100_000_00, 100_100_01, [500_000_00], "CHANGE_ABOVE_LIMIT"),  # 100 kr is the lower limit
        (1_000_00, 500_00, [], None),  # less needs nobody
        (1_000_00, 1_000_00, [], None),
        (49_999_00, 50_001_00, [50_000_00], "CHANGE_ABOVE_MANDATE"),  # within the limit, above the mandate
        (1_000_00, 1_010_00, [50_000_00, 1_005_00], "CHANGE_ABOVE_MANDATE"),  # every approver's mandate
        (1_000_00, 1_010_00, [], "CHANGE_ABOVE_MANDATE"),  # whoever approved has left
        (49_00, 49_98, [50_000_00], None),  # 2 % of 49 kr is 98 øre
        (49_00, 49_99, [50_000_00], "CHANGE_ABOVE_LIMIT"),
    ],
)
def test_growth_up_to_the_lower_limit_needs_no_new_approval(approved, new, mandates, code):
    refusal = rules.needs_approval(approved, new, LIMIT, mandates)
    assert (refusal.code if refusal else None) == code


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**7), max_size=6))
def test_many_small_changes_grow_no_further_than_one(approved, growths):
    """Growth is counted from what was approved, so salami slices add up."""
    total = approved
    for growth in growths:
        if rules.needs_approval(approved, total + growth, LIMIT, [10**12]) is None:
            total += growth
    assert total - approved <= min(approved * 200 // 10_000, 100_00)


def test_a_line_is_changed_in_what_the_supplier_says_and_nothing_else():
    new = rules.changed_line(line(), ProposedLine(1, "3", quantity=8 * MICRO))
    assert (new.quantity, new.price, new.net) == (8 * MICRO, 52_900_000, 423_20)


def test_a_line_that_is_not_accepted_costs_nothing():
    after = rules.accepted_version([line(1), line(2)], {2: ProposedLine(2, "7")})
    assert [one.cancelled for one in after] == [False, True]
    assert [one.cost for one in after] == [529_00, 0]
    assert rules.order_totals(after).net == 529_00


def test_the_numbers_count_and_not_the_code():
    assert rules.differs(line(), ProposedLine(1, "5", price=60 * MICRO))
    assert not rules.differs(line(), ProposedLine(1, "3", price=52_900_000, quantity=10 * MICRO))


@pytest.mark.parametrize(
    ("proposed", "code"),
    [
        (ProposedLine(1, "5"), None),
        (ProposedLine(9, "3"), "CHANGE_ADDS_LINE"),
        (ProposedLine(1, "1"), "CHANGE_ADDS_LINE"),
        (ProposedLine(1, "3", quantity=MICRO, unit="PK"), "PROPOSAL_IN_OTHER_UNIT"),
        (ProposedLine(1, "3", quantity=0), "CHANGE_WITHOUT_QUANTITY"),
        (ProposedLine(1, "3", quantity=-MICRO), "CHANGE_WITHOUT_QUANTITY"),
        (ProposedLine(1, "7", quantity=0), None),
    ],
)
def test_what_was_not_ordered_cannot_be_accepted(proposed, code):
    refusal = rules.check_proposal([line()], [proposed])
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("price", "code", "confirms"),
    [("899", None, True), ("900", None, False), ("900.01", "FRAME_PASSED", False), ("0", None, True)],
)
def test_a_free_text_price_is_good_up_to_the_frame(price, code, confirms):
    frame = line(quantity=1, price="900", frame=900_00)
    proposed = ProposedLine(1, "3", price=line(price=price).price)
    assert rules.check_proposal([frame], [proposed]) is None
    refusal = rules.frame_passed([frame], [proposed])
    assert (refusal.code if refusal else None) == code
    assert rules.only_confirms_frames([frame], {1: proposed}) is confirms


def test_a_frame_does_not_carry_a_catalogue_change_with_it():
    lines = [line(1, 1, "900", frame=900_00), line(2)]
    proposed = {1: ProposedLine(1, "3", price=800 * MICRO), 2: ProposedLine(2, "3", price=53 * MICRO)}
    assert not rules.only_confirms_frames(lines, proposed)


@pytest.mark.parametrize(
    ("proposed", "receipt", "fits"),
    [
        (ProposedLine(1, "3", price=MICRO), "none", True),
        (ProposedLine(1, "3", price=MICRO), "partial", True),
        (ProposedLine(1, "3", price=MICRO), "full", False),
        (ProposedLine(1, "3", quantity=MICRO), "partial", False),
        (ProposedLine(1, "7"), "partial", False),
    ],
)
def test_goods_that_have_come_bind_the_quantity(proposed, receipt, fits):
    before = [line()]
    after = rules.accepted_version(before, {1: proposed})
    assert rules.fits_receipt(before, after, receipt) is fits


def test_what_is_invoiced_whole_stays_also_when_the_goods_went_back():
    paid = replace(line(1), billed=(Billed("f" * 32, 10 * 1_000_000, 529_00),))
    cheaper = rules.changed_line(paid, ProposedLine(1, "3", price=50_000_000))
    assert not rules.fits_receipt([paid], [cheaper], "none")
    assert rules.fits_receipt([paid], [paid], "none")
