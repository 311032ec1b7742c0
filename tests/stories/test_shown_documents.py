"""Whoever may fetch a document as it was sent may read it as a page and take it away as a PDF; nobody else sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from avrop.invoicing.models import Invoice
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.ordering.models import Order
from avrop.portal.models import SalesInvoice, SalesOrder
from avrop.tenancy.scope import everything
from avrop.ubl.documents import invoice as bill
from avrop.web.tests import shown
from tests.stories.purchase import Purchase, ordered
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE_SQL = 12
THREAD_SQL = 15  # what desk/queries allows a page that reads the whole thread to know what belongs to it
ANSWERS = ("messaging:document", "desk:document")  # an order response that accepts all has no lines
EVIL = "<script>alert(1)</script> #import {{ x }} \u202e"


@pytest.fixture
def billed(world: World) -> Purchase:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    purchase.invoice()
    return purchase


def places() -> dict[str, tuple[str, str, dict[str, object]]]:
    """Page -> who may see it, in which organisation, of what."""
    with everything("the test writes addresses down"):
        order, came = Order.objects.get(), Invoice.objects.get()
        answer = Message.objects.get(direction="in", document_type__startswith="order_response")
        sold, sent = SalesOrder.objects.get(), SalesInvoice.objects.get()
    thread = {"stream": order.stream, "message_id": answer.id}
    return {
        "ordering:document": ("berit", "bremnes", {"order_id": order.id}),
        "invoicing:document": ("fakta", "bremnes", {"invoice_id": came.id}),
        "messaging:document": ("fakta", "bremnes", {"message_id": answer.id}),
        "desk:document": ("berit", "bremnes", thread),
        "portal:order_document": ("selma", "kontor", {"order_id": sold.id}),
        "portal:invoice_document": ("selma", "kontor", {"invoice_id": sent.id}),
    }


def sitting(world: World, login: str) -> Client:
    client = Client(headers={"accept-language": "nn"})
    client.force_login(world.people[login])
    return client


def test_every_original_is_shown_and_made_a_pdf_where_it_may_be_fetched(billed: Purchase) -> None:
    for name, (login, slug, what) in places().items():
        client = sitting(billed.world, login)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(reverse(name, kwargs={"slug": slug, **what}))
        assert page.status_code == 200, name
        assert len(queries) <= (THREAD_SQL if name == "desk:document" else PAGE_SQL), (
            name,
            "\n".join(q["sql"][:150] for q in queries),
        )
        assert (
            "Kopipapir" in page.content.decode()
            or "order_response" in name
            or name
            in (
                "messaging:document",
                "desk:document",
            )
        ), name
        paper = client.get(reverse(f"{name}_pdf", kwargs={"slug": slug, **what}))
        assert paper.content.startswith(b"%PDF-"), name
        assert paper["Content-Disposition"].startswith("attachment;")
        links = html.fromstring(page.content.decode()).xpath("//main//a/@href")
        for link in (one for one in links if one.startswith(("/", "?"))):
            where = link if link.startswith("/") else page.request["PATH_INFO"] + link
            assert client.get(where).status_code == 200, (name, link)


def test_the_neighbour_and_another_supplier_find_nothing(billed: Purchase) -> None:
    for name, (_login, slug, what) in places().items():
        other, home = ("stein", "storhus") if name.startswith("portal") else ("finn", "fjell")
        client = sitting(billed.world, other)
        for kind in (name, f"{name}_pdf"):
            for place in (slug, home):
                assert client.get(reverse(kind, kwargs={"slug": place, **what})).status_code == 404, (
                    kind,
                    place,
                )


def test_a_hostile_invoice_is_shown_as_text_and_its_file_is_a_download(world: World) -> None:
    made = shown.bill()
    line = replace(made.lines[0], note=EVIL)
    evil = shown.attachment(b"<html><script>alert(1)</script></html>", "faktura.pdf", "application/pdf")
    buyer = replace(made.buyer, endpoint=replace(made.buyer.endpoint, value=world.bremnes.orgnr))
    one = replace(made, lines=(line,), notes=(EVIL,), documents=(evil,), buyer=buyer)
    intake.receive(bill.write(one), transport="file")
    with everything("the test looks"):
        message = Message.objects.get(direction="in")
    client = sitting(world, "fakta")
    address = reverse("messaging:document", kwargs={"slug": "bremnes", "message_id": message.id})
    page = client.get(address).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page and "[U+202E]" in page
    assert "nettside" in page and "Fare" in page
    answer = client.get(address, {"attachment": "1"})
    assert answer["Content-Disposition"] == 'attachment; filename="faktura.pdf.bin"'
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Content-Type"] == "application/octet-stream"
    for wrong in ("2", "0", "-1", "x", "", "99999999", "١"):
        assert client.get(address, {"attachment": wrong}).status_code == 404


def test_a_file_that_is_no_document_gets_a_page_that_says_why(world: World) -> None:
    intake.receive(b"not xml", transport="file")
    with everything("the test looks"):
        message = Message.objects.get()
        owner = message.owner
    people = {world.bremnes.id: "fakta"}
    client = sitting(world, people.get(owner.id, "drift"))
    address = reverse("messaging:document", kwargs={"slug": owner.slug, "message_id": message.id})
    page = client.get(address)
    assert page.status_code == 200 and "Dokumentet kan ikkje visast" in page.content.decode()
    paper = client.get(
        reverse("messaging:document_pdf", kwargs={"slug": owner.slug, "message_id": message.id})
    )
    assert (paper.status_code, paper["Location"]) == (302, address)
