"""What happens between an act and the worker's turn: goods, answers and clicks that cross each other."""

from __future__ import annotations

import pytest

from avrop.approval import operations as approval
from avrop.approval.models import ApprovalTask
from avrop.commitments import queries as commitments
from avrop.delivery import operations as delivery
from avrop.journal import worker
from avrop.journal.models import Delivery
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.matching import operations as matching
from avrop.matching.models import Deviation, Match, PreApproval
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.ordering.models import OrderLine
from avrop.portal.facts import LineAnswer
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.tenancy.models import RoleAssignment
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.stories.walk import response_xml

pytestmark = pytest.mark.django_db


def first_line(purchase: Purchase) -> OrderLine:
    with as_system(purchase.world.bremnes.id):
        return OrderLine.objects.select_related("order__supplier").get(order_id=purchase.order_id, line_no=1)


def receive_now(purchase: Purchase, quantities: dict[int, int] | None = None) -> None:
    """The goods come, and nobody has been told yet."""
    with viewing(purchase.world.viewer("berit")):
        delivery.receive(order_id=purchase.order_id, quantities=quantities)


def decide(purchase: Purchase, login: str = "radmann") -> None:
    with viewing(purchase.world.viewer(login)):
        (response,) = [one for one in orders.responses(purchase.order_id) if one.state == "proposed"]
        ordering.decide_change(response_id=response.id, accept=True)


def the_match(purchase: Purchase) -> Match:
    with as_system(purchase.world.bremnes.id):
        return Match.objects.latest("matched_at")


def bill(
    purchase: Purchase, quantity: str, number: str = "9001", unit: str = "EA", price: str = "52.90"
) -> None:
    line = Line(quantity, price, "40-2210", order_line="1", unit=unit)
    world = purchase.world
    deliver(invoice_xml(world.kontor, world.bremnes, [line], number=number, order=purchase.number))


def nothing_left(purchase: Purchase) -> None:
    """Nothing is bound any more but what is invoiced or posted."""
    balance = purchase.balance()
    assert (balance.reserved, balance.committed, balance.accrued) == (0, 0, 0)
    with as_system(purchase.world.bremnes.id):
        assert commitments.check() == []


def test_a_rejection_that_crosses_the_goods_is_refused(world) -> None:
    purchase = ordered(world, ("papir", 10))
    intake.receive(response_xml(world, first_line(purchase), "RE", 1, 0), transport="file")
    receive_now(purchase)
    run_until_idle()
    with as_system(world.bremnes.id):
        assert Message.objects.get(document_type="order_response").reason == "REJECTED_AFTER_RECEIPT"
    assert purchase.order().response_state != "rejected"
    assert (purchase.balance().committed, purchase.balance().accrued) == (0, 52_900)


def test_a_change_that_crosses_the_goods_is_not_accepted(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("change", lines={"1": LineAnswer(quantity=5_000_000)})
    receive_now(purchase)
    with pytest.raises(Refusal, match="CHANGE_AFTER_RECEIPT"):
        decide(purchase)


def test_the_price_of_a_line_that_is_paid_stands_while_another_is_due(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 4))
    receive_now(purchase, {1: 10_000_000})
    run_until_idle()
    bill(purchase, "10")
    assert purchase.states() == ["approved"]
    deliver(response_xml(world, first_line(purchase), "CA", 10, 1))
    with pytest.raises(Refusal, match="CHANGE_AFTER_RECEIPT"):
        decide(purchase)
    assert purchase.balance().committed == 4 * 2_450


def test_a_rejected_order_tells_the_invoice_that_waits_for_its_goods(world) -> None:
    purchase = ordered(world, ("papir", 10))
    bill(purchase, "10")
    assert purchase.states() == ["awaiting_receipt"]
    deliver(response_xml(world, first_line(purchase), "RE", 1, 0))
    assert purchase.states() == ["deviation"]
    with as_system(world.bremnes.id):
        assert "QUANTITY" in set(Deviation.objects.filter(state="open").values_list("code", flat=True))
    nothing_left(purchase)


