"""Every list of the house, found by what its page shows and judged by the same law: it searches, filters, sorts both
ways, pages, says when it is empty and when nothing fits, and is saved as a sheet of what is shown. A list that is
added tomorrow is judged without a word here; a table that is no list, or lacks a part of the law, is named below with
its reason.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from avrop.coding.models import BudgetLine
from avrop.commitments.facts import BudgetKey
from avrop.invoicing.models import Invoice
from avrop.messaging.models import Message
from avrop.ordering.models import Order
from avrop.portal.models import SalesOrder
from avrop.tenancy.facts import ROLES
from avrop.tenancy.models import Organisation, Person, RoleAssignment, Unit
from avrop.web import lists
from avrop.web.lists import Listing
from tests.house.test_strangers import ALL, played, values  # noqa: F401 (played is a fixture)
from tests.world import World

pytestmark = pytest.mark.django_db

HOUSES = ("bremnes", "coop", "kontor", "platform")
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

# Tables that are no lists: the lines of one paper, or the top of a list that stands elsewhere.
NO_LIST = {
    "accounting:batch": "the reconciliation of one batch, two rows",
    "accounting:posting": "the lines of one posting, and the batches it was in",
    "accounting:reconciliation": "the sums, four rows",
    "agreements:agreement": "the participants of one agreement",
    "approval:subject": "the approvals of one requisition",
    "approval:task": "the lines of one requisition, and its budget lines",
    "catalogue:version": "the lines that were left out, at most 200 of them",
    "delivery:receipt": "the lines of one receipt",
    "delivery:receive": "the lines of one order",
    "delivery:send_back": "the lines of one receipt",
    "desk:first": "the top of each list that waits",
    "desk:document": "the lines of one document as it was sent",
    "desk:trade": "the set-up, read only; the suppliers' own list has the rest",
    "invoicing:document": "the lines of one document as it was sent",
    "invoicing:invoice": "the lines of one invoice, in its order",
    "matching:match": "the lines of one invoice, what fails first",
    "ordering:code": "the lines of one order",
    "messaging:document": "the lines of one document as it was sent",
    "ordering:document": "the lines of one document as it was sent",
    "ordering:order": "the lines of one order, and what the supplier proposes",
    "ordering:purchase": "the orders of one purchase",
    "portal:asked": "the lines of one change",
    "portal:bill": "the lines of one invoice",
    "portal:change": "the lines of one change",
    "portal:credit_all": "the lines of one credit note",
    "portal:credit": "the lines of one credit note",
    "portal:first": "the top of each list that waits",
    "portal:invoice": "the lines of one invoice",
    "portal:invoice_document": "the lines of one document as it was sent",
    "portal:order_document": "the lines of one document as it was sent",
    "portal:order": "the lines of one order",
    "requisition:requisition": "the lines of one basket",
    "requisition:basket": "the lines of one basket",
    "suppliers:question": "the invoices that name one account",
    "suppliers:supplier": "the accounts of one supplier",
}  # fmt: skip
# Lists that lack a part of the law, and why.
WITHOUT_FILTER = {
    "desk:search": "the words are the filter; it shows the newest that fit them",
    "tenancy:setup": "the members of a co-operation are of one kind",
}
# What fits the words best stands first, out of an index of its own; it has its own tests in the catalogue.
OWN_SEARCH = {"catalogue:search"}
FILES = {
    "accounting:csv", "accounting:json", "desk:document_pdf", "invoicing:document_pdf", "messaging:document_pdf",
    "messaging:original", "ordering:document_pdf", "ordering:xml", "portal:invoice_document_pdf",
    "portal:invoice_original", "portal:order_document_pdf", "portal:order_original",
}  # no pages  # fmt: skip
NOT_SAVED = {
    "accounting:batch": "the batch is saved whole, byte for byte, as JSON and csv",
    "approval:inbox": "what waits for a decision; the orders are saved",
    "desk:search": "the way to one purchase; the papers' own lists are saved",
    "journal:parked": "the operator's work list, a few rows",
    "matching:clean": "what waits for a decision; the invoices are saved",
    "matching:original": "a choice for one credit note; the invoices are saved",
}
# Lists that stay short however old the house grows, so that no index is needed for their order.
BOUNDED = {
    "accounting:batch": "one batch",
    "catalogue:price_lists": "one row a file that a person brings in",
    "catalogue:version": "the changes of one version",
    "delivery:expected": "what is on its way",
    "matching:original": "one seller's invoices",
    "matching:waiting": "what waits",
    "matching:clean": "what waits",
    "suppliers:list": "one row a supplier",
    "suppliers:questions": "one row a new bank account",
    "approval:inbox": "what waits",
    "ordering:uncoded": "what waits",
    "accounting:reconciliation": "what waits",
}
NO_NAMES = {"journal:cases", "accounting:batches", "accounting:reconciliation", "coding:chart", "coding:budget",
            "coding:responsibility", "catalogue:version"}  # fmt: skip


@dataclass
class Shown:
    """A list on a page: who sees it where, and what it holds."""

    name: str
    client: Client
    address: str
    rows: Listing
    page: str

    def ask(self, query: str = "") -> Shown:
        """The same list, asked for something else."""
        found = open_page(self.client, f"{self.address}?{query}" if query else self.address)
        assert found is not None, (self.address, query)
        return Shown(self.name, self.client, self.address, listed(found[1])[0], found[0])

    def file(self, kind: str, query: str = "") -> list[list[Any]]:
        """The saved sheet, heading first."""
        answer = self.client.get(f"{self.address}?export={kind}&{query}")
        raw = b"".join(answer.streaming_content)
        if kind == "csv":
            return list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
        return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()


def person_with_every_hat(organisation: Organisation) -> Client:
    """Somebody who may see every page there is at the organisation."""
    person, made = Person.objects.get_or_create(login=f"hats-{organisation.slug}", name="Alle Hattar")
    for role in ROLES if made else ():
        RoleAssignment._base_manager.create(organisation=organisation, person=person, role=role)
    client = Client()
    client.force_login(person)
    return client


def open_page(client: Client, address: str) -> tuple[str, Any] | None:
    """(the page, the answer), or None where there is no page for this person."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return None
    return answer.content.decode(), answer


