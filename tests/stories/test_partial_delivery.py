"""Partial delivery: what has come is paid, the rest waits for its own receipt and its own invoice."""

from __future__ import annotations

import pytest

from tests.stories.purchase import ordered

pytestmark = pytest.mark.django_db


def test_each_part_is_paid_when_it_has_come_and_the_budget_ends_at_the_whole(world) -> None:
    purchase = ordered(world, ("blyant", 10))  # 3.3333 a piece: parts that do not round evenly
    purchase.answer("accept")
    purchase.receive({1: 6})
    purchase.invoice({"1": 6})
    assert purchase.states() == ["approved"]
    half = purchase.balance()
    assert (half.invoiced, half.accrued) == (2_000, 0)  # 6 x 3.3333 = 20.00
    assert half.committed == 3_333 - 2_000
    purchase.receive({1: 4})
    purchase.invoice({"1": 4})
    assert purchase.states() == ["approved", "approved"]
    whole = purchase.balance()
    assert (whole.reserved, whole.committed, whole.accrued) == (0, 0, 0)
    assert whole.invoiced == 2_000 + 1_333  # 4 x 3.3333 = 13.33
    purchase.to_the_books()
    assert purchase.vouchers() == ["B000001", "B000002"]


def test_an_invoice_for_all_of_a_part_delivery_waits_for_the_rest_and_says_how_much(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive({1: 6})
    purchase.invoice()
    (outcome,) = purchase.outcomes()
    assert outcome["state"] == "awaiting_receipt"
    assert outcome["lines"][0]["deviations"] == [{"code": "NOT_RECEIVED", "expected": "6", "found": "10"}]
    purchase.receive({1: 4})
    assert purchase.states() == ["approved"]