def test_a_surplus_that_is_accepted_waits_for_the_goods_all_the_same(world) -> None:
    purchase = ordered(world, ("papir", 10))
    bill(purchase, "10", number="1")
    bill(purchase, "10", number="2")
    with as_system(world.bremnes.id):
        over = Match.objects.get(state="deviation")
    with viewing(world.viewer("radmann")):
        # The same lines once more: first somebody says that it is another invoice.
        matching.not_a_duplicate(match_id=over.id, reason="To leveringar")
        matching.accept_deviations(match_id=over.id, comment="Greitt")
    assert sorted(purchase.states()) == ["awaiting_receipt", "awaiting_receipt"]
    assert purchase.balance().invoiced == 0


def test_a_line_in_another_unit_is_paid_when_all_has_come_and_only_once(world) -> None:
    purchase = ordered(world, ("papir", 10))
    bill(purchase, "2", number="1", unit="BX", price="264.50")
    with viewing(world.viewer("radmann")):
        matching.accept_deviations(match_id=the_match(purchase).id, comment="To øskjer à fem")
    assert purchase.states() == ["awaiting_receipt"]
    receive_now(purchase)
    run_until_idle()
    assert purchase.states() == ["approved"]
    nothing_left(purchase)
    bill(purchase, "10", number="2")
    assert sorted(purchase.states()) == ["approved", "deviation"]
    assert purchase.balance().invoiced == 52_900


def test_a_click_on_a_clean_invoice_counts_only_while_it_is_clean(world) -> None:
    PreApproval._base_manager.all().delete()
    purchase = ordered(world, ("papir", 10))
    purchase.receive({1: 5})
    bill(purchase, "5")
    assert purchase.states() == ["matched"]
    purchase.answer("change", lines={"1": LineAnswer(price=40_000_000)})
    decide(purchase)  # the price falls; the worker has not told the match yet
    with viewing(world.viewer("radmann")), pytest.raises(Refusal, match="MATCH_STATE"):
        matching.approve_clean(match_ids=[the_match(purchase).id])
    run_until_idle()
    assert purchase.states() == ["deviation"]


def test_an_approval_that_fell_meanwhile_orders_nothing(world) -> None:
    """Approved, taken back and submitted again unchanged, while one worker was slow to tell of the approval."""
    lines = [NewLine(item_id=world.items["papir"].id, quantity=10_000_000)]
    berit = world.viewer("berit")
    with viewing(berit):
        basket = requisition.create(unit_id=world.units["school"].id, lines=lines)
        requisition.submit(requisition_id=basket)
    run_until_idle()
    with viewing(world.viewer("rektor")):
        (seen,) = ApprovalTask.objects.all()
        approval.approve(task_ids=[seen.id], seen={seen.id: seen.content_hash})
    (slow,) = worker.claim()
    with viewing(berit):
        requisition.reopen(requisition_id=basket)
    run_until_idle()
    with viewing(berit):
        requisition.submit(requisition_id=basket)
    worker.deliver(slow)
    run_until_idle()
    assert not Delivery.objects.exclude(state="done").exists()
    with as_system(world.bremnes.id):
        assert list(ApprovalTask.objects.order_by("opened_at").values_list("state", flat=True)) == [
            "void",
            "pending",
        ]
        assert not orders.orders_of(basket)


def test_who_approved_a_larger_change_does_not_receive_without_a_reason(world) -> None:
    purchase = ordered(world, ("papir", 10))
    RoleAssignment._base_manager.create(
        organisation=world.bremnes, person=world.people["radmann"], role="receiver", unit=world.units["root"]
    )
    purchase.answer("change", lines={"1": LineAnswer(price=152_900_000)})
    decide(purchase)
    with viewing(world.viewer("radmann")), pytest.raises(Refusal, match="APPROVER_RECEIVES"):
        delivery.receive(order_id=purchase.order_id)