def listed(answer: Any) -> list[Listing]:
    """The lists that the page was made of and that it shows with a search row or a pager."""
    parts = {"web/parts/pager.html", "web/parts/list_search.html"}
    if not parts & {one.name for one in answer.templates}:
        return []
    found: dict[int, Listing] = {}
    for context in answer.context:
        for layer in context.dicts:
            found |= {id(one): one for one in layer.values() if isinstance(one, Listing)}
    return list(found.values())


def places(name: str, names: tuple[str, ...], slug: str) -> Iterator[str]:
    """The addresses of a page at an organisation: one, or one for each of the first few objects."""
    if not names:
        yield reverse(name, kwargs={"slug": slug})
    elif name == "coding:responsibility":
        line = BudgetLine._base_manager.filter(buyer__slug=slug).first()
        if line:
            fill = {"year": line.year, "responsibility": BudgetKey.parse(line.key).responsibility}
            yield reverse(name, kwargs={"slug": slug, **fill})
    else:
        for params in values(names, name.startswith("portal:")):
            yield reverse(name, kwargs={"slug": slug, **params})


def pages(world: World, name: str, names: tuple[str, ...]) -> Iterator[tuple[Client, str, str, Any]]:
    """(client, address, page, answer) wherever the page is open to somebody with every role."""
    for house in HOUSES:
        organisation = getattr(world, house)
        client = person_with_every_hat(organisation)
        for address in places(name, names, organisation.slug):
            found = open_page(client, address)
            if found:
                yield client, address, *found


def shown(world: World, name: str, names: tuple[str, ...]) -> list[Shown]:
    """The lists of a page, the longest first."""
    found = [
        Shown(name, client, address, rows, page)
        for client, address, page, answer in pages(world, name, names)
        for rows in listed(answer)
    ]
    return sorted(found, key=lambda one: -one.rows.total)


def keys(rows: Any) -> list[str]:
    """What tells rows apart, in their order."""
    return [str(getattr(row, "pk", None) or repr(row)) for row in rows]


def is_list(one: Shown) -> bool:
    """Not the lines of one paper, which page but stand in the paper's order."""
    return bool(one.rows.searchable or one.name not in NO_LIST)


EVERY = [pytest.param(name, names, id=name) for _pattern, name, names in ALL if name not in FILES]


