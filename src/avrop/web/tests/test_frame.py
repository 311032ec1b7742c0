"""The frame: languages, error pages, the content policy, the demo banner."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from avrop.web import gallery


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the contract owner may publish a catalogue.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret that nobody must see")


urlpatterns = [
    path("", include("avrop.web.urls")),
    path("gallery/", gallery.show),
    path("forbidden/", forbidden),
    path("broken/", broken),
]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture
def visitor(settings: Any) -> Client:
    settings.DEBUG = False
    return Client(raise_request_exception=False)


TITLES = {
    "nn": ("Ingenting her", "Du har ikkje lov til dette", "Noko gjekk gale hos oss"),
    "nb": ("Ingenting her", "Du har ikke lov til dette", "Noe gikk galt hos oss"),
    "en": ("Nothing here", "You may not do this", "Something went wrong with us"),
}


@pytest.mark.parametrize("language", TITLES)
def test_error_pages_speak_the_readers_language_and_keep_their_status(visitor: Client, language: str) -> None:
    visitor.post("/language/", {"language": language})
    for address, status, title in zip(
        ("/nowhere/", "/forbidden/", "/broken/"), (404, 403, 500), TITLES[language], strict=True
    ):
        answer = visitor.get(address)
        text = answer.content.decode()
        assert answer.status_code == status
        assert f'<html lang="{language}"' in text
        assert title in text


def test_a_refusal_shows_its_reason_and_a_fault_shows_nothing_of_itself(visitor: Client) -> None:
    assert "Only the contract owner may publish a catalogue." in visitor.get("/forbidden/").content.decode()
    assert "secret" not in visitor.get("/broken/").content.decode()


def test_a_form_without_its_token_is_refused_in_words(settings: Any) -> None:
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert "Skjemaet er for gammalt" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [("/gallery/?q=a", "/gallery/?q=a"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_choosing_a_language_leads_back_to_the_page_and_never_out_of_the_house(
    visitor: Client, wanted: str, lands: str
) -> None:
    answer = visitor.post("/language/", {"language": "nb", "next": wanted})
    assert (answer.status_code, answer["Location"]) == (302, lands)


def test_an_unknown_language_changes_nothing(visitor: Client) -> None:
    assert not visitor.post("/language/", {"language": "sv"}).cookies
    assert visitor.get("/language/").status_code == 405


def test_every_answer_forbids_inline_code_and_strangers(visitor: Client) -> None:
    policy = visitor.get("/gallery/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    text = visitor.get("/gallery/").content.decode()
    assert " style=" not in text
    assert "<script>" not in text


def test_a_demo_says_so_on_every_page_and_only_then(visitor: Client, settings: Any) -> None:
    settings.AVROP_DEMO = True
    for address in ("/gallery/", "/nowhere/", "/forbidden/"):
        assert "Alt her er oppdikta" in visitor.get(address).content.decode(), address
    settings.AVROP_DEMO = False
    assert "Alt her er oppdikta" not in visitor.get("/gallery/").content.decode()
