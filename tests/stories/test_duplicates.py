"""The same invoice once more: as it was, in disguise, under a new number; and what only looks like it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from avrop.invoicing.models import Invoice
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.matching import operations as matching
from avrop.matching.models import Deviation, Match
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Line
from tests.stories.test_credit_notes import PAPER, audited, bill, credit, match_id, paper, states

pytestmark = pytest.mark.django_db
FIVE = Line("5", "52.90", "40-2210", name="Kopipapir", order_line="1")


def suspicions(world) -> list[tuple[str, str, str]]:
    """(invoice, what it looks like, owner) of every open suspicion."""
    with as_system(world.bremnes.id):
        rows = Deviation.objects.filter(code="DUPLICATE_SUSPECT", state="open").order_by("opened_at")
        return [(one.found, one.expected, one.owner_role) for one in rows]


def test_inv_001_comes_back_as_inv001_and_a_person_says_that_it_is_the_same(world) -> None:
    purchase = paper(world)
    bill(purchase, FIVE, number="INV-001")
    bill(purchase, FIVE, number="INV001")  # there is room for it on the order, and still it is stopped
    assert states(world) == {"INV-001": "approved", "INV001": "deviation"}
    assert suspicions(world) == [("INV001", "INV-001", "invoice_clerk")]
    twin = match_id(world, "INV001")
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="HARD_STOP_DUPLICATE_SUSPECT"):
        matching.accept_deviations(match_id=twin, comment="Greitt")
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(match_id=twin, reason_code="OTH", reason="Same som faktura INV-001")
    run_until_idle()
    assert states(world) == {"INV-001": "approved", "INV001": "rejected"}
    with as_system(world.bremnes.id):
        assert Invoice.objects.get(number="INV001").response_code == "RE"
    audited()


def test_inv001_is_another_invoice_after_all_and_goes_on_by_itself(world) -> None:
    purchase = paper(world)
    bill(purchase, FIVE, number="INV-001")
    bill(purchase, FIVE, number="INV001")
    twin = match_id(world, "INV001")
    with viewing(world.viewer("fakta")):
        with pytest.raises(Refusal, match="MATCH_COMMENT"):
            matching.not_a_duplicate(match_id=twin, reason=" ")
        matching.not_a_duplicate(match_id=twin, reason="Andre halvdel, stadfesta på telefon")
    run_until_idle()
    assert states(world)["INV001"] == "approved"
    with as_system(world.bremnes.id):
        row = Deviation.objects.get(code="DUPLICATE_SUSPECT")
        assert (row.state, row.comment) == ("accepted", "Andre halvdel, stadfesta på telefon")
    audited()


def test_the_same_lines_of_the_same_order_with_a_new_number_are_shown_beside_the_first(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER, number="9001")
    bill(purchase, PAPER, number="4711")
    assert states(world) == {"9001": "approved", "4711": "deviation"}
    assert suspicions(world) == [("4711", "9001", "invoice_clerk")]


def test_part_invoices_alike_and_monthly_ones_go_through_without_a_hand(world) -> None:
    purchase = paper(world)
    for month in range(5):
        bill(purchase, Line("2", "52.90", "40-2210", order_line="1"), number=str(1001 + month),
             issued=today() - timedelta(30 * (5 - month)))  # fmt: skip
    assert set(states(world).values()) == {"approved"}
    with as_system(world.bremnes.id):
        assert not Deviation.objects.exists()
        assert not Match.objects.filter(touched=True).exists()


def test_written_anew_after_a_full_credit_is_fine_and_after_a_part_credit_suspect(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER, number="9001")
    credit(purchase, PAPER)
    bill(purchase, PAPER, number="9002")
    assert states(world)["9002"] == "approved"
    credit(purchase, FIVE, number="K-2", of="9002")
    bill(purchase, PAPER, number="9003")
    assert states(world)["9003"] == "deviation"
    assert ("9003", "9002", "invoice_clerk") in suspicions(world)


def test_a_number_sent_again_after_our_rejection_is_not_a_duplicate(world) -> None:
    purchase = paper(world)
    bill(purchase, Line("10", "60.00", "40-2210", order_line="1"), number="9001")
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(match_id=match_id(world, "9001"), reason_code="PRI", reason="For dyrt")
    run_until_idle()
    bill(purchase, PAPER, number="9001")
    with as_system(world.bremnes.id):
        found = Match.objects.order_by("matched_at").values_list("state", flat=True)
        assert list(found) == ["rejected", "approved"]
    assert suspicions(world) == []
