"""Logging in, out, and as somebody else in a demo."""

from __future__ import annotations

import pytest
from django.test import Client

from avrop.tenancy.models import RoleAssignment
from avrop.tenancy.scope import everything
from tests.world import World


@pytest.fixture
def client(world: World) -> Client:
    """A browser; Berit's password is `eit-ord`."""
    person = world.people["berit"]
    person.set_password("eit-ord")
    person.save()
    return Client()


def try_in(client: Client, login: str, password: str, **more: str):
    """POST the form."""
    return client.post("/login/", {"username": login, "password": password, **more})


def test_the_right_password_leads_to_the_persons_only_organisation(client: Client, world: World) -> None:
    response = try_in(client, "berit", "eit-ord")
    assert response.headers["Location"] == "/"
    assert client.get("/").headers["Location"] == "/o/bremnes/"


def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(client: Client) -> None:
    wrong = try_in(client, "berit", "feil").content.decode()
    unknown = try_in(client, "ingen", "feil").content.decode()
    told = "Innloggingsnamnet eller passordet er feil."
    assert told in wrong and told in unknown


def test_whoever_has_left_cannot_log_in(client: Client, world: World) -> None:
    person = world.people["berit"]
    person.is_active = False
    person.save()
    assert try_in(client, "berit", "eit-ord").status_code == 200


def test_one_comes_back_to_the_page_asked_for_but_never_to_another_site(client: Client) -> None:
    assert client.get("/o/bremnes/ordrar/").headers["Location"] == "/login/?next=%2Fo%2Fbremnes%2Fordrar%2F"
    back = try_in(client, "berit", "eit-ord", next="/o/bremnes/ordrar/")
    assert back.headers["Location"] == "/o/bremnes/ordrar/"
    away = try_in(Client(), "berit", "eit-ord", next="//evil.example/")
    assert away.headers["Location"] == "/"


def test_the_persons_language_is_set_unless_one_was_chosen_here(client: Client, world: World) -> None:
    person = world.people["berit"]
    person.language = "en"
    person.save()
    assert try_in(client, "berit", "eit-ord").cookies["avrop_language"].value == "en"
    other = Client()
    other.cookies["avrop_language"] = "nb"
    assert "avrop_language" not in try_in(other, "berit", "eit-ord").cookies


def test_logging_out_ends_the_session(client: Client) -> None:
    try_in(client, "berit", "eit-ord")
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/o/bremnes/").headers["Location"].startswith("/login/")


def test_a_get_neither_logs_out_nor_in_as_somebody(client: Client, settings) -> None:
    settings.AVROP_DEMO = True
    assert client.get("/logout/").status_code == 405
    assert client.get("/login/as/").status_code == 405


def test_in_a_demo_one_becomes_anybody_with_a_click(client: Client, settings) -> None:
    settings.AVROP_DEMO = True
    page = client.get("/login/").content.decode()
    assert 'value="berit"' in page and 'value="selma"' in page
    client.post("/login/as/", {"login": "selma"})
    assert client.get("/").headers["Location"] == "/o/kontor/"


def test_outside_a_demo_nobody_is_listed_and_nobody_becomes_anybody(client: Client, settings) -> None:
    settings.AVROP_DEMO = False
    assert 'value="berit"' not in client.get("/login/").content.decode()
    assert client.post("/login/as/", {"login": "berit"}).status_code == 404


def test_whoever_has_roles_in_several_places_chooses(client: Client, world: World) -> None:
    with everything("a second role"):
        RoleAssignment.objects.create(organisation=world.fjell, person=world.people["berit"], role="auditor")
    try_in(client, "berit", "eit-ord")
    page = client.get("/").content.decode()
    assert "/o/bremnes/" in page and "/o/fjell/" in page


def test_another_organisations_page_does_not_exist(client: Client) -> None:
    try_in(client, "berit", "eit-ord")
    assert client.get("/o/fjell/").status_code == 404


def test_the_set_up_is_for_administrators_and_says_so(client: Client, world: World) -> None:
    try_in(client, "berit", "eit-ord")
    response = client.get("/o/bremnes/oppsett/folk/")
    assert response.status_code == 403
    assert "Oppsettet er for administratorar og revisorar" in response.content.decode()
    with everything("a role"):
        RoleAssignment.objects.create(
            organisation=world.bremnes, person=world.people["berit"], role="buyer_admin"
        )
    for page in ("", "einingar/", "folk/", "handel/"):
        assert client.get(f"/o/bremnes/oppsett/{page}").status_code == 200, page
