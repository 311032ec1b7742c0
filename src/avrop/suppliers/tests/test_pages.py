"""The keepers' pages."""

from __future__ import annotations

import pytest
from django.test import Client

from avrop.suppliers.models import AccountConfirmation, BankAccount, SupplierRelation
from avrop.suppliers.tests.build import UNKNOWN, asked, keepers

pytestmark = pytest.mark.django_db
MOST = 12  # statements a page, of which three are session, person and roles
BASE = "/o/bremnes/leverandorar/"


def client_of(world, login: str) -> Client:
    client = Client()
    client.force_login(world.people[login])
    return client


def written(**other: str) -> dict[str, str]:
    values = {
        "talked_to": "Økonomisjefen",
        "number": "53 40 00 00",
        "source": "register",
        "called_on": "2020-01-02",
        "called_at": "10:15",
        "said": "Ny bank",
    }
    return values | other


def test_two_persons_confirm_on_the_page(world, django_assert_max_num_queries) -> None:
    keepers(world)
    question = asked(world)
    first, second = client_of(world, "rekna"), client_of(world, "ragnhild")
    page = f"{BASE}kontoar/{question}/"
    with django_assert_max_num_queries(MOST):
        text = first.get(page).content.decode()
    plain = text.replace("\u202f", " ").replace("\xa0", " ")
    assert "9710 53 02049" in plain and "8601 11 17947" in plain and "9001" in plain
    assert first.post(f"{page}stadfest/", written(said="")).status_code == 200  # shown again
    assert first.post(f"{page}stadfest/", written()).status_code == 302
    text = first.get(page).content.decode()
    assert "Du har alt stadfesta kontoen" in text and "Økonomisjefen" in text
    assert second.post(f"{page}stadfest/", written()).status_code == 302
    assert BankAccount._base_manager.get(account=UNKNOWN).confirmed_at is not None
    with django_assert_max_num_queries(MOST):
        assert "Stadfesta" in second.get(f"{BASE}kontoar/?state=confirmed").content.decode()


def test_one_person_rejects_on_the_page(world) -> None:
    question = asked(world)
    client = client_of(world, "rekna")
    client.post(f"{BASE}kontoar/{question}/avvis/", {"reason": "Svindel"})
    assert AccountConfirmation._base_manager.get(id=question).state == "rejected"


def test_the_list_finds_by_name_number_and_what_waits(world, django_assert_max_num_queries) -> None:
    asked(world)
    client = client_of(world, "lokal")
    with django_assert_max_num_queries(MOST):
        text = client.get(BASE).content.decode()
    assert "Kontorvarer AS" in text and "Storhus Engros AS" in text
    found = client.get(BASE, {"q": "storhus"}).content.decode()
    assert "Kontorvarer AS" not in found and "Storhus Engros AS" in found
    waits = client.get(BASE, {"waits": "True"}).content.decode()
    assert "Kontorvarer AS" in waits and "Storhus Engros AS" not in waits
    assert "97105302049" not in client.get(f"{BASE}kontoar/", {"q": "storhus"}).content.decode()


def test_a_supplier_is_shown_with_accounts_questions_and_history(
    world, django_assert_max_num_queries
) -> None:
    question = asked(world)
    client = client_of(world, "rekna")
    relation = SupplierRelation._base_manager.get(buyer=world.bremnes, supplier=world.kontor)
    with django_assert_max_num_queries(MOST):
        text = client.get(f"{BASE}{relation.id}/").content.decode()
    assert f"kontoar/{question}/" in text and "Må stadfestast" in text
    told = {"account": "1234.56.78903", "reason": "Brev"}
    client.post(f"{BASE}{relation.id}/konto/", told)
    assert AccountConfirmation._base_manager.filter(account="12345678903", state="open").exists()


def test_an_account_is_limited_and_withdrawn_on_its_page(world, django_assert_max_num_queries) -> None:
    client = client_of(world, "rekna")
    row = BankAccount._base_manager.get(buyer=world.bremnes, supplier=world.kontor)
    with django_assert_max_num_queries(MOST):
        assert client.get(f"{BASE}konto/{row.id}/").status_code == 200
    client.post(f"{BASE}konto/{row.id}/tidsavgrens/", {"valid_to": "2099-01-01", "reason": "Avtalt"})
    row.refresh_from_db()
    assert str(row.valid_to) == "2099-01-01"
    client.post(f"{BASE}konto/{row.id}/trekk/", {"withdraw-reason": "Bytt bank"})
    row.refresh_from_db()
    assert row.withdrawn_at is not None


@pytest.mark.parametrize("login", ["berit", "rektor"])
def test_other_roles_have_no_business_here(world, login: str) -> None:
    question = asked(world)
    client = client_of(world, login)
    for address in (BASE, f"{BASE}kontoar/", f"{BASE}kontoar/{question}/"):
        assert client.get(address).status_code == 403


def test_the_auditor_reads_and_cannot_act(world) -> None:
    question = asked(world)
    client = client_of(world, "revisor")
    text = client.get(f"{BASE}kontoar/{question}/").content.decode()
    assert "<form" not in text.split("<main")[1].split("</main")[0]
    client.post(f"{BASE}kontoar/{question}/avvis/", {"reason": "x"})
    assert AccountConfirmation._base_manager.get(id=question).state == "open"
