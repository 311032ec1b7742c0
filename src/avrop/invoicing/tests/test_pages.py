"""The invoice page: the verdict in the reader's language, and the bytes exactly as they came."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from avrop.invoicing.models import Invoice
from avrop.tenancy.scope import as_system
from tests.stories.purchase import Line, deliver, invoice_xml

pytestmark = pytest.mark.django_db
BUDGET = 15


def client_of(world, login: str, language: str = "nn") -> Client:
    client = Client()
    client.force_login(world.people[login])
    client.cookies["avrop_language"] = language
    return client


def the_invoice(world) -> Invoice:
    with as_system(world.bremnes.id):
        return Invoice.objects.get()


@pytest.fixture
def raw(world) -> bytes:
    return invoice_xml(world.kontor, world.bremnes, [Line("1", "100.00", "X-1", name="Vare")])


def test_the_list_and_the_page_stay_within_the_statement_budget(
    world, raw, django_assert_max_num_queries
) -> None:
    deliver(raw)
    client = client_of(world, "fakta")
    with django_assert_max_num_queries(BUDGET):
        assert b"9001" in client.get("/o/bremnes/fakturaer/").content
    with django_assert_max_num_queries(BUDGET):
        page = client.get(f"/o/bremnes/fakturaer/{the_invoice(world).id}/")
    assert "125,00" in page.content.decode().replace("\u00a0", " ")


def test_the_original_is_given_back_byte_for_byte(world, raw) -> None:
    deliver(raw)
    response = client_of(world, "fakta").get(f"/o/bremnes/fakturaer/{the_invoice(world).id}/original/")
    assert response.content == raw
    assert response["X-Content-SHA256"] == hashlib.sha256(raw).hexdigest()
    assert "attachment" in response["Content-Disposition"]


def test_a_broken_sum_is_shown_in_the_readers_language_and_sent_back(world, raw) -> None:
    broken = raw.replace(
        b'<cbc:PayableAmount currencyID="NOK">125.00', b'<cbc:PayableAmount currencyID="NOK">126.00'
    )
    assert broken != raw
    deliver(broken)
    row = the_invoice(world)
    assert row.state == "invalid"
    page = client_of(world, "fakta", "nb").get(f"/o/bremnes/fakturaer/{row.id}/").content.decode()
    assert "BR-CO-16" in page
    assert "Denne fakturaen kan ikke betales" in page
    before, _fold, behind = page[page.index("av-findings") :].partition("<details")
    assert "<strong>sum</strong>" in before and "Beløpet som skal betales (BT-115) er ikke lik" in before
    assert "BR-CO-16" in behind and "/<wbr>" not in before
    answer = {"reason_code": "LEG", "reason": "Summen er feil"}
    client_of(world, "fakta").post(f"/o/bremnes/fakturaer/{row.id}/answer/", answer)
    assert the_invoice(world).response_code == "RE"


def test_strangers_get_404_and_those_without_a_part_403(world, raw) -> None:
    deliver(raw)
    ident = the_invoice(world).id
    for address in (f"{ident}/", f"{ident}/original/"):
        assert client_of(world, "finn").get(f"/o/fjell/fakturaer/{address}").status_code == 404
    answer = client_of(world, "finn").post(
        f"/o/fjell/fakturaer/{ident}/answer/", {"reason_code": "LEG", "reason": "x"}
    )
    assert answer.status_code == 404
    assert client_of(world, "avtale").get("/o/coop/fakturaer/").status_code == 403
