"""The message log: who the other party is, and question and answer side by side."""

from __future__ import annotations

import pytest
from django.test import Client

from avrop.invoicing import operations
from avrop.invoicing.models import Invoice
from avrop.journal.worker import run_until_idle
from avrop.messaging.models import Message
from avrop.messaging.tests.envelopes import STRANGER, answer_to_order, answers, deliver, in_envelope, sent
from avrop.requisition.tests.helpers import approve_all, item_line, submitted
from avrop.tenancy.scope import as_system
from tests.stories.purchase import Line, invoice_xml

BUDGET = 12
LOG = "/o/bremnes/meldingar/"


@pytest.fixture
def clerk(world) -> Client:
    """The invoice clerk of Bremnes, in English."""
    client = Client()
    client.force_login(world.people["fakta"])
    client.cookies["avrop_language"] = "en"
    return client


def ask(world, number: int = 1):
    """A stranger's order response that we refuse and answer."""
    raw = in_envelope(
        answer_to_order(world).replace(b"SV-1", f"SV-{number}".encode()),
        STRANGER,
        world.bremnes.endpoint,
        instance_id=f"id-{number}",
    )
    return deliver(raw)


def test_a_row_names_the_other_party_and_shows_question_and_answer_together(world, clerk) -> None:
    question = ask(world)
    (answer,) = answers()
    page = clerk.get(LOG).content.decode()
    assert page.count("Framand AS") >= 1
    assert "Message level response" in page and "Order response" in page
    rows = page.split("<tr")[2:]
    (asked,) = (row for row in rows if "SV-1" in row)
    (answered,) = (row for row in rows if answer.number in row)
    assert f"/{answer.id}/" in asked and "Rejected" in asked
    assert f"/{question.id}/" in answered


def test_a_message_says_where_and_what_before_the_rule_and_its_official_text(world, clerk) -> None:
    question = ask(world)
    place = {"location": "/OrderResponse/cac:OrderLine[2]/cac:LineItem/cbc:Quantity", "severity": "fatal"}
    official = "Attribute 'unitCode' MUST be present."
    Message._base_manager.filter(id=question.id).update(
        findings=[{"id": "PEPPOL-T76-B99999", "text": official, **place}]
    )
    page = clerk.get(f"{LOG}{question.id}/").content.decode()
    before, _fold, behind = page[page.index("av-findings") :].partition("<details")
    assert "<strong>line 2, quantity</strong>" in before and "unitCode" not in before
    assert "PEPPOL-T76-B99999" in behind and "Attribute &#x27;unitCode&#x27; MUST be present." in behind


def test_an_order_and_its_business_answer_stand_together_too(world, clerk) -> None:
    submitted(world, item_line(world, "papir", 1))
    approve_all(world)
    run_until_idle()
    (order,) = sent(document_type="order")
    number = order.number
    raw = answer_to_order(world, number, seller=world.kontor.endpoint)
    got = deliver(in_envelope(raw, world.kontor.endpoint, world.bremnes.endpoint))
    page = clerk.get(LOG).content.decode()
    (row,) = (row for row in page.split("<tr")[2:] if f"/{order.id}/" in row.split("</th>")[0])
    assert "Kontorvarer AS" in row and f"/{got.id}/" in row and "Order response" in row


def test_the_page_of_a_message_shows_the_other_half_and_what_it_says(world, clerk) -> None:
    question = ask(world)
    (answer,) = answers()
    page = clerk.get(f"{LOG}{question.id}/").content.decode()
    assert "Framand AS" in page and f"/{answer.id}/" in page and "Rejected" in page
    other = clerk.get(f"{LOG}{answer.id}/").content.decode()
    assert f"/{question.id}/" in other


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("?direction=out", {"MLR"}),
        ("?direction=in", {"SV"}),
        ("?document_type=message_level_response", {"MLR"}),
        ("?document_type=order_response", {"SV"}),
        ("?state=refused", {"SV"}),
        ("?q=Framand", {"SV", "MLR"}),
        ("?q=SV-1", {"SV"}),
        ("?sort=other", {"SV", "MLR"}),
        ("?sort=-document", {"SV", "MLR"}),
    ],
)
def test_the_log_is_searched_filtered_and_sorted(world, clerk, asked: str, shown: set[str]) -> None:
    question = ask(world)
    (answer,) = answers()
    page = clerk.get(LOG + asked).content.decode()
    heads = "".join(row.split("</th>")[0] for row in page.split("<tr")[2:])
    names = {"SV": str(question.id), "MLR": str(answer.id)}
    assert {name for name, ident in names.items() if ident in heads} == shown


def test_a_full_page_of_questions_and_answers_costs_no_more_statements(
    world, clerk, django_assert_max_num_queries
) -> None:
    for number in range(1, 16):
        ask(world, number)
    with django_assert_max_num_queries(BUDGET):
        page = clerk.get(LOG)
    assert page.content.decode().count("Order response") >= 15
    assert b"?page=2" in page.content or b"page=2" in page.content
    with django_assert_max_num_queries(BUDGET):
        clerk.get(f"{LOG}{answers()[0].id}/")


def test_another_buyers_clerk_sees_neither_half(world, clerk) -> None:
    ask(world)
    client = Client()
    client.force_login(world.people["fakta"])
    (answer,) = answers()
    assert client.get(f"/o/fjell/meldingar/{answer.id}/").status_code == 404


def test_an_invoice_response_is_found_under_the_invoices_number_by_both_sides(world, clerk) -> None:
    deliver(invoice_xml(world.kontor, world.bremnes, [Line("1", "100.00", "X-1")], number="F-4711"))
    with as_system(world.bremnes.id):
        operations.answer(invoice_id=Invoice.objects.get().id, code="RE", reason_code="PRI", reason="For høg")
    run_until_idle()
    seller = Client()
    seller.force_login(world.people["selma"])
    for side, slug in ((clerk, "bremnes"), (seller, "kontor")):
        page = side.get(f"/o/{slug}/meldingar/?q=F-4711").content.decode()
        assert "Invoice response" in page or "Fakturasvar" in page, slug
