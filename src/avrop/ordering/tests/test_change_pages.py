"""From the order's page in few clicks: change, cancel, close, approve, and what was said on the telephone."""

from __future__ import annotations

import pytest

from avrop.delivery import operations as delivery
from avrop.journal.worker import run_until_idle
from avrop.ordering.models import Order, OrderChange
from avrop.ordering.tests.test_change import ask, changes, process
from avrop.ordering.tests.test_pages import client, page, url
from avrop.tenancy.scope import as_system, viewing
from tests.world import MICRO


def post(world, address, login="berit", **data) -> str:
    text = client(world, login).post(address, data, follow=True).content.decode()
    run_until_idle()
    return text


def fields(world, own, **more) -> dict[str, str]:
    with as_system(world.bremnes.id):
        row = Order.objects.get(id=own.id)
    stands = {"seen": row.version, "address_id": row.address_id, "marking": row.marking, "note": row.note}
    return {**stands, "quantity_1": "10", "quantity_2": "4", **more}


def test_ten_more_is_two_clicks_and_says_first_what_it_costs(world, order):
    text = page(world, url("order", order_id=order.id))
    address = url("change", order_id=order.id)
    assert address in text
    text = post(world, address, **fields(world, order, quantity_1="20", preview="1"))
    assert "661,25" in text and "Ask for approval" in text  # 10 x 52.90 with 25 %
    text = post(world, address, **fields(world, order, quantity_1="20", send="1"))
    assert changes(world, order) == [("change", "awaiting")]
    assert "Waits for approval" in page(world, url("order", order_id=order.id))


def test_the_approver_finds_it_on_the_first_page_and_approves(world, order):
    ask(world, order, (1, 20))
    assert order.number in client(world, "rektor").get("/o/bremnes/").content.decode()
    text = page(world, url("order", order_id=order.id), "rektor")
    with as_system(world.bremnes.id):
        change = OrderChange.objects.get()
    assert change.content_hash in text
    address = url("approve_change", order_change_id=change.id)
    text = post(world, address, "rektor", seen=change.content_hash)
    assert "The change is approved." in text
    assert changes(world, order) == [("change", "sent")]
    text = page(world, url("answer_change", order_change_id=change.id))
    assert "The supplier has answered" in text
    address = url("answer_change", order_change_id=change.id)
    post(world, address, accepted="no", agreed_with="Selma", agreed_on="2026-11-23")
    assert changes(world, order) == [("change", "declined")]


def test_a_refusal_is_said_on_the_page(world, order):
    address = url("change", order_id=order.id)
    assert "Nothing is changed yet." in post(world, address, **fields(world, order, preview="1"))
    text = post(world, address, **fields(world, order, out_1="on", out_2="on", preview="1"))
    assert "Cancel it instead." in text


def test_a_change_of_an_order_that_moved_meanwhile_is_refused(world, order):
    data = fields(world, order, quantity_1="8", send="1")
    with viewing(world.viewer("berit")):
        delivery.receive(order_id=order.id, quantities={2: MICRO})
    run_until_idle()
    assert "while you looked at it" in post(world, url("change", order_id=order.id), **data)


def test_cancel_and_close_each_have_a_page(world, order):
    address = url("cancel", order_id=order.id)
    assert "Cancel the order" in page(world, address)
    post(world, address, reason="Fann papir")
    assert changes(world, order) == [("cancellation", "sent")]


def test_the_rest_is_closed_with_what_it_frees(world, order):
    with viewing(world.viewer("berit")):
        delivery.receive(order_id=order.id, quantities={1: 6 * MICRO, 2: 4 * MICRO})
    run_until_idle()
    address = url("close", order_id=order.id)
    assert "211,60" in page(world, address)  # 4 x 52.90
    post(world, address, reason="Kjem aldri")
    assert "Closed" in page(world, url("order", order_id=order.id))
    assert order.number in page(world, url("list") + "?ended=closed")
    assert order.number not in page(world, url("list") + "?ended=open")


def test_a_supplier_who_takes_no_changes_is_agreed_with(world, order):
    process(world, "order_only")
    with as_system(world.bremnes.id):
        Order.objects.update(process="order_only")
    text = page(world, url("order", order_id=order.id))
    assert "stands at once" in text
    address = url("change", order_id=order.id)
    data = fields(world, order, quantity_1="8", send="1")
    assert "This field is required" in post(world, address, **data) or changes(world, order) == []
    post(world, address, **data, agreed_with="Kari", agreed_on="2026-11-23")
    assert changes(world, order) == [("change", "accepted")]


def test_who_has_nothing_to_do_with_it_gets_no_button_and_no_page(world, order):
    address = url("change", order_id=order.id)
    assert address not in page(world, url("order", order_id=order.id), "bjorn")
    assert client(world, "bjorn").get(address).status_code == 403


@pytest.mark.parametrize("name", ["change", "cancel", "close"])
def test_strangers_find_nothing(world, order, name):
    assert client(world, "finn").get(url(name, "fjell", order_id=order.id)).status_code == 404
