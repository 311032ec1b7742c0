"""Odd questions in the address and odd answers in a form give a page or a refusal, never a fault of ours."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver

from avrop.tenancy.queries import organisations_of

pytestmark = pytest.mark.django_db

NASTY = [
    "-1",
    "0",
    "9" * 30,
    "1e9",
    "NaN",
    "%",
    "'\" OR 1=1 --",
    "å" * 3000,
    "\ud7ff\u202e",
    "2026-02-30",
]
ASKED = (
    "q",
    "side",
    "page",
    "sort",
    "state",
    "unit",
    "kategori",
    "category",
    "leverandor",
    "supplier",
    "limit",
)
FIELDS = (
    "quantity",
    "price",
    "amount",
    "unit",
    "address",
    "item",
    "line",
    "lines",
    "text",
    "comment",
    "note",
    "reason",
)


def own_pages() -> Iterator[str]:
    """Every address below /o/<slug>/ that needs nothing but the organisation."""

    def walk(patterns: list[object], above: str) -> Iterator[str]:
        for one in patterns:
            route = above + str(one.pattern)
            if isinstance(one, URLPattern):
                yield route
            else:
                yield from walk(one.url_patterns, route)

    for route in walk(get_resolver().url_patterns, ""):
        if route.startswith("o/<slug:slug>/") and route.count("<") == 1:
            yield route.replace("<slug:slug>", "{slug}")


@pytest.mark.parametrize("turn", range(3))
def test_an_odd_question_is_answered_calmly(world, client, caplog, turn) -> None:
    caplog.set_level(logging.ERROR)
    asked = {name: NASTY[(number + 4 * turn) % len(NASTY)] for number, name in enumerate(ASKED)}
    looked = 0
    for person in world.people.values():
        client.force_login(person)
        for slug, _name, _kind in organisations_of(person.id):
            for route in own_pages():
                answer = client.get("/" + route.format(slug=slug), asked)
                assert answer.status_code < 500, (person.login, route)
                looked += answer.status_code == 200
    assert looked > 50 and not caplog.records


def test_a_nul_character_is_refused_in_words_on_either_database(world, client) -> None:
    client.force_login(world.people["berit"])
    for answer in (
        client.get("/o/bremnes/sok/", {"q": "a\x00b"}),
        client.post("/login/", {"login": "a\x00b"}),
    ):
        assert answer.status_code == 400
        assert b"<h1" in answer.content


def test_a_form_filled_with_anything_is_answered_calmly(world, client, caplog) -> None:
    caplog.set_level(logging.ERROR)
    for person in world.people.values():
        client.force_login(person)
        for slug, _name, _kind in organisations_of(person.id):
            for number, route in enumerate(own_pages()):
                for given in ({}, dict.fromkeys(FIELDS, NASTY[number % len(NASTY)])):
                    answer = client.post("/" + route.format(slug=slug), given)
                    assert answer.status_code < 500, (person.login, route, given)
    assert not caplog.records
