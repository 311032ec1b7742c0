"""The clerk's pages of credit notes, disputes and twins: what is shown, what the buttons do, how many statements."""

from __future__ import annotations

import re

import pytest

from avrop.invoicing.models import Invoice
from avrop.journal.worker import run_until_idle
from avrop.matching.models import Match
from avrop.matching.tests.test_pages import client_of, text_of
from avrop.tenancy.scope import as_system
from tests.stories.purchase import Line, deliver, invoice_xml
from tests.stories.test_credit_notes import PAPER, bill, credit, match_id, paper, states, switch_off

pytestmark = pytest.mark.django_db
BUDGET = 12  # statements a page
DEAR = Line("10", "60.00", "40-2210", order_line="1")


def url(world, number: str, action: str = "") -> str:
    return f"/o/bremnes/avvik/{match_id(world, number)}/{action}"


def test_the_clerk_asks_for_a_credit_note_on_the_page_and_the_list_shows_what_waits(
    world, django_assert_max_num_queries
) -> None:
    purchase = paper(world)
    bill(purchase, DEAR)
    client = client_of(world, "fakta", "en")
    with django_assert_max_num_queries(BUDGET):
        page = text_of(client.get(url(world, "9001")))
    assert "Ask for a credit note" in page
    assert "Dispute the invoice" in page
    lacking = client.post(url(world, "9001", "ask/"), {"action": "CNA", "reason_code": "PRI", "reason": "x"})
    assert "Write how much should be credited." in text_of(lacking)
    asked = {"action": "CNA", "amount": "88,75", "reason_code": "PRI", "reason": "Prisen er 52,90"}
    client.post(url(world, "9001", "ask/"), asked)
    run_until_idle()
    assert states(world) == {"9001": "awaiting_credit"}
    with django_assert_max_num_queries(BUDGET):
        assert "88,75" in text_of(client.get(url(world, "9001")))
    with django_assert_max_num_queries(BUDGET):
        waiting = text_of(client.get("/o/bremnes/avvik/waiting/?state=awaiting_credit&q=9001&sort=-due"))
    assert "Waits for credit note" in waiting
    assert "Prisen er 52,90" in waiting
    assert "9001" not in text_of(client.get("/o/bremnes/avvik/waiting/?state=disputed"))


def test_a_dispute_is_told_on_the_page_and_resumed_there(world) -> None:
    purchase = paper(world)
    bill(purchase, DEAR)
    client = client_of(world, "fakta", "nb")
    dispute = {"code": "CA", "reason_code": "QUA", "reason": "Papiret er fuktig"}
    late = client.post(url(world, "9001", "dispute/"), {**dispute, "due": "2020-01-01"}, follow=True)
    assert "Fristen må være etter i dag" in text_of(late)
    client.post(url(world, "9001", "dispute/"), dispute)
    run_until_idle()
    assert "Fakturaen er i tvist" in text_of(client.get(url(world, "9001")))
    with as_system(world.bremnes.id):
        assert Invoice.objects.get().response_code == "CA"
    client.post(url(world, "9001", "resume/"), {"comment": "Nytt papir"})
    assert states(world) == {"9001": "deviation"}


def test_a_credit_note_stands_beside_its_invoice_and_is_approved_with_it_in_one_click(
    world, django_assert_max_num_queries
) -> None:
    switch_off(world)
    purchase = paper(world)
    bill(purchase, DEAR)
    credit(purchase, Line("10", "7.10", "40-2210", name="Prisavslag"))
    client = client_of(world, "rektor", "en")
    here, there = url(world, "K-1"), url(world, "9001")
    with django_assert_max_num_queries(BUDGET):
        note = text_of(client.get(here))
    assert "Reduces" in note
    assert "Amount only" in note
    with django_assert_max_num_queries(BUDGET):
        page = text_of(client.get(there))
    assert "661,25 kr to pay" in page  # 10 x 52.90 and VAT
    with django_assert_max_num_queries(BUDGET):
        clean = client.get("/o/bremnes/avvik/clean/")
    chosen = re.findall(r'name="match" value="([0-9a-f-]+)"', clean.content.decode())
    assert len(chosen) == 1
    assert "less credit note K-1" in text_of(clean)
    client.post("/o/bremnes/avvik/clean/approve/", {"match": chosen})
    assert states(world) == {"9001": "approved", "K-1": "approved"}


