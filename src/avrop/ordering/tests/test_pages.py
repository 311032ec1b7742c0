"""The pages of orders, the PDF and the original."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from avrop.ordering import jobs
from avrop.ordering.models import Order
from avrop.ordering.tests.test_answer import line, proposal, respond
from avrop.requisition.tests.helpers import approve_all, free_line, item_line, submitted
from avrop.tenancy.scope import as_system
from avrop.ubl import gate, sbdh
from avrop.ubl.documents import order as t01


@pytest.fixture
def order(world) -> Order:
    """Ten reams of paper and four binders, sent."""
    submitted(world, item_line(world, "papir", 10), item_line(world, "perm", 4))
    approve_all(world)
    with as_system(world.bremnes.id):
        return Order.objects.get()


def client(world, login="berit") -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(world.people[login])
    return made


def url(name: str, slug: str = "bremnes", **kwargs) -> str:
    return reverse(f"ordering:{name}", kwargs={"slug": slug, **kwargs})


def page(world, address, login="berit") -> str:
    browser = client(world, login)
    with CaptureQueriesContext(connection) as counted:
        answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    assert len(counted) <= 15, "\n".join(q["sql"][:150] for q in counted)
    return answer.content.decode()


def test_the_order_page_shows_where_it_stands(world, order):
    text = page(world, url("order", order_id=order.id))
    for words in (order.number, "Kontorvarer AS", "FI-2026-01", "783,75", "Rom 114", "Ringperm A4 blå"):
        assert words in text
    assert "Waits for the supplier" in text


def test_a_proposal_stands_side_by_side_with_the_order_and_is_accepted_with_one_click(world, order):
    respond(world, order, "CA", line(1, quantity="8", note="To er utselde"))
    text = page(world, url("order", order_id=order.id))
    assert "The supplier proposes a change" in text and "To er utselde" in text
    assert "As ordered and as proposed" in text
    address = url("decide", response_id=proposal(world).id)
    text = client(world).post(address, {"decision": "accept"}, follow=True).content.decode()
    assert "The change is accepted." in text and "Change accepted" in text


def test_a_change_above_the_limit_is_refused_with_the_limit(world, order):
    respond(world, order, "CA", line(1, price="80.00"))
    address = url("decide", response_id=proposal(world).id)
    text = client(world).post(address, {"decision": "accept"}, follow=True).content.decode()
    assert "15,67" in text and "Somebody with a mandate" in text


def test_a_proposal_of_a_line_that_was_not_ordered_can_be_read(world, order):
    respond(world, order, "CA", line(9, "1", quantity="1", price="10", name="Gåvekort"))
    assert "was not ordered" in page(world, url("order", order_id=order.id))


def test_the_list_is_searched_and_filtered(world, order):
    for _turn in range(4):
        submitted(world, item_line(world, "perm", 2), free_line(world))
    approve_all(world)
    text = page(world, url("list"))
    assert text.count("Kontorvarer AS") >= 9
    assert order.number in page(world, url("list") + f"?q={order.number}")
    assert order.number not in page(world, url("list") + "?receipt_state=full")
    assert order.number in page(world, url("list") + "?whose=mine")
    assert order.number not in page(world, url("list") + "?whose=mine", "bjorn")


def test_a_purchase_with_one_order_goes_straight_there_and_with_two_lists_them(world, order):
    answer = client(world).get(url("purchase", requisition_id=order.requisition_id))
    assert answer.status_code == 302 and str(order.id) in answer.url
    ident = submitted(world, item_line(world, "perm", 2), free_line(world))
    approve_all(world)
    assert "One order per supplier" in page(world, url("purchase", requisition_id=ident))


def test_the_original_is_the_message_as_it_left(world, order):
    answer = client(world).get(url("xml", order_id=order.id))
    _header, document = sbdh.unwrap(gate.admit(answer.content).root)
    assert t01.read(document).id == order.number
    assert answer["Content-Disposition"] == f'attachment; filename="{order.number}.xml"'


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_the_pdf_is_made_on_demand_in_the_readers_language(world, order, language):
    with as_system(world.bremnes.id), override(language):
        content = jobs.order_pdf(order.id)
    assert content.startswith(b"%PDF-") and b"/MarkInfo" in content
    assert client(world).get(url("pdf", order_id=order.id)).headers["Content-Type"] == "application/pdf"


def test_strangers_find_nothing(world, order):
    respond(world, order, "CA", line(1, quantity="8"))
    browser = client(world, "finn")
    for name in ("order", "pdf", "xml"):
        assert browser.get(url(name, "fjell", order_id=order.id)).status_code == 404
    assert browser.get(url("purchase", "fjell", requisition_id=order.requisition_id)).status_code == 404
    address = url("decide", "fjell", response_id=proposal(world).id)
    assert browser.post(address, {"decision": "accept"}).status_code == 404
    assert order.number not in browser.get(url("list", "fjell")).content.decode()
    assert client(world, "selma").get(url("list")).status_code == 404
