"""What the walk has found, each with its shortest steps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from avrop.accounting.models import Posting
from avrop.coding.facts import Coding
from avrop.delivery import operations as delivery
from avrop.delivery.models import Receipt
from avrop.invoicing.models import Invoice
from avrop.journal import worker
from avrop.journal.models import Delivery
from avrop.journal.worker import run_until_idle
from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.matching import operations as matching
from avrop.matching.models import Deviation
from avrop.messaging import intake
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.ordering.facts import ChangedLine
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.portal.facts import LineAnswer
from avrop.portal.models import SalesChange
from avrop.requisition.facts import NewLine
from avrop.suppliers import operations as suppliers
from avrop.suppliers.facts import CallBack
from avrop.suppliers.models import AccountConfirmation
from avrop.tenancy.models import RoleAssignment
from avrop.tenancy.scope import as_system, everything, viewing
from tests.stories.purchase import Line, Purchase, invoice_xml, ordered, ordered_lines
from tests.stories.test_credit_notes import PAPER, bill, buckets, credit, match_id, paper, states, switch_off
from tests.stories.test_returned_jackets import back

pytestmark = pytest.mark.django_db
PRICE = Line("10", "5.00", "40-2210", name="Prisavslag")


def open_codes(world, number: str) -> set[str]:
    """What is wrong with a document and not decided."""
    with as_system(world.bremnes.id):
        return set(
            Deviation.objects.filter(match__invoice__number=number, state="open").values_list(
                "code", flat=True
            )
        )


def nothing_failed() -> None:
    assert not list(Delivery.objects.exclude(error="").values_list("handler", "error"))


def approve(world, *numbers: str) -> None:
    with viewing(world.viewer("rektor")):
        matching.approve_clean(match_ids=[match_id(world, number) for number in numbers])
    run_until_idle()


@pytest.mark.parametrize("approved", [False, True])
def test_two_credit_notes_that_wait_together_take_no_more_than_the_invoice(world, approved: bool) -> None:
    switch_off(world)
    purchase = paper(world)
    bill(purchase, PAPER)
    if approved:
        approve(world, "9001")
    credit(purchase, PAPER, number="K-1")
    credit(purchase, PRICE, number="K-2")
    assert states(world)["K-1"] == "matched"
    assert states(world)["K-2"] == "deviation"
    assert open_codes(world, "K-2") == {"CREDIT_EXCEEDS"}
    approve(world, "K-1")
    assert states(world) == {"9001": "approved", "K-1": "approved", "K-2": "deviation"}


def test_a_credit_note_with_something_wrong_is_not_approved_along_with_its_invoice(world) -> None:
    switch_off(world)
    purchase = paper(world)
    bill(purchase, PAPER)
    credit(purchase, Line("1", "40.00", "99-9999", name="Noko anna"))
    assert states(world) == {"9001": "matched", "K-1": "deviation"}
    approve(world, "9001")
    assert states(world) == {"9001": "approved", "K-1": "deviation"}
    assert open_codes(world, "K-1") == {"CREDIT_LINE"}
    assert buckets(purchase) == (0, 0, 52_900, 0)


def test_news_of_a_supplier_reaches_an_invoice_whose_order_nobody_knows(world) -> None:
    purchase = paper(world)
    raw = invoice_xml(world.kontor, world.bremnes, [PAPER], number="9001", order="999")
    intake.receive(raw, transport="file")
    run_until_idle()
    assert states(world) == {"9001": "deviation"}
    with as_system(world.bremnes.id):
        matching.rematch_supplier(supplier_id=world.kontor.id)
    assert states(world) == {"9001": "deviation"}
    credit(purchase, PAPER, of=None)
    with as_system(world.bremnes.id):
        original = Invoice.objects.get(number="9001").id
    with viewing(world.viewer("fakta")):
        matching.choose_originals(match_id=match_id(world, "K-1"), original_ids=[original])
    run_until_idle()
    nothing_failed()
    assert set(states(world).values()) == {"credited"}  # never accepted, and taken back in full


def test_a_credit_note_and_its_twin_come_at_once(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    for number in ("K-1", "k1"):
        raw = invoice_xml(
            world.kontor, world.bremnes, [PRICE], number=number, credit_note=True,
            preceding=[("9001", ports.today())], order=purchase.number,
        )  # fmt: skip
        intake.receive(raw, transport="file")
    run_until_idle()
    nothing_failed()
    assert sorted((states(world)["K-1"], states(world)["k1"])) == ["approved", "deviation"]
    with as_system(world.bremnes.id):
        assert Posting.objects.count() == 2


def test_the_twin_of_a_credit_note_takes_nothing_off_the_invoice_whatever_its_number(world) -> None:
    purchase = paper(world, received=None)
    bill(purchase, PAPER)
    for number in ("K1", "K-1"):  # the second is the suspect, and comes first by number
        raw = invoice_xml(
            world.kontor, world.bremnes, [PAPER], number=number, credit_note=True,
            preceding=[("9001", ports.today())], order=purchase.number,
        )  # fmt: skip
        intake.receive(raw, transport="file")
    run_until_idle()
    nothing_failed()
    assert states(world) == {"9001": "approved", "K1": "approved", "K-1": "deviation"}
    assert buckets(purchase) == (52_900, 0, 0, 0)  # nothing has come, and nothing is paid


def test_a_credit_note_in_the_same_instant_as_its_invoice_is_still_another_decision(world) -> None:
    with ports.using(clock=ports.SetClock(ports.now())):
        purchase = paper(world)
        bill(purchase, PAPER)
        credit(purchase, PAPER)
    assert states(world) == {"9001": "approved", "K-1": "approved"}
    assert buckets(purchase) == (0, 52_900, 0, 0)  # the goods are here and paid by nobody


def test_a_line_that_has_come_keeps_its_price_when_another_receipt_was_wrong(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 3))
    purchase.receive()
    with viewing(world.viewer("berit")):
        receipt = Receipt.objects.get()
        delivery.correct(receipt_id=receipt.id, quantities={1: MICRO}, reason="Talt feil")
    run_until_idle()
    purchase.answer("change", lines={"2": LineAnswer(price=17_500_000)})
    with viewing(world.viewer("radmann")):
        (response,) = orders.responses(purchase.order_id)
        with pytest.raises(Refusal, match="CHANGE_AFTER_RECEIPT"):
            ordering.decide_change(response_id=response.id, accept=True)
    assert buckets(purchase) == (5_290, 54_960, 0, 0)


def test_whoever_vouches_for_the_account_does_not_wave_the_price_through(world) -> None:
    with everything("the clerk keeps the supplier register, too"):
        RoleAssignment.objects.create(
            organisation=world.bremnes, person=world.people["fakta"], role="vendor_master"
        )
    purchase = paper(world)
    bill(purchase, Line("10", "55.00", "40-2210", order_line="1"), account="97105302049")
    assert open_codes(world, "9001") == {"PRICE", "BANK_ACCOUNT"}
    call = CallBack("Kari", "53 40 00 00", "register", ports.now() - timedelta(hours=1), "Vår konto")
    for login in ("fakta", "rekna"):
        with viewing(world.viewer(login)):
            suppliers.confirm_account(confirmation_id=AccountConfirmation.objects.get().id, call=call)
        run_until_idle()
    assert open_codes(world, "9001") == {"PRICE"}
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="MATCH_CONFIRMED_ACCOUNT"):
        matching.accept_deviations(match_id=match_id(world, "9001"), comment="Prisen har stige")
    with viewing(world.viewer("rektor")):
        matching.accept_deviations(match_id=match_id(world, "9001"), comment="Prisen har stige")
    assert states(world) == {"9001": "approved"}


def test_what_was_accepted_of_one_invoice_is_not_accepted_of_another(world) -> None:
    switch_off(world)
    purchase = paper(world, received=None)
    bill(purchase, Line("5", "52.90", "40-2210", order_line="1"))
    bill(purchase, Line("4", "52.90", "40-2210", order_line="1"), number="9002")
    credit(purchase, Line("1", "40.00", "99-9999", name="Noko anna"))
    with viewing(world.viewer("rektor")):
        matching.accept_deviations(match_id=match_id(world, "K-1"), comment="Ja takk")
    assert not open_codes(world, "K-1")
    with as_system(world.bremnes.id):
        other = Invoice.objects.get(number="9002").id
    with viewing(world.viewer("fakta")):
        matching.choose_originals(match_id=match_id(world, "K-1"), original_ids=[other])
    run_until_idle()
    assert open_codes(world, "K-1") == {"CREDIT_LINE"}


@pytest.fixture
def two_for_one(world) -> None:
    """Open invoices of two purchases; two credit notes of the first, which together are more than it."""
    switch_off(world)
    purchase, other = paper(world, received=None), paper(world, received=None)
    bill(purchase, Line("5", "52.90", "40-2210", order_line="1"))
    bill(other, Line("4", "52.90", "40-2210", order_line="1"), number="9002")
    for number in ("K-1", "K-2"):
        credit(purchase, Line("4", "52.90", "40-2210"), number=number)
    assert open_codes(world, "K-1") == set()
    assert open_codes(world, "K-2") == {"CREDIT_EXCEEDS"}


def choose(world, note: str, invoice: str) -> None:
    """The clerk says which invoice the credit note is for."""
    with as_system(world.bremnes.id):
        original = Invoice.objects.get(number=invoice).id
    with viewing(world.viewer("fakta")):
        matching.choose_originals(match_id=match_id(world, note), original_ids=[original])
    run_until_idle()


def test_when_a_credit_note_is_for_another_invoice_the_first_has_room_for_the_next(
    world, two_for_one
) -> None:
    choose(world, "K-1", "9002")
    assert open_codes(world, "K-2") == set()
    assert states(world)["K-2"] == "awaiting_original"


def test_a_credit_note_that_is_for_its_invoice_as_somebody_says_again_does_not_hang(
    world, two_for_one
) -> None:
    choose(world, "K-2", "9001")
    assert states(world)["K-2"] == "deviation"
    assert open_codes(world, "K-2") == {"CREDIT_EXCEEDS"}


def eight_were_asked_for(world, *, first: int) -> Purchase:
    """So many boxes are ordered and have come; a change to eight is sent, and not answered yet."""
    purchase = ordered(world, ("papir", first), ("perm", 1))
    purchase.answer()
    with viewing(world.viewer("berit")):
        ordering.propose_change(order_id=purchase.order_id, lines=[ChangedLine(1, 8 * MICRO)])
    purchase.receive({1: first})
    with viewing(world.viewer("rektor")):
        (change,) = orders.changes(purchase.order_id)
        ordering.approve_change(change_id=change.id, seen=change.content_hash)
    run_until_idle()
    return purchase


def say_yes(world) -> None:
    with viewing(world.seller()):
        portal.answer_change(sales_change_id=SalesChange.objects.get(state="asked").id, decision="accept")
    run_until_idle()


def both_sides(world, purchase: Purchase) -> tuple[tuple[int, int], int]:
    """(what stands and what went back at the buyer, what the seller holds for agreed), of the first line."""
    line = purchase.order().lines[0]
    with viewing(world.seller()):
        sold = sales.order_by_number(purchase.number).lines[0]
    assert not line.cancelled
    return (line.quantity // MICRO, line.returned // MICRO), sold.agreed_quantity // MICRO


def test_goods_returned_while_more_is_asked_for_are_not_ordered_once_more(world) -> None:
    purchase = eight_were_asked_for(world, first=4)
    back(purchase, 2, "credit")
    say_yes(world)
    assert both_sides(world, purchase) == ((6, 2), 8)  # two came and stayed, two went back, four are to come
    assert buckets(purchase)[:2] == (4 * 5_290 + 2_450, 2 * 5_290)


def test_what_is_to_come_comes_though_all_that_had_come_went_back(world) -> None:
    purchase = eight_were_asked_for(world, first=4)
    back(purchase, 4, "credit")
    say_yes(world)
    assert both_sides(world, purchase) == ((4, 4), 8)
    purchase.receive({1: 4})
    assert buckets(purchase)[:2] == (2_450, 4 * 5_290)


def test_fewer_are_asked_for_and_what_went_back_is_not_credited_yet(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 1))
    purchase.answer()
    purchase.receive({1: 4})
    bill(purchase, Line("4", "52.90", "40-2210", order_line="1"))
    with viewing(world.viewer("berit")):
        ordering.propose_change(order_id=purchase.order_id, lines=[ChangedLine(1, 6 * MICRO)])
    run_until_idle()
    back(purchase, 4, "credit")
    say_yes(world)
    assert both_sides(world, purchase) == ((2, 4), 6)
    credit(purchase, Line("4", "52.90", "40-2210", order_line="1"))
    assert buckets(purchase) == (2 * 5_290 + 2_450, 0, 0, 0)  # two are still to come


def test_a_change_after_goods_went_back_counts_them_as_the_seller_does(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 1))
    purchase.answer()
    purchase.receive({1: 4})
    back(purchase, 2, "credit")
    with viewing(world.viewer("berit")):
        ordering.propose_change(order_id=purchase.order_id, lines=[ChangedLine(1, 7 * MICRO)])
    run_until_idle()
    say_yes(world)
    assert both_sides(world, purchase) == ((7, 2), 9)  # the seller has delivered the two that went back


def test_the_seller_who_agrees_to_fewer_after_all_have_come_is_told_that_they_stay(world) -> None:
    purchase = ordered(world, ("papir", 4), ("perm", 1))
    purchase.answer()
    with viewing(world.viewer("berit")):
        ordering.propose_change(order_id=purchase.order_id, lines=[ChangedLine(1, 2 * MICRO)])
    run_until_idle()
    purchase.receive({1: 4})
    say_yes(world)
    assert both_sides(world, purchase) == ((4, 0), 2)
    say_yes(world)  # to the order as it stands
    assert both_sides(world, purchase) == ((4, 0), 4)
    nothing_failed()


@pytest.mark.parametrize("order", [("return", "credit"), ("credit", "return")])
def test_a_credit_note_at_the_same_time_as_its_return_binds_nothing_anew(world, order) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    assert buckets(purchase) == (0, 0, 52_900, 0)
    raw = invoice_xml(
        world.kontor, world.bremnes, [Line("2", "52.90", "40-2210", order_line="1")], number="K-1",
        credit_note=True, preceding=[("9001", ports.today())], order=purchase.number,
    )  # fmt: skip
    for what in order:  # nobody works on the queue in between
        if what == "credit":
            intake.receive(raw, transport="file")
        else:
            send_back(purchase, 2)
    matching_first()
    assert states(world)["K-1"] == "approved"
    assert purchase.order().lines[0].returned == 0  # told after matching had judged
    run_until_idle()
    nothing_failed()
    assert buckets(purchase) == (0, 0, 42_320, 0)


def send_back(purchase: Purchase, count: int) -> None:
    """So many of the first line go back for credit, and nobody has been told."""
    with as_system(purchase.world.bremnes.id):
        receipt = Receipt.objects.get()
    with viewing(purchase.world.viewer("berit")):
        delivery.send_back(
            receipt_id=receipt.id, quantities={1: count * MICRO}, reason_code="damaged", expects="credit"
        )


def matching_first() -> None:
    """The worker takes the message as far as matching, and lets the order wait."""
    for handler in ("project.route", "matching.match_invoice"):
        for claimed in worker.claim(20):
            if claimed.handler == handler:
                worker.deliver(claimed)
        worker.release_leases()


def paper_came(world, count: int, *, billed: bool) -> Purchase:
    """So many of ten boxes have come, and are paid for where `billed`."""
    purchase = ordered(world, ("papir", 10))
    purchase.answer()
    purchase.receive({1: count})
    if billed:
        bill(purchase, some(count))
    return purchase


def some(count: int) -> Line:
    """So many boxes on a bill or a credit note."""
    return Line(str(count), "52.90", "40-2210", order_line="1")


def test_the_rest_comes_after_what_was_returned_has_been_credited(world) -> None:
    purchase = paper_came(world, 4, billed=True)
    back(purchase, 4, "credit")
    credit(purchase, some(4))
    assert buckets(purchase) == (6 * 5_290, 0, 0, 0)
    purchase.receive({1: 2})
    assert buckets(purchase) == (4 * 5_290, 2 * 5_290, 0, 0)
    bill(purchase, some(2), number="9002")
    assert buckets(purchase) == (4 * 5_290, 0, 2 * 5_290, 0)
    purchase.receive({1: 4})
    bill(purchase, some(4), number="9003")
    assert buckets(purchase) == (0, 0, 6 * 5_290, 0)


def test_the_rest_comes_before_what_was_returned_is_credited(world) -> None:
    purchase = paper_came(world, 4, billed=True)
    back(purchase, 4, "credit")
    purchase.receive({1: 2})
    assert buckets(purchase) == (2 * 5_290, 0, 4 * 5_290, 0)  # four of six are paid for
    credit(purchase, some(4))
    assert buckets(purchase) == (4 * 5_290, 2 * 5_290, 0, 0)
    bill(purchase, some(2), number="9002")
    purchase.receive({1: 4})
    bill(purchase, some(4), number="9003")
    assert buckets(purchase) == (0, 0, 6 * 5_290, 0)


def test_credited_goods_that_come_anew_are_accrued_like_any_others(world) -> None:
    purchase = paper_came(world, 10, billed=True)
    back(purchase, 2, "replacement")
    credit(purchase, some(2))
    assert buckets(purchase) == (2 * 5_290, 0, 8 * 5_290, 0)
    purchase.receive({1: 1})
    assert buckets(purchase) == (5_290, 5_290, 8 * 5_290, 0)
    back(purchase, 1, "credit")  # one of those that are paid for
    assert buckets(purchase) == (5_290, 0, 8 * 5_290, 0)
    purchase.receive({1: 1})
    assert buckets(purchase) == (0, 5_290, 8 * 5_290, 0)
    bill(purchase, some(1), number="9002")
    assert buckets(purchase) == (0, 0, 9 * 5_290, 0)


def test_all_of_a_line_goes_back_and_is_credited_bit_by_bit(world) -> None:
    purchase = paper_came(world, 10, billed=True)
    back(purchase, 2, "credit")
    credit(purchase, some(2))
    assert buckets(purchase) == (0, 0, 8 * 5_290, 0)
    back(purchase, 8, "replacement")
    credit(purchase, some(4), number="K-2")
    assert buckets(purchase) == (4 * 5_290, 0, 4 * 5_290, 0)
    credit(purchase, some(4), number="K-3")
    assert buckets(purchase) == (8 * 5_290, 0, 0, 0)
    purchase.receive({1: 8})
    assert buckets(purchase) == (0, 8 * 5_290, 0, 0)
    bill(purchase, some(8), number="9002")
    assert buckets(purchase) == (0, 0, 8 * 5_290, 0)


def test_fewer_are_ordered_after_what_was_returned_has_been_credited(world) -> None:
    purchase = paper_came(world, 4, billed=True)
    back(purchase, 4, "credit")
    credit(purchase, some(4))
    purchase.receive({1: 1})
    with viewing(world.viewer("berit")):
        ordering.propose_change(order_id=purchase.order_id, lines=[ChangedLine(1, 3 * MICRO)])
    run_until_idle()
    say_yes(world)
    assert buckets(purchase) == (2 * 5_290, 5_290, 0, 0)


def test_money_back_for_nothing_in_particular_takes_no_account_below_what_it_paid(world) -> None:
    wanted = [
        NewLine(item_id=world.items["papir"].id, quantity=10 * MICRO),
        NewLine(item_id=world.items["perm"].id, quantity=4 * MICRO, coding=Coding("12000", "210", "20200")),
    ]
    purchase = ordered_lines(world, wanted)
    purchase.answer()
    purchase.receive()
    bill(purchase, some(10), Line("4", "24.50", "40-3310", order_line="2"))
    credit(purchase, Line("3", "24.50", "40-3310", order_line="2"))
    assert (purchase.balance().invoiced, purchase.balance("12000").invoiced) == (52_900, 2_450)
    credit(purchase, Line("1", "529.00", "99-9999", name="Bonus"), number="K-2")
    with viewing(world.viewer("rektor")):
        matching.accept_deviations(match_id=match_id(world, "K-2"), comment="Bonusen er vår")
    run_until_idle()
    assert states(world)["K-2"] == "approved"
    # 529.00 by what is left, 529.00 and 24.50: 505.58 and 23.42
    assert (purchase.balance().invoiced, purchase.balance("12000").invoiced) == (
        52_900 - 50_558,
        2_450 - 2_342,
    )


def test_a_credit_note_for_a_paid_and_a_rejected_invoice_gives_nothing_back_of_the_rejected(world) -> None:
    switch_off(world)
    purchase, other = paper(world), ordered(world, ("perm", 4))
    bill(purchase, PAPER)
    approve(world, "9001")
    bill(other, Line("4", "24.50", "40-3310", order_line="1"), number="9002")
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(match_id=match_id(world, "9002"), reason_code="OTH", reason="Ikkje kome")
    run_until_idle()
    assert states(world)["9002"] == "rejected"
    raw = invoice_xml(
        world.kontor, world.bremnes, [Line("1", "3.00", "40-3310", name="Prisavslag")], number="K-1",
        credit_note=True, preceding=[("9001", ports.today()), ("9002", ports.today())],
    )  # fmt: skip
    intake.receive(raw, transport="file")
    run_until_idle()
    assert states(world)["K-1"] == "deviation"
    assert open_codes(world, "K-1") == {"CREDIT_LINE"}  # a person says what it is for
