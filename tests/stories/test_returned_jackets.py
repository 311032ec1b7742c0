"""The returned winter jackets: goods go back, the supplier credits them, and the budget follows."""

from __future__ import annotations

import pytest

from avrop.accounting.models import Posting
from avrop.delivery import operations as delivery
from avrop.delivery import queries as receipts
from avrop.journal.worker import run_until_idle
from avrop.kernel.money import MICRO
from avrop.matching.models import Match
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Line, Purchase
from tests.stories.test_credit_notes import PAPER, audited, bill, buckets, credit, paper, states

pytestmark = pytest.mark.django_db
TWO = Line("2", "52.90", "40-2210", order_line="1")


def back(purchase: Purchase, count: int, expects: str) -> None:
    """So many of the first line go back."""
    with as_system(purchase.world.bremnes.id):
        (first, *_rest) = receipts.receipts([purchase.order_id])
    with viewing(purchase.world.viewer("berit")):
        delivery.send_back(
            receipt_id=first.id, quantities={1: count * MICRO}, reason_code="wrong_item", expects=expects
        )
    run_until_idle()


def test_jackets_sent_back_for_credit_leave_the_budget_when_the_credit_note_comes(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    back(purchase, 2, "credit")
    assert buckets(purchase) == (0, 0, 52_900, 0)  # still owed until it is credited
    credit(purchase, TWO)
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 0, 42_320, 0)
    bill(purchase, TWO, number="9002")  # nothing more was ordered: the line is not open again
    assert states(world)["9002"] == "deviation"
    audited()


def test_jackets_to_be_replaced_are_bound_again_and_their_new_invoice_matches(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    back(purchase, 2, "replacement")
    assert buckets(purchase) == (0, 0, 52_900, 0)
    credit(purchase, TWO)
    assert buckets(purchase) == (10_580, 0, 42_320, 0)
    purchase.receive({1: 2})
    bill(purchase, TWO, number="9002")
    assert states(world)["9002"] == "approved"
    assert buckets(purchase) == (0, 0, 52_900, 0)
    audited()


def test_jackets_sent_back_before_the_invoice_came_need_a_credit_note_of_what_was_too_much(world) -> None:
    purchase = paper(world)
    back(purchase, 2, "credit")
    assert buckets(purchase) == (0, 42_320, 0, 0)
    bill(purchase, PAPER)
    assert states(world) == {"9001": "deviation"}
    credit(purchase, TWO)
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 0, 42_320, 0)
    audited()


def test_a_restocking_price_is_still_a_return_where_the_goods_went_back(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    back(purchase, 2, "credit")
    credit(purchase, Line("2", "40.00", "40-2210"))
    with as_system(world.bremnes.id):
        row = Match.objects.get(invoice__number="K-1")
    assert [(one["quantity"], one["net"]) for one in row.lines] == [(-2_000_000, -8_000)]
    assert buckets(purchase) == (0, 0, 44_900, 0)
    audited()


def test_an_order_invoiced_in_full_is_not_so_any_more_when_replaced_goods_are_credited(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    assert purchase.order().invoice_state == "full"
    back(purchase, 2, "replacement")
    credit(purchase, TWO)
    assert purchase.order().invoice_state == "partial"
    purchase.receive({1: 2})
    bill(purchase, TWO, number="9002")
    assert purchase.order().invoice_state == "full"


def test_original_and_credit_note_go_to_the_books_in_one_file(world) -> None:
    purchase = paper(world)
    bill(purchase, Line("10", "60.00", "40-2210", order_line="1"))
    credit(purchase, Line("10", "7.10", "40-2210"))
    batch = purchase.to_the_books()
    with as_system(world.bremnes.id):
        rows = Posting.objects.filter(batch_id=batch)
        assert sorted(rows.values_list("invoice_number", "payable")) == [("9001", 75_000), ("K-1", -8_875)]
    assert buckets(purchase) == (0, 0, 0, 52_900)
    assert len(set(purchase.vouchers())) == 2


def test_jackets_credited_after_they_were_posted_take_the_books_back(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    purchase.to_the_books()
    assert buckets(purchase) == (0, 0, 0, 52_900)
    back(purchase, 2, "credit")
    credit(purchase, TWO)
    assert buckets(purchase) == (0, 0, -10_580, 52_900)
    purchase.to_the_books()
    assert buckets(purchase) == (0, 0, 0, 42_320)
    audited()