def test_the_clerk_finds_the_invoice_of_a_credit_note_among_the_sellers(
    world, django_assert_max_num_queries
) -> None:
    purchase = paper(world)
    bill(purchase, PAPER)
    deliver(invoice_xml(world.storhus, world.bremnes, [Line("1", "1.00", "X")], number="7007"))
    credit(purchase, Line("1", "52.90", "40-2210"), of=None)
    client = client_of(world, "fakta", "en")
    with django_assert_max_num_queries(BUDGET):
        page = client.get(url(world, "K-1", "original/?only=fits&sort=-payable"))
    for sort in ("date", "-date", "number", "-came"):
        assert client.get(url(world, "K-1", f"original/?only=orders&sort={sort}")).status_code == 200
    text = text_of(page)
    assert "9001" in text
    assert "7007" not in text  # another seller's
    (chosen,) = re.findall(r'name="original" value="([0-9a-f-]+)"', page.content.decode())
    nothing = client.post(url(world, "K-1", "original/choose/"), {}, follow=True)
    assert "Choose at least one invoice" in text_of(nothing)
    client.post(url(world, "K-1", "original/choose/"), {"original": chosen})
    run_until_idle()
    assert states(world)["K-1"] == "approved"
    assert client.get(url(world, "9001", "original/")).status_code == 404  # an invoice has no original


def test_the_suggestion_is_shown_and_the_clerk_may_say_otherwise(world) -> None:
    switch_off(world)
    purchase = paper(world)
    bill(purchase, PAPER)
    rektor = client_of(world, "rektor", "en")
    rektor.post("/o/bremnes/avvik/clean/approve/", {"match": str(match_id(world, "9001"))})
    credit(purchase, Line("1", "52.90", "40-2210"))
    client = client_of(world, "fakta", "en")
    assert "the goods are credited too" in text_of(client.get(url(world, "K-1")))
    client.post(url(world, "K-1", "treat/"), {"treatment": "amount"})
    page = text_of(client.get(url(world, "K-1")))
    assert "Decided : The amount only: the goods stay" in page.replace("Decided:", "Decided :")
    with as_system(world.bremnes.id):
        assert [one["quantity"] for one in Match.objects.get(invoice__number="K-1").lines] == [0]


def test_twins_are_shown_side_by_side_and_one_click_says_which_it_is(
    world, django_assert_max_num_queries
) -> None:
    purchase = paper(world)
    bill(purchase, Line("5", "52.90", "40-2210", order_line="1"), number="INV-001")
    bill(purchase, Line("5", "52.90", "40-2210", order_line="1"), number="INV001")
    bill(purchase, Line("5", "52.90", "40-2210", order_line="1"), number="inv 1")
    client = client_of(world, "fakta", "en")
    here = url(world, "INV001")
    with django_assert_max_num_queries(BUDGET):
        text = text_of(client.get(here))
    assert "The two invoices side by side" in text
    assert "INV-001" in text
    client.post(url(world, "INV001", "duplicate/"))
    run_until_idle()
    client.post(url(world, "inv 1", "other/"), {"reason": "Andre halvdel"})
    run_until_idle()
    assert states(world) == {"INV-001": "approved", "INV001": "rejected", "inv 1": "approved"}


def test_strangers_and_those_without_a_part_change_nothing(world) -> None:
    purchase = paper(world)
    bill(purchase, DEAR)
    data = {"action": "CNF", "reason_code": "PRI", "reason": "x", "code": "UQ", "comment": "x"}
    for action in ("ask/", "dispute/", "resume/", "other/", "duplicate/", "treat/", "original/choose/"):
        stranger = client_of(world, "finn").post(f"/o/fjell/avvik/{match_id(world, '9001')}/{action}", data)
        assert stranger.status_code == 404, action
        client_of(world, "berit").post(url(world, "9001", action), data)
    assert states(world) == {"9001": "deviation"}
    assert client_of(world, "berit").get("/o/bremnes/avvik/waiting/").status_code == 403
    assert client_of(world, "berit").get(url(world, "9001", "original/")).status_code == 403


def test_the_list_of_deviations_is_searched_filtered_sorted_and_saved_as_a_sheet(world) -> None:
    purchase = paper(world)
    bill(purchase, DEAR)
    client = client_of(world, "fakta", "en")
    for query in (
        "q=9001",
        "code=PRICE",
        "owner_role=invoice_clerk",
        "state=deviation",
        "sort=reason",
        "sort=-owner",
    ):
        assert "9001" in text_of(client.get(f"/o/bremnes/avvik/?{query}")), query
    assert "9001" not in text_of(client.get("/o/bremnes/avvik/?state=disputed"))
    sheet = client.get("/o/bremnes/avvik/?export=csv")
    content = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert "9001" in content
    assert "88,75" in content
