"""The demo region, filled by the real operations: what is in it holds; every page keeps its budget."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avrop.accounting.models import Posting, PostingBatch
from avrop.catalogue.models import CatalogueVersion, PriceList
from avrop.commitments.queries import check
from avrop.delivery.models import Receipt
from avrop.demo.fill import fill
from avrop.demo.progress import REST
from avrop.journal import audit
from avrop.journal.models import Delivery
from avrop.kernel.ports import originals
from avrop.matching.defaults import kinds
from avrop.matching.models import Deviation, Match
from avrop.messaging.models import Message
from avrop.ordering.models import Order, OrderChange, TakenOver
from avrop.project.setup.write import apply
from avrop.requisition.models import Requisition
from avrop.suppliers.models import AccountConfirmation
from avrop.tenancy.models import Person
from avrop.tenancy.queries import organisations_of
from avrop.tenancy.scope import everything
from avrop.ubl import gate, sbdh
from avrop.ubl.rulesets import Registry

STATEMENTS = 15  # the most a page may cost
PAGES_EACH = 25  # pages looked at for each person

# One outer transaction around thousands of deliveries is what PostgreSQL cannot clean up behind (minutes instead of
# seconds); the same operations run there purchase by purchase in the other stories and in benchmarks/chain.py.
pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def demo(db) -> None:
    """The region with the purchases that are there when somebody first looks."""
    fill(seed=2026, set_up=apply, progress=lambda text: None, until=REST)


@pytest.fixture
def year(db) -> None:
    """The region with its whole year."""
    fill(seed=2026, set_up=apply, progress=lambda text: None)


def states(model: type, *names: str) -> Counter:
    """How many rows are in each state, across the region."""
    with everything("the demo's end states"):
        return Counter(model.objects.values_list(*names, flat=len(names) == 1))


def holds() -> None:
    """Everything has been delivered, adds up, and is chained."""
    assert set(states(Delivery, "state")) == {"done"}
    report = audit.verify()
    assert report.ok, report.places[:5]
    with everything("every account"):
        assert check() == []


KINDS = set(kinds()) - {"CURRENCY", "CREDIT_LINE"}  # nobody here sells in euro


def test_purchases_end_in_different_places_and_everything_adds_up(demo: None) -> None:
    baskets = states(Requisition, "state")
    assert baskets["approved"] >= 75
    assert {"draft", "submitted", "returned", "withdrawn"} <= set(baskets)
    assert {"awaited", "accepted", "proposed", "rejected", "changed"} <= set(states(Order, "response_state"))
    assert set(states(Order, "receipt_state")) == {"none", "partial", "full"}
    assert {"", "cancelled", "closed"} == set(states(Order, "ended"))
    assert {"awaiting", "accepted", "declined"} <= set(states(OrderChange, "state"))
    assert {"receipt", "return"} <= set(states(Receipt, "kind"))
    assert set(states(Match, "state")) == {
        "approved", "deviation", "matched", "awaiting_receipt", "without_order", "rejected", "disputed",
        "awaiting_credit", "without_original",
    }  # fmt: skip
    assert set(states(Deviation, "code")) == KINDS
    assert {"posted", "ready", "released"} <= set(states(Posting, "state"))
    assert {"answered", "partly", "sent"} <= set(states(PostingBatch, "state"))
    assert {"open", "confirmed", "rejected"} <= set(states(AccountConfirmation, "state"))
    assert states(TakenOver, "order__invoice_state").total() == 3
    assert "in_review" in states(CatalogueVersion, "state") and "open" in states(PriceList, "state")
    holds()


@pytest.mark.slow
def test_the_whole_year_has_three_hundred_purchases_and_adds_up(year: None) -> None:
    baskets = states(Requisition, "state")
    assert 290 <= baskets.total() <= 360
    assert baskets["approved"] >= 280
    assert states(Match, "state")["approved"] >= 230
    assert set(states(Deviation, "code")) == KINDS
    assert states(Posting, "state")["posted"] >= 200
    holds()


@pytest.mark.shared
def test_every_invoice_and_order_of_the_demo_holds_the_official_rules(demo: None, shared, tmp_path) -> None:
    registry = Registry(tmp_path)
    registry.install(shared / "standards")
    exchanged = (
        "order", "order_response", "order_response_advanced", "order_change", "order_cancellation", "invoice",
        "credit_note", "invoice_response",
    )  # fmt: skip
    with everything("every original"):
        rows = list(
            Message.objects.filter(direction="in", document_type__in=exchanged).values_list(
                "number", "sha256"
            )
        )
    assert len(rows) > 100
    for number, sha256 in rows:
        _header, document = sbdh.unwrap(gate.admit(originals().get(sha256)).root)
        verdict = registry.judge(document)
        fatal = [f.as_dict() for f in verdict.findings if f.severity == "fatal"]
        assert verdict.valid and not fatal, (number, fatal)


def test_every_page_that_people_are_led_to_opens_within_its_statements(demo: None) -> None:
    everybody_walks()


@pytest.mark.slow
def test_every_page_opens_within_its_statements_with_the_whole_year_behind_it(year: None) -> None:
    everybody_walks()


def everybody_walks() -> None:
    """Each person follows the links from their first page."""
    faults, walked = [], 0
    for person in Person.objects.order_by("login"):
        for slug, _name, _kind in organisations_of(person.id):
            found, count = walk(person, slug)
            faults += found
            walked += count
    assert faults == []
    assert walked > 500


def walk(person: Person, slug: str) -> tuple[list[str], int]:
    """Follow the links from the person's first page, breadth first: what is wrong, how many."""
    client = Client()
    client.force_login(person, backend="avrop.tenancy.login.LocalLogin")
    home = f"/o/{slug}/"
    waiting, seen, faults = [home], set(), []
    while waiting and len(seen) < PAGES_EACH:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        with CaptureQueriesContext(connection) as statements:
            response = client.get(address)
        if response.status_code == 302:
            waiting.insert(0, response.headers["Location"])
        elif response.status_code != 200 or len(statements) > STATEMENTS:
            faults.append(f"{person.login} {address}: {response.status_code}, {len(statements)} statements")
        if "html" in response.headers.get("Content-Type", ""):
            links = re.findall(r'href="(/o/[^"#]*)', response.content.decode())
            waiting += [link for link in map(unescape, links) if link.startswith(home)]
    return faults, len(seen)
