"""What clerk and approver see, in three languages, within the statement budget of a page."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.test import Client

from avrop.matching.models import Match
from avrop.tenancy.scope import as_system
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered
from tests.world import World

pytestmark = pytest.mark.django_db
BUDGET = 15  # statements a page


def client_of(world: World, login: str, language: str = "nn") -> Client:
    client = Client()
    client.force_login(world.people[login])
    client.cookies["avrop_language"] = language
    return client


def match_id(world: World) -> UUID:
    with as_system(world.bremnes.id):
        return Match.objects.get().id


@pytest.fixture
def overpriced(world: World) -> Purchase:
    purchase = ordered(world, ("papir", 10), ("perm", 2))
    purchase.receive({1: 10, 2: 1})
    lines = [
        Line("10", "60.00", "40-2210", name="Kopipapir A4 80 g", order_line="1"),
        Line("2", "24.50", "40-3310", name="Ringperm A4 blå", order_line="2"),
    ]
    deliver(invoice_xml(world.kontor, world.bremnes, lines, order=purchase.number, fee="49.00"))
    return purchase


def text_of(response) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain.replace("\u00a0", " "))


def test_the_list_groups_deviations_by_reason_and_shows_the_untouched_share(
    world, overpriced, django_assert_max_num_queries
) -> None:
    client = client_of(world, "fakta", "en")
    with django_assert_max_num_queries(BUDGET):
        response = client.get("/o/bremnes/avvik/")
    text = text_of(response)
    assert response.status_code == 200
    assert "9001" in text
    assert "Not received" in text
    assert "Fee" in text
    assert "0 of 1 invoices today" in text


def test_the_match_page_explains_every_check_with_its_numbers(
    world, overpriced, django_assert_max_num_queries
) -> None:
    client = client_of(world, "fakta", "en")
    with django_assert_max_num_queries(BUDGET):
        response = client.get(f"/o/bremnes/avvik/{match_id(world)}/")
    text = text_of(response)
    assert "The unit price is 60,00, but 52,90 was agreed" in text
    assert "2 invoiced, but only 1 are received and not invoiced before." in text
    assert "Charges of 49,00 kr, but only 0,00 kr are agreed." in text
    assert "10 invoiced, of 10 ordered and not invoiced before." in text


@pytest.mark.parametrize(
    ("language", "words"), [("nn", "Einingsprisen er 60,00"), ("nb", "Enhetsprisen er 60,00")]
)
def test_the_numbers_are_explained_in_the_persons_language(
    world, overpriced, language: str, words: str
) -> None:
    response = client_of(world, "fakta", language).get(f"/o/bremnes/avvik/{match_id(world)}/")
    assert words in text_of(response)


def test_the_clerk_accepts_on_the_page_and_the_missing_receipt_still_holds_it(world, overpriced) -> None:
    client = client_of(world, "fakta")
    ident = match_id(world)
    empty = client.post(f"/o/bremnes/avvik/{ident}/accept/", {"comment": ""})
    assert empty.status_code == 200  # the form again, with what is missing
    done = client.post(f"/o/bremnes/avvik/{ident}/accept/", {"comment": "Avtalt"}, follow=True)
    assert done.status_code == 200
    assert overpriced.states() == ["awaiting_receipt"]
    overpriced.receive({2: 1})
    assert overpriced.states() == ["approved"]


def test_the_requester_sees_the_page_without_buttons_and_strangers_see_nothing(world, overpriced) -> None:
    ident = match_id(world)
    page = client_of(world, "berit").get(f"/o/bremnes/avvik/{ident}/")
    assert page.status_code == 200
    assert b"/accept/" not in page.content
    assert b"/reject/" not in page.content
    assert client_of(world, "finn").get(f"/o/fjell/avvik/{ident}/").status_code == 404
    assert client_of(world, "finn").get(f"/o/bremnes/avvik/{ident}/").status_code == 404
    assert (
        client_of(world, "finn").post(f"/o/fjell/avvik/{ident}/accept/", {"comment": "x"}).status_code == 404
    )
    reject = {"reason_code": "PRI"}
    assert client_of(world, "finn").post(f"/o/fjell/avvik/{ident}/reject/", reject).status_code == 404


def test_clean_invoices_of_a_buyer_without_preapproval_are_approved_in_one_click(
    world, django_assert_max_num_queries
) -> None:
    from avrop.matching.models import PreApproval

    with as_system(world.bremnes.id):
        PreApproval.objects.all().delete()
    purchase = ordered(world, ("papir", 4))
    purchase.receive()
    purchase.answer()
    purchase.invoice({"1": 2})
    purchase.invoice({"1": 2})
    assert purchase.states() == ["matched", "matched"]
    client = client_of(world, "rektor")
    with django_assert_max_num_queries(BUDGET):
        page = client.get("/o/bremnes/avvik/clean/")
    chosen = re.findall(r'name="match" value="([0-9a-f-]+)"', page.content.decode())
    assert len(chosen) == 2
    client.post("/o/bremnes/avvik/clean/approve/", {"match": chosen})
    assert purchase.states() == ["approved", "approved"]
    assert purchase.balance().invoiced == 4 * 5_290
