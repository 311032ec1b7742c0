"""The thread: a purchase from need to payment on one page, as people and as programs see it."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from avrop.matching import operations as matching
from avrop.matching import queries as matches
from avrop.tenancy.scope import viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.world import World

pytestmark = pytest.mark.django_db

LIMIT = 15  # statements a page


def browser(world: World, login: str) -> Client:
    """Logged in as somebody of the region."""
    client = Client()
    client.force_login(world.people[login], backend="avrop.tenancy.login.LocalLogin")
    return client


def touchless(world: World) -> Purchase:
    """Ordered, received, invoiced, posted; nobody touched the invoice."""
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    purchase.invoice()
    purchase.to_the_books()
    return purchase


def events(client: Client, stream: str, slug: str = "bremnes") -> list[dict]:
    """The moments of the thread as JSON."""
    return client.get(f"/o/{slug}/trad/{stream}.json").json()["moments"]


def test_every_step_is_there_in_order_with_who_did_it(world: World) -> None:
    purchase = touchless(world)
    told = [(one["event"], one["who"]) for one in events(browser(world, "berit"), purchase.order().stream)]
    names = {login: world.people[login].name for login in ("berit", "rektor", "rekna")}
    seller = world.kontor.name
    assert told == [
        ("requisition.RequisitionChanged", names["berit"]),
        ("requisition.RequisitionSubmitted", names["berit"]),
        ("approval.ApprovalCompleted", names["rektor"]),
        ("ordering.OrdersPlaced", ""),
        ("messaging.MessageSent", ""),
        ("ordering.OrderAnswered", seller),
        ("delivery.GoodsReceived", names["berit"]),
        ("invoicing.InvoiceReceived", seller),
        ("matching.InvoiceApproved", ""),
        ("accounting.PostingProposed", ""),
        ("accounting.BatchReleased", names["rekna"]),
        ("accounting.BatchSent", ""),
        ("accounting.BatchPosted", ""),
    ]


def test_each_original_can_be_had_by_everybody_who_sees_the_thread(world: World) -> None:
    purchase = touchless(world)
    client = browser(world, "berit")
    originals = {
        paper["kind"]: client.get(paper["original"])
        for moment in events(client, purchase.order().stream)
        for paper in moment["documents"]
        if paper["original"]
    }
    assert set(originals) == {"order", "order_response", "invoice"}
    for kind, response in originals.items():
        body = b"".join(response) if response.streaming else response.content
        assert response.status_code == 200, kind
        assert purchase.number.encode() in body, kind


def test_each_check_stands_with_its_numbers_and_a_deviation_with_its_decision(world: World) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    line = Line("10", "60.00", "40-2210", order_line="1")
    deliver(invoice_xml(world.kontor, world.bremnes, [line], order=purchase.number))
    with viewing(world.viewer("fakta")):
        match = matches.of_orders([purchase.order_id])[0]
        matching.accept_deviations(match_id=match.id, comment="Avtalt per telefon")
    client = browser(world, "fakta")
    verdict = [m for m in events(client, purchase.order().stream) if m["checks"]][-1]
    price = next(c for c in verdict["checks"] if c["code"] == "PRICE")
    assert (price["expected"], price["found"], price["passed"]) == ("52.90", "60.00", False)
    (decided,) = verdict["deviations"]
    assert (decided["state"], decided["comment"]) == ("accepted", "Avtalt per telefon")
    page = unescape(client.get(f"/o/bremnes/trad/{purchase.order().stream}/").content.decode())
    assert "60,00" in page and "52,90" in page and "Avtalt per telefon" in page


def test_an_invoice_without_order_has_a_thread_of_its_own(world: World) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, [Line("1", "500.00", "")]))
    client = browser(world, "fakta")
    with viewing(world.viewer("fakta")):
        from avrop.invoicing.models import Invoice

        stream = Invoice.objects.get().stream
    told = [one["event"] for one in events(client, stream)]
    assert told == ["invoicing.InvoiceReceived", "matching.InvoiceWithoutOrder"]


def test_a_page_costs_at_most_fifteen_statements(world: World, django_assert_max_num_queries) -> None:
    purchase = touchless(world)
    stream = purchase.order().stream
    for login in ("berit", "rektor", "fakta", "revisor"):
        client = browser(world, login)
        with django_assert_max_num_queries(LIMIT):
            assert client.get(f"/o/bremnes/trad/{stream}/").status_code == 200


def test_a_stranger_finds_nothing_and_the_seller_sees_no_thread(world: World) -> None:
    stream = touchless(world).order().stream
    for login, slug in (("frida", "fjell"), ("selma", "kontor")):
        assert browser(world, login).get(f"/o/{slug}/trad/{stream}/").status_code == 404
        assert browser(world, login).get(f"/o/{slug}/trad/{stream}.json").status_code == 404


def test_nobody_is_led_to_a_page_that_would_turn_them_away(world: World) -> None:
    purchase = touchless(world)
    for login in ("berit", "rektor", "fakta", "rekna"):
        client = browser(world, login)
        for moment in events(client, purchase.order().stream):
            for paper in moment["documents"]:
                for address in filter(None, (paper["url"], paper["original"])):
                    assert client.get(address).status_code == 200, (login, address)
