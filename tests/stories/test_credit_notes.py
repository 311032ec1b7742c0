"""Credit notes: a price that was too high, jackets that went back, a fee that was stopped."""

from __future__ import annotations

from uuid import UUID

import pytest

from avrop.invoicing.models import Invoice
from avrop.journal import audit
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals, today
from avrop.matching import operations as matching
from avrop.matching.models import Deviation, Match, PreApproval
from avrop.messaging.models import Message
from avrop.tenancy import cache
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl import gate, sbdh
from avrop.ubl.documents import invoice_response
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.world import World

pytestmark = pytest.mark.django_db
PAPER = Line("10", "52.90", "40-2210", name="Kopipapir", order_line="1")


def paper(world: World, *, received: int | None = 10) -> Purchase:
    """10 boxes of paper at 52.90, ordered, answered and (so many of them) received."""
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    if received:
        purchase.receive({1: received})
    return purchase


def bill(purchase: Purchase, *lines: Line, number: str = "9001", **more) -> None:
    world = purchase.world
    deliver(invoice_xml(world.kontor, world.bremnes, lines, number=number, order=purchase.number, **more))


def credit(purchase: Purchase, *lines: Line, number: str = "K-1", of: str | None = "9001", **more) -> None:
    """The supplier's credit note, with a reference to the original (None: without)."""
    world = purchase.world
    named = [(of, today())] if of else []
    order = more.pop("order", None)
    deliver(
        invoice_xml(
            world.kontor, world.bremnes, lines, number=number, credit_note=True, preceding=named,
            order=order, **more,
        )
    )  # fmt: skip


def switch_off(world: World) -> None:
    """No førehandstilvising any more: an approver clicks."""
    with as_system(world.bremnes.id):
        PreApproval.objects.all().delete()
    cache.clear()


def states(world: World) -> dict[str, str]:
    """Number -> state of its match."""
    with as_system(world.bremnes.id):
        return dict(Match.objects.values_list("invoice__number", "state"))


def match_id(world: World, number: str) -> UUID:
    with as_system(world.bremnes.id):
        return UUID(str(Match.objects.get(invoice__number=number).id))


def buckets(purchase: Purchase) -> tuple[int, int, int, int]:
    """committed, accrued, invoiced, posted of the school's budget line, øre."""
    now = purchase.balance()
    assert now.reserved == 0
    return now.committed, now.accrued, now.invoiced, now.posted


def audited() -> None:
    report = audit.verify(covered=False)
    assert report.ok, report.places


# --- The price credit


def test_a_price_credit_of_an_approved_invoice_reduces_the_amount_only(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    assert buckets(purchase) == (0, 0, 52_900, 0)
    credit(purchase, Line("10", "5.00", "40-2210", name="Kopipapir"))
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 0, 47_900, 0)
    with as_system(world.bremnes.id):
        row = Match.objects.get(invoice__number="K-1")
    assert [(one["quantity"], one["net"]) for one in row.lines] == [(0, -5_000)]
    bill(purchase, PAPER, number="9002")  # the goods are paid: there is no room for them once more
    assert states(world)["9002"] == "deviation"
    audited()


def test_a_price_too_high_and_its_credit_are_approved_and_posted_together(world) -> None:
    purchase = paper(world)
    bill(purchase, Line("10", "60.00", "40-2210", order_line="1"))
    assert states(world) == {"9001": "deviation"}
    credit(purchase, Line("10", "7.10", "40-2210"))
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 0, 52_900, 0)
    with as_system(world.bremnes.id):
        assert not Deviation.objects.filter(state="open").exists()
    purchase.to_the_books()
    assert buckets(purchase) == (0, 0, 0, 52_900)
    audited()


