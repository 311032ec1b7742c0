"""The invoice comes before the goods: it waits, and the receipt finishes it with no other click."""

from __future__ import annotations

import pytest

from tests.stories.purchase import ordered

pytestmark = pytest.mark.django_db


def test_the_receipt_finishes_an_invoice_that_came_first(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 2))
    purchase.answer("accept")
    purchase.invoice()
    assert purchase.states() == ["awaiting_receipt"]
    before = purchase.balance()
    assert (before.committed, before.invoiced) == (57_800, 0)
    purchase.receive()
    assert purchase.states() == ["approved"]
    after = purchase.balance()
    assert (after.committed, after.accrued, after.invoiced) == (0, 0, 57_800)


def test_each_receipt_lets_through_the_invoice_that_it_is_enough_for(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.invoice({"1": 7})
    purchase.invoice({"1": 3})
    assert purchase.states() == ["awaiting_receipt", "awaiting_receipt"]
    purchase.receive({1: 3})
    assert purchase.states() == ["awaiting_receipt", "approved"]
    purchase.receive({1: 7})
    assert purchase.states() == ["approved", "approved"]
