"""What happens to an order between the click and the goods: more, less, nothing, and boxes that go back."""

from __future__ import annotations

import pytest

from avrop.delivery import operations as delivery
from avrop.delivery import queries as deliveries
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.ordering.facts import ChangedLine
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Purchase, ordered

pytestmark = pytest.mark.django_db


def change(purchase: Purchase, lines: dict[int, int | None], login: str = "berit", **more):
    wanted = [ChangedLine(no, None if n is None else n * MICRO) for no, n in lines.items()]
    with viewing(purchase.world.viewer(login)):
        ident = ordering.propose_change(order_id=purchase.order_id, lines=wanted, **more)
    run_until_idle()
    return ident


def approve(purchase: Purchase, login: str = "rektor") -> None:
    with viewing(purchase.world.viewer(login)):
        (waiting,) = orders.changes_to_approve()
        ordering.approve_change(change_id=waiting.id, seen=waiting.content_hash)
    run_until_idle()


def supplier_answers(purchase: Purchase, decision: str = "accept", **more) -> None:
    with viewing(purchase.world.seller()):
        found = sales.order_by_number(purchase.number)
        asked = [one for one in sales.changes_of(found.id) if one.state == "asked"]
        portal.answer_change(sales_change_id=asked[-1].id, decision=decision, **more)
    run_until_idle()


def states(purchase: Purchase) -> list[tuple[str, str]]:
    with as_system(purchase.world.bremnes.id):
        return [(one.kind, one.state) for one in orders.changes(purchase.order_id)]


def buckets(purchase: Purchase) -> tuple[int, int, int]:
    balance = purchase.balance()
    return balance.committed, balance.accrued, balance.invoiced


def test_the_school_orders_ten_more(world) -> None:
    purchase = ordered(world, ("papir", 10))  # 52.90 a ream
    purchase.answer("accept")
    change(purchase, {1: 20})
    assert states(purchase) == [("change", "awaiting")]
    assert buckets(purchase) == (529_00, 0, 0)
    approve(purchase)
    assert states(purchase) == [("change", "sent")]
    assert buckets(purchase) == (1058_00, 0, 0), "an approved increase binds at once"
    assert purchase.order().lines[0].quantity == 10 * MICRO, (
        "the order stands until the supplier has answered"
    )
    supplier_answers(purchase)
    assert states(purchase) == [("change", "accepted")]
    assert purchase.order().lines[0].quantity == 20 * MICRO
    purchase.receive()
    purchase.invoice()
    assert purchase.states() == ["approved"]
    assert buckets(purchase) == (0, 0, 1058_00)


def test_a_cancelled_order(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    with viewing(world.viewer("berit")):
        ordering.cancel_order(order_id=purchase.order_id, reason="Vi fann papir på lageret")
    run_until_idle()
    assert states(purchase) == [("cancellation", "sent")]
    assert buckets(purchase) == (529_00, 0, 0)
    supplier_answers(purchase)
    assert (purchase.order().ended, states(purchase)) == ("cancelled", [("cancellation", "accepted")])
    assert buckets(purchase) == (0, 0, 0)
    with viewing(world.viewer("berit")), pytest.raises(Refusal) as refused:
        delivery.receive(order_id=purchase.order_id)
    assert refused.value.code == "DELIVERY_ORDER_ENDED"


def test_nappies_delivered_short_the_rest_is_closed(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive({1: 6})
    purchase.invoice({"1": 6})
    assert purchase.states() == ["approved"]
    assert buckets(purchase) == (211_60, 0, 317_40)
    with viewing(world.viewer("berit")):
        ordering.close_rest(order_id=purchase.order_id, reason="Utgått storleik")
    run_until_idle()
    order = purchase.order()
    assert (order.ended, order.receipt_state, order.net) == ("closed", "full", 317_40)
    assert buckets(purchase) == (0, 0, 317_40)
    supplier_answers(purchase)
    assert states(purchase) == [("rest", "accepted")]


def test_a_damaged_box_is_returned(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    with as_system(world.bremnes.id):
        (first,) = deliveries.receipts([purchase.order_id])
    with viewing(world.viewer("berit")):
        delivery.send_back(
            receipt_id=first.id, quantities={1: 2 * MICRO}, reason_code="damaged", expects="replacement"
        )
    run_until_idle()
    assert buckets(purchase) == (105_80, 423_20, 0)
    assert purchase.order().receipt_state == "partial"
    purchase.receive()
    assert buckets(purchase) == (0, 529_00, 0)
    with as_system(world.bremnes.id):
        first, *_ = deliveries.receipts([purchase.order_id])
    with viewing(world.viewer("berit")):
        delivery.send_back(
            receipt_id=first.id, quantities={1: MICRO}, reason_code="damaged", expects="credit"
        )
    run_until_idle()
    order = purchase.order()
    assert (order.lines[0].quantity, order.net, order.receipt_state) == (9 * MICRO, 476_10, "full")
    assert buckets(purchase) == (0, 476_10, 0)