def test_the_clerk_asks_for_a_credit_note_and_the_answer_settles_both(world) -> None:
    purchase = paper(world)
    bill(purchase, Line("10", "60.00", "40-2210", order_line="1"))
    with viewing(world.viewer("fakta")):
        matching.ask_for_credit(
            match_id=match_id(world, "9001"), reason_code="PRI", action="CNP", amount=8_875,
            reason="Prisen er 52,90 etter avtalen",
        )  # fmt: skip
    run_until_idle()
    assert states(world) == {"9001": "awaiting_credit"}
    with as_system(world.bremnes.id):
        sent = Message.objects.filter(direction="out", document_type="invoice_response").latest("at")
        case = Case.objects.get(kind="credit_awaited")
    _header, document = sbdh.unwrap(gate.admit(sent.body or originals().get(sent.sha256)).root)
    told = invoice_response.read(document)
    assert told.code == "UQ"
    assert [(one.list_id, one.code) for one in told.statuses] == [
        ("OPStatusReason", "PRI"),
        ("OPStatusAction", "CNP"),
    ]
    assert (case.owner_role, case.state) == ("invoice_clerk", "open")
    assert case.due > today()
    credit(purchase, Line("10", "7.10", "40-2210"))
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    with as_system(world.bremnes.id):
        assert Case.objects.get(kind="credit_awaited").state == "closed"
    audited()


def test_a_credit_note_that_comes_before_its_invoice_finds_it(world) -> None:
    purchase = paper(world)
    credit(purchase, Line("10", "7.10", "40-2210"))
    assert states(world) == {"K-1": "without_original"}
    with as_system(world.bremnes.id):
        assert Case.objects.get(kind="credit_without_original").owner_role == "invoice_clerk"
    bill(purchase, Line("10", "60.00", "40-2210", order_line="1"))
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    with as_system(world.bremnes.id):
        assert Case.objects.get(kind="credit_without_original").state == "closed"
    assert buckets(purchase) == (0, 0, 52_900, 0)
    audited()


# --- The returned winter jackets


def test_goods_credited_at_their_price_reduce_the_quantity_and_may_be_invoiced_again(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    credit(purchase, PAPER)  # all of it, and the goods are here: the supplier writes a new invoice
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 52_900, 0, 0)
    bill(purchase, PAPER, number="9002")
    assert states(world)["9002"] == "approved"
    assert buckets(purchase) == (0, 0, 52_900, 0)
    audited()


def test_short_delivered_goods_are_credited_and_nothing_is_owed_for_them_before_they_come(world) -> None:
    purchase = paper(world, received=8)
    bill(purchase, PAPER)
    assert states(world) == {"9001": "awaiting_receipt"}
    credit(purchase, Line("2", "52.90", "40-2210"))
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (10_580, 0, 42_320, 0)
    purchase.receive({1: 2})
    bill(purchase, Line("2", "52.90", "40-2210", order_line="1"), number="9002")
    assert states(world)["9002"] == "approved"
    assert buckets(purchase) == (0, 0, 52_900, 0)
    audited()


# --- The 49-krone fee is stopped and credited


def test_the_49_krone_fee_is_stopped_asked_back_and_credited(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER, fee="49.00")
    assert states(world) == {"9001": "deviation"}
    with as_system(world.bremnes.id):
        assert [one.code for one in Deviation.objects.all()] == ["FEE"]
    with viewing(world.viewer("fakta")):
        matching.ask_for_credit(
            match_id=match_id(world, "9001"), reason_code="PRI", action="CNA", amount=6_125,
            reason="Gebyr er ikkje avtalt",
        )  # fmt: skip
    run_until_idle()
    credit(purchase, Line("1", "49.00", "", name="Gebyr"))
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 0, 52_900, 0)
    audited()


# --- what is not so simple


def test_a_credit_note_for_the_whole_of_an_invoice_that_nobody_can_approve_cancels_it_out(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER, account="15032080119")  # not their account: a hard stop
    credit(purchase, PAPER)
    assert states(world) == {"9001": "credited", "K-1": "credited"}
    assert buckets(purchase) == (0, 52_900, 0, 0)
    with as_system(world.bremnes.id):
        assert not Deviation.objects.filter(state="open").exists()
    bill(purchase, PAPER, number="9002")
    assert states(world)["9002"] == "approved"
    audited()