@pytest.mark.parametrize(("name", "names"), EVERY)
def test_a_table_is_a_list_or_is_named_with_its_reason(played, name, names):  # noqa: F811
    world, _stranger = played
    for _client, address, page, answer in pages(world, name, names):
        tables = page.count('<table class="ds-table av-table"')
        lists_here = [one for one in listed(answer) if one.rows]
        assert tables <= len(lists_here) or name in NO_LIST, (address, tables)


@pytest.mark.parametrize(("name", "names"), EVERY)
def test_a_list_keeps_the_law(played, monkeypatch, name, names):  # noqa: F811
    world, _stranger = played
    found = [one for one in shown(world, name, names) if is_list(one)]
    if not found or name in OWN_SEARCH:
        return
    one = found[0]
    assert one.rows.searchable, "it has no search"
    assert one.rows.filters or name in WITHOUT_FILTER, "it has no filter"
    assert one.rows.sortable, "it has no sort"
    assert one.rows.exports or name in NOT_SAVED, "it is not saved as a sheet"
    assert 'class="av-search"' in one.page or not one.rows.rows
    sorts_both_ways(one)
    says_when_nothing_fits(one)
    for other in found[:1]:
        nonsense_breaks_nothing(other)
    if one.rows.exports:
        is_saved_as_it_is_shown(one)
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    pages_to_the_end(one)


def sorts_both_ways(one: Shown) -> None:
    plain = one.ask()
    for query in ("sort=nonsense", "sort=-nonsense", "sort=pk", "sort="):
        other = one.ask(query)
        assert (other.rows.sort, keys(other.rows.found)) == (plain.rows.sort, keys(plain.rows.found)), query
    for key in sorted(one.rows.sortable):
        up, down = one.ask(f"sort={key}"), one.ask(f"sort=-{key}")
        assert (up.rows.sort, down.rows.sort) == (key, f"-{key}")
        assert keys(up.rows.found) == keys(down.rows.found)[::-1], f"{key} is not turned round"
        if isinstance(up.rows.found, QuerySet):
            assert up.rows.found.query.order_by[-1] == "pk", f"equal rows of {key} may change places"
        if up.rows.rows and key != plain.rows.sort.lstrip("-"):
            assert f"sort=-{key}" in up.page, f"no heading sorts by {key}"
        assert key in one.rows.few or one.name in BOUNDED or gives_order(up.rows.found), (
            f"no index gives {key}"
        )


def gives_order(found: Any) -> bool:
    """An index gives the order (SQLite says so; on PostgreSQL small tables are always read whole)."""
    if not isinstance(found, QuerySet) or connection.vendor != "sqlite":
        return True
    return "TEMP B-TREE FOR ORDER BY" not in found.all()[:26].explain()


def says_when_nothing_fits(one: Shown) -> None:
    none = one.ask("q=finst-ikkje-i-heile-verda")
    assert not none.rows.rows and none.rows.narrowed
    assert 'class="av-empty"' in none.page and "<table" not in none.page.split('class="av-empty"')[0][-200:]
    assert 'value="finst-ikkje-i-heile-verda"' in none.page, "the words are gone, and cannot be mended"
    assert 'class="av-pager"' not in none.page.split('class="av-empty"')[0][-200:]


def nonsense_breaks_nothing(one: Shown) -> None:
    for query in (*NONSENSE, *asked_of(one)):
        answer = one.client.get(f"{one.address}?{query}")
        assert answer.status_code == 200, (one.address, query)
        assert answer["Content-Type"].startswith("text/html"), (one.address, query)


def asked_of(one: Shown) -> Iterator[str]:
    """Each choice of each filter, with what is not among them; each sort both ways."""
    for each in one.rows.filters:
        for value in [*(str(value) for value, _text in each.choices), "nonsense", "' OR 1=1 --"]:
            yield f"{each.name}={unescape(value)}".replace(" ", "+").replace("#", "")
    for key in sorted(one.rows.sortable):
        yield f"sort={key}&q=a&page=3"


def pages_to_the_end(one: Shown) -> None:
    first = one.ask()
    whole = keys(first.rows.found or first.rows.rows)
    if not isinstance(one.rows.found, (QuerySet, list)) or not whole or first.rows.size != 2:
        return  # a list with its own pages
    last = math.ceil(len(whole) / 2)
    read = [one.ask(f"page={number}") for number in sorted({1, 2, 3, last} & set(range(1, last + 1)))]
    for page in read:
        start = (page.rows.page - 1) * 2
        assert keys(page.rows.rows) == whole[start : start + 2]
        assert ('rel="prev"' in page.page) == (page.rows.page > 1)
        assert ('rel="next"' in page.page) == (page.rows.page < last)
    for number in (last + 1, 99_999_999):
        beyond = one.ask(f"page={number}")
        assert (beyond.rows.page, keys(beyond.rows.rows)) == (last, whole[(last - 1) * 2 :])


