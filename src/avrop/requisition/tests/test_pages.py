"""The pages of the basket: what they show, who sees them, how few statements they take."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from avrop.requisition import operations, queries
from avrop.requisition.models import Requisition
from avrop.requisition.tests.helpers import filled, free_line, item_line, submitted
from avrop.tenancy.scope import as_system, viewing


def client(world, login="berit") -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(world.people[login])
    return made


def url(name: str, slug: str = "bremnes", **kwargs) -> str:
    return reverse(f"requisition:{name}", kwargs={"slug": slug, **kwargs})


def page(world, address, login="berit", most=15) -> str:
    """The page in English; fails if it takes more than `most` statements."""
    browser = client(world, login)
    with CaptureQueriesContext(connection) as counted:
        answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    assert len(counted) <= most, "\n".join(q["sql"][:150] for q in counted)
    return answer.content.decode()


def test_an_empty_basket_says_where_to_begin(world):
    assert "The basket is empty" in page(world, url("basket"))


def test_the_basket_shows_lines_coding_with_its_source_and_the_total(world):
    filled(world, item_line(world, "papir", 10), item_line(world, "perm", 4), free_line(world))
    text = page(world, url("basket"))
    for words in ("Kopipapir A4 80 g", "FI-2026-01", "from the unit", "Send for approval", "Rom 114"):
        assert words in text
    assert "1\u00a0908,75" in text  # (529 + 98 + 900) * 1.25


def test_twenty_lines_take_no_more_statements_than_one(world):
    filled(
        world,
        *[item_line(world, key, n) for n in range(1, 6) for key in ("papir", "perm", "blyant", "batteri")],
    )
    page(world, url("basket"))


def test_a_search_hit_goes_into_a_new_basket_and_then_into_the_same(world):
    browser = client(world)
    for _turn in range(2):
        answer = browser.post(
            url("add"),
            {"item_id": world.items["papir"].id, "quantity": "2,5", "unit_id": world.units["school"].id},
        )
        assert answer.status_code == 302
    with as_system(world.bremnes.id):
        (ident,) = Requisition.objects.values_list("id", flat=True)
        (line,) = queries.requisition(ident).lines
    assert line.quantity == 5_000_000


@pytest.mark.parametrize("quantity", ["", "0", "-1", "mange", "1e3", "9" * 20])
def test_a_quantity_that_is_none_is_said_and_changes_nothing(world, quantity):
    answer = client(world).post(
        url("add"),
        {"item_id": world.items["papir"].id, "quantity": quantity, "unit_id": world.units["school"].id},
        follow=True,
    )
    assert "as a number above zero" in answer.content.decode()
    with as_system(world.bremnes.id):
        assert not Requisition.objects.exists()


def test_the_lorry_wholesaler_is_refused_in_words(world):
    answer = client(world).post(
        url("add"),
        {"item_id": world.items["kaffi"].id, "quantity": "1", "unit_id": world.units["school"].id},
        follow=True,
    )
    assert "FI-2026-02" in answer.content.decode()


def test_submitting_from_the_page_saves_the_delivery_too(world):
    ident = filled(world)
    answer = client(world).post(
        url("delivery", requisition_id=ident),
        {
            "address_id": world.addresses["school"].id,
            "marking": "Kjøkkenet",
            "need": "Skulestart",
            "action": "submit",
        },
        follow=True,
    )
    text = answer.content.decode()
    assert "sent for approval" in text and "Waits for approval" in text
    with as_system(world.bremnes.id):
        row = Requisition.objects.get()
    assert (row.state, row.marking, row.need) == ("submitted", "Kjøkkenet", "Skulestart")


def test_free_text_that_an_agreement_covers_is_refused_on_the_form_with_the_agreement(world):
    text = (
        client(world)
        .post(
            url("free_text"),
            {
                "unit_id": world.units["school"].id,
                "name": "Kopipapir A4",
                "frame": "500",
                "vat": "S:2500",
                "reason": "Hastar",
                "source": f"supplier:{world.kontor.id}",
            },
        )
        .content.decode()
    )
    assert "FI-2026-01" in text and "Hastar" in text  # what was typed is still there


def test_free_text_under_an_agreement_goes_to_the_agreements_supplier(world):
    answer = client(world).post(
        url("free_text"),
        {
            "unit_id": world.units["school"].id,
            "name": "Reparasjon av piano",
            "frame": "1 250,50",
            "vat": "S:2500",
            "reason": "Står ikkje i katalogen",
            "source": f"agreement:{world.agreement.id}:{world.kontor.id}",
        },
    )
    assert answer.status_code == 302
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(Requisition.objects.get().id).lines
    assert (line.frame, line.agreement_ref, line.supplier_id) == (1250_50, "FI-2026-01", world.kontor.id)


def test_every_page_stays_within_its_statements(world):
    ident = filled(world)
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(ident).lines
    page(world, url("requisition", requisition_id=ident))
    page(world, url("free_text"))
    page(world, url("coding", line_id=line.id))
    for _turn in range(5):
        submitted(world)
    text = page(world, url("mine"))
    assert text.count("Waits for approval") >= 5


def test_coding_is_chosen_from_the_chart(world):
    ident = filled(world)
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(ident).lines
    chosen = {
        "account": "11200",
        "responsibility": "210",
        "function": "20200",
        "vat_treatment": "not_recoverable",
    }
    browser = client(world)
    answer = browser.post(url("coding", line_id=line.id), {**chosen, "account": "666"})
    assert answer.status_code == 200
    browser.post(url("coding", line_id=line.id), chosen)
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(ident).lines
    assert (line.coding.account, line.coding.vat_treatment) == ("11200", "not_recoverable")


def test_a_line_is_changed_and_taken_out(world):
    ident = filled(world, item_line(world, "papir", 10), item_line(world, "perm", 4))
    with as_system(world.bremnes.id):
        paper, binder = queries.requisition(ident).lines
    browser = client(world)
    browser.post(url("quantity", line_id=paper.id), {"quantity": "3"})
    browser.post(url("remove", line_id=binder.id))
    with as_system(world.bremnes.id):
        (line,) = queries.requisition(ident).lines
    assert (line.id, line.quantity) == (paper.id, 3_000_000)


def test_a_returned_requisition_says_why_and_can_be_changed(world):
    ident = submitted(world)
    with as_system(world.bremnes.id):
        operations.return_to_requester(requisition_id=ident, comment="For dyrt")
    text = page(world, url("requisition", requisition_id=ident))
    assert "For dyrt" in text and "Send for approval" in text


def test_taking_back_and_withdrawing(world):
    ident = submitted(world)
    browser = client(world)
    browser.post(url("reopen", requisition_id=ident))
    with as_system(world.bremnes.id):
        assert Requisition.objects.get().state == "returned"
    browser.post(url("withdraw", requisition_id=ident))
    with as_system(world.bremnes.id):
        assert Requisition.objects.get().state == "withdrawn"


def test_another_requisitioner_may_not_look_into_it_and_strangers_do_not_find_it(world):
    ident = filled(world)
    address = url("requisition", requisition_id=ident)
    assert client(world, "bjorn").get(address).status_code == 403
    assert client(world, "rektor").get(address).status_code == 200  # approvers may read
    assert client(world, "frida").get(address).status_code == 404
    stranger = url("requisition", slug="fjell", requisition_id=ident)
    assert client(world, "frida").get(stranger).status_code == 404
    with viewing(world.viewer("berit")):
        line = queries.requisition(ident).lines[0]
    for name in ("quantity", "remove"):
        answer = client(world, "frida").post(url(name, slug="fjell", line_id=line.id), {"quantity": "1"})
        assert answer.status_code == 404