def test_more_than_is_left_of_the_original_is_a_deviation_with_an_owner(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    credit(purchase, PAPER)
    credit(purchase, PAPER, number="K-2")
    assert states(world)["K-2"] == "deviation"
    with as_system(world.bremnes.id):
        found = Deviation.objects.filter(match__invoice__number="K-2", state="open")
        assert {(one.code, one.owner_role) for one in found} == {("CREDIT_EXCEEDS", "invoice_clerk")}
    audited()


def test_a_credit_note_without_a_reference_is_tied_to_its_invoice_by_a_person(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    credit(purchase, Line("1", "52.90", "40-2210"), of=None)
    assert states(world)["K-1"] == "without_original"
    with as_system(world.bremnes.id):
        original = Invoice.objects.get(number="9001").id
    with viewing(world.viewer("berit")), pytest.raises(Refusal, match="MATCH_CLERK_ONLY"):
        matching.choose_originals(match_id=match_id(world, "K-1"), original_ids=[original])
    with viewing(world.viewer("fakta")):
        matching.choose_originals(match_id=match_id(world, "K-1"), original_ids=[original])
    run_until_idle()
    assert states(world)["K-1"] == "approved"
    assert buckets(purchase) == (0, 5_290, 47_610, 0)
    with as_system(world.bremnes.id):
        assert Invoice.objects.get(number="K-1").stream == Invoice.objects.get(number="9001").stream
        assert Case.objects.get(kind="credit_without_original").state == "closed"
    audited()


def test_the_clerk_says_that_the_goods_are_kept_and_only_the_price_falls(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    switch_off(world)
    credit(purchase, Line("1", "52.90", "40-2210"))
    assert states(world)["K-1"] == "matched"
    with viewing(world.viewer("fakta")):
        matching.treat_credit(
            match_id=match_id(world, "K-1"), treatment="amount", reason="Skadd eske, prisavslag"
        )
    with viewing(world.viewer("rektor")):
        matching.approve_clean(match_ids=[match_id(world, "K-1")])
    run_until_idle()
    assert buckets(purchase) == (0, 0, 47_610, 0)
    audited()


def test_a_disputed_invoice_stands_still_until_it_is_resumed(world) -> None:
    purchase = paper(world, received=0)
    bill(purchase, PAPER)
    with viewing(world.viewer("fakta")):
        matching.dispute(
            match_id=match_id(world, "9001"), code="UQ", reason_code="QUA", reason="Papiret er fuktig"
        )
    run_until_idle()
    purchase.receive()
    assert states(world) == {"9001": "disputed"}
    with as_system(world.bremnes.id):
        assert Invoice.objects.get().response_code == "UQ"
        assert Case.objects.get(kind="invoice_disputed").state == "open"
    with viewing(world.viewer("fakta")):
        matching.resume(match_id=match_id(world, "9001"), comment="Nytt papir er levert")
    run_until_idle()
    assert states(world) == {"9001": "approved"}
    with as_system(world.bremnes.id):
        assert Case.objects.get(kind="invoice_disputed").state == "closed"
    audited()


def test_without_a_switch_one_click_approves_the_invoice_with_its_credit_note(world) -> None:
    switch_off(world)
    purchase = paper(world)
    bill(purchase, Line("10", "60.00", "40-2210", order_line="1"))
    credit(purchase, Line("10", "7.10", "40-2210"))
    assert states(world) == {"9001": "matched", "K-1": "matched"}
    with viewing(world.viewer("rektor")):
        matching.approve_clean(match_ids=[match_id(world, "K-1")])
    run_until_idle()
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 0, 52_900, 0)
    audited()
