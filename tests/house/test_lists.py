"""Every list of the house, asked for what is not there: it answers with a page or a sheet, never with an error."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from avrop.ordering.models import Order
from avrop.tenancy.facts import ROLES
from avrop.tenancy.models import Organisation, Person, RoleAssignment
from avrop.web import lists
from tests.house.test_strangers import ALL
from tests.robot import Robot
from tests.world import World

pytestmark = pytest.mark.django_db

PLAIN = sorted({name for _pattern, name, params in ALL if not params})
NONSENSE = (
    "q=%27%22%3C%25_%5C",  # quotes, percent, underscore, backslash
    "q=" + "a+" * 200,
    "q=%F0%9F%A7%BE",
    "sort=password",
    "sort=--number",
    "sort=-",
    "page=0",
    "page=-1",
    "page=99999999",
    "page=%D9%A3",  # an Arabic three
    "page=2&page=x",
    "export=exe",
    "export=..%2F..%2Fetc",
)
FORMULA = "=cmd|' /C calc'!A0"


def person_with_every_hat(organisation: Organisation) -> Client:
    """Somebody who may see every page there is at the organisation."""
    person = Person.objects.create(login=f"hats-{organisation.slug}", name="Alle Hattar")
    for role in ROLES:
        RoleAssignment._base_manager.create(organisation=organisation, person=person, role=role)
    client = Client()
    client.force_login(person)
    return client


def lists_of(client: Client, slug: str) -> Iterator[tuple[str, str]]:
    """(address, page) of every list that the person can open."""
    for name in PLAIN:
        address = reverse(name, kwargs={"slug": slug})
        answer = client.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            if 'class="av-search"' in page or 'class="av-pager"' in page:
                yield address, page


def asked_of(page: str) -> Iterator[str]:
    """Each choice of each filter, with what is not among them; each sort both ways."""
    for name, options in re.findall(
        r'<select class="ds-input" id="list-[^"]*" name="([^"]+)">(.*?)</select>', page
    ):
        for value in [*re.findall(r'<option value="([^"]*)"', options), "nonsense", "' OR 1=1 --"]:
            yield f"{name}={unescape(value)}".replace(" ", "+").replace("#", "")
    for key in sorted(set(re.findall(r"[?&;]sort=-?(\w+)", page))):
        yield from (f"sort={key}", f"sort=-{key}", f"sort={key}&q=a&page=3")


@pytest.mark.parametrize("who", ["bremnes", "kontor", "platform", "coop"])
def test_no_filter_sort_search_or_page_breaks_a_list(world: World, who: str):
    Robot("a list's reader").run()
    organisation = getattr(world, who)
    client = person_with_every_hat(organisation)
    found = list(lists_of(client, organisation.slug))
    assert len(found) >= {"bremnes": 15, "kontor": 3, "platform": 2, "coop": 4}[who]
    for address, page in found:
        for query in (*NONSENSE, *asked_of(page)):
            answer = client.get(f"{address}?{query}")
            assert answer.status_code == 200, (address, query)
            assert answer["Content-Type"].startswith("text/html"), (address, query)


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("bremnes", "ordering:list"),
        ("bremnes", "invoicing:list"),
        ("bremnes", "matching:deviations"),
        ("bremnes", "accounting:postings"),
        ("kontor", "portal:orders"),
        ("kontor", "portal:invoices"),
    ],
)
def test_lists_of_papers_are_saved_as_sheets_of_what_is_shown(world: World, who: str, name: str):
    Robot("a saver").run()
    organisation = getattr(world, who)
    client = person_with_every_hat(organisation)
    address = reverse(name, kwargs={"slug": organisation.slug})
    shown = len(re.findall(r"<tr\b", client.get(address).content.decode())) - 1
    for query in ("", "&q=finst-ikkje", "&sort=nonsense&page=9&state=nonsense"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            csv_file = b"".join(client.get(f"{address}?export=csv{query}").streaming_content)
        assert len(asked) <= 12
        rows = list(csv.reader(io.StringIO(csv_file.decode("utf-8-sig")), delimiter=";"))
        xlsx = b"".join(client.get(f"{address}?export=xlsx{query}").streaming_content)
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx)).get_sheet_by_index(0).to_python()
        assert len(rows) == len(sheet) == 1 + (0 if "finst" in query else max(shown, 0)), (name, query)
    # Somebody else's list has none of it.
    other = person_with_every_hat(world.fjell if who == "bremnes" else world.storhus)
    assert other.get(f"{address}?export=csv").status_code == 404


def test_a_note_that_would_be_a_formula_is_a_text_in_the_saved_sheet(world: World):
    Robot("a joker").run()
    Order._base_manager.update(note=FORMULA, marking="@SUM(A1)")
    client = person_with_every_hat(world.bremnes)
    address = reverse("ordering:list", kwargs={"slug": world.bremnes.slug})
    text = b"".join(client.get(f"{address}?export=csv").streaming_content).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text), delimiter=";"))[1]
    assert f"'{FORMULA}" in row and "'@SUM(A1)" in row
    xlsx = b"".join(client.get(f"{address}?export=xlsx").streaming_content)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx)).get_sheet_by_index(0).to_python()
    assert f"'{FORMULA}" in sheet[1] and FORMULA not in sheet[1]


def test_a_long_list_is_counted_no_further_than_the_limit_and_has_all_its_pages(world: World, monkeypatch):
    monkeypatch.setattr(lists, "COUNTED", 10)
    for n in range(37):
        Person.objects.create(login=f"zz{n:02}", name="Ein i rekkja")

    def page(number: int) -> lists.Listing:
        request = RequestFactory().get("/", {"page": str(number)})
        rows = Person.objects.filter(login__startswith="zz")
        return lists.listing(request, rows, sort={"login": "login"}, default="login", size=4)

    first = page(1)
    assert (first.total, first.over, first.first, first.last) == (10, True, 1, 4)
    assert str(first.counted) != "10" and "10" in str(first.counted)
    last = page(10)
    assert [row.login for row in last] == ["zz36"]
    assert (last.total, last.over, last.last, last.pages) == (37, False, 37, 10)
    assert [row.login for row in page(99999999)] == ["zz36"]
    seen = [row.login for number in range(1, 11) for row in page(number)]
    assert seen == [f"zz{n:02}" for n in range(37)]
    with CaptureQueriesContext(connection) as asked:
        page(2)
    assert len(asked) == 2