def is_saved_as_it_is_shown(one: Shown) -> None:
    choices = [f"{each.name}={each.choices[0][0]}" for each in one.rows.filters if each.choices]
    for query in ("", "q=finst-ikkje", "sort=nonsense&page=9", *choices):
        rows = one.ask(query).rows.found
        with CaptureQueriesContext(connection) as asked:
            sheet = one.file("csv", query)
        assert len(asked) <= 12, (one.address, query)
        assert len(sheet) == 1 + len(rows), (one.address, query)
    assert len(one.file("xlsx")) == 1 + len(one.rows.found)
    assert [str(cell) for cell in one.file("xlsx")[0]] == one.file("csv")[0]


@pytest.mark.parametrize(("name", "names"), EVERY)
def test_what_would_be_a_formula_is_a_text_in_the_saved_sheet(played, name, names):  # noqa: F811
    world, _stranger = played
    found = [one for one in shown(world, name, names) if one.rows.exports]
    if not found:
        return
    for model in (Organisation, Unit, Person):
        model._base_manager.update(name=Concat(Value(FORMULA), F("name")))
    for model, field in ((Invoice, "seller_name"), (Message, "other_name"), (SalesOrder, "buyer_name")):
        model._base_manager.update(**{field: FORMULA})
    Order._base_manager.update(note=FORMULA, marking="@SUM(A1)", requester_name="+1+1")
    seen = False
    for kind in ("csv", "xlsx"):
        for row in found[0].file(kind)[1:]:
            for cell in row:
                text = cell if isinstance(cell, str) else ""
                seen |= text.startswith("'=")
                number = kind == "csv" and re.fullmatch(r"-[\d,]+", text)
                assert number or not text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), (
                    name,
                    kind,
                    text,
                )
    assert seen or name in NO_NAMES or not found[0].rows.total, "no name stands in it: is it the right list?"


def test_an_empty_list_says_so(played):  # noqa: F811
    _world, stranger = played
    client = Client()
    client.force_login(stranger)
    judged = 0
    for _pattern, name, names in ALL:
        found = None if names else open_page(client, reverse(name, kwargs={"slug": "framand"}))
        for rows in listed(found[1]) if found else ():
            if not rows.rows and name not in WITHOUT_FILTER:
                judged += 1
                assert 'class="av-empty"' in found[0], name
    assert judged >= 15


def test_the_lists_of_every_role_are_found(played):  # noqa: F811
    """A change in how lists are found must not make this file judge nothing."""
    world, _stranger = played
    found = {
        name for name, names in (one.values for one in EVERY) if any(map(is_list, shown(world, name, names)))
    }
    assert len(found) >= 25, sorted(found)
    saved = {"ordering:list", "invoicing:list", "matching:deviations", "accounting:postings", "delivery:list",
             "messaging:log", "journal:cases", "agreements:list", "suppliers:list", "accounting:batches",
             "ordering:uncoded", "portal:orders", "portal:invoices"}  # fmt: skip
    assert not saved & set(NOT_SAVED)


def test_somebody_elses_list_is_not_saved(played):  # noqa: F811
    world, _stranger = played
    for who, other, name in (("bremnes", "fjell", "ordering:list"), ("kontor", "storhus", "portal:orders")):
        address = reverse(name, kwargs={"slug": getattr(world, who).slug})
        assert person_with_every_hat(getattr(world, other)).get(f"{address}?export=csv").status_code == 404


def test_a_list_of_facts_is_turned_round_with_equal_rows_in_place():
    request = RequestFactory()
    rows = [{"n": n, "k": n % 2} for n in range(6)]
    up, down = (
        lists.listing(request.get("/", {"sort": sort}), rows, sort={"k": "k"}, default="k")
        for sort in ("k", "-k")
    )
    assert [row["n"] for row in up] == [0, 2, 4, 1, 3, 5]
    assert [row["n"] for row in down] == [5, 3, 1, 4, 2, 0]


def test_a_long_list_is_counted_no_further_than_the_limit_and_has_all_its_pages(played, monkeypatch):  # noqa: F811
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
