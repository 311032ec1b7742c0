"""The touchless purchase: two clicks by people before the order, one at the door, none after the invoice."""

from __future__ import annotations

import pytest

from avrop.journal.worker import run_until_idle
from tests.stories.purchase import ordered

pytestmark = pytest.mark.django_db


def test_a_clean_received_invoice_is_approved_posted_and_numbered_without_a_hand(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 4))
    purchase.answer("accept")
    purchase.receive()
    purchase.invoice()
    assert purchase.states() == ["approved"]
    assert purchase.outcomes()[0]["state"] == "matched"
    assert purchase.outcomes()[0]["order"] == [purchase.number]
    purchase.to_the_books()
    assert purchase.vouchers() == ["B000001"]
    # 10 x 52.90 + 4 x 24.50 = 627.00; VAT is compensated, so the budget bears the net alone
    balance = purchase.balance()
    assert (balance.reserved, balance.committed, balance.accrued, balance.invoiced) == (0, 0, 0, 0)
    assert balance.posted == 62_700
    assert balance.left == balance.limit - 62_700
    assert run_until_idle() == 0
