"""The demo region, filled by the real operations: what is in it holds; every page keeps its budget."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from avrop.accounting.models import Posting
from avrop.commitments.queries import check
from avrop.demo.fill import fill
from avrop.journal import audit
from avrop.journal.models import Case, Delivery
from avrop.kernel.ports import originals
from avrop.matching.models import Deviation, Match
from avrop.messaging.models import Message
from avrop.ordering.models import Order
from avrop.project.setup.write import apply
from avrop.requisition.models import Requisition
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
    """The region with its year of purchases."""
    fill(seed=2026, set_up=apply, progress=lambda text: None)


def states(model: type, *names: str) -> Counter:
    """How many rows are in each state, across the region."""
    with everything("the demo's end states"):
        return Counter(model.objects.values_list(*names, flat=len(names) == 1))


def test_purchases_end_in_different_places_and_everything_adds_up(demo: None) -> None:
    baskets = states(Requisition, "state")
    assert baskets["approved"] >= 40
    assert {"draft", "submitted", "returned", "withdrawn"} <= set(baskets)
    assert {"awaited", "accepted", "proposed", "rejected", "changed"} <= set(states(Order, "response_state"))
    assert set(states(Order, "receipt_state")) == {"none", "partial", "full"}
    matches = states(Match, "state")
    assert set(matches) == {
        "approved", "deviation", "matched", "awaiting_receipt", "without_order", "rejected"
    }  # fmt: skip
    assert {"PRICE", "FEE", "QUANTITY"} <= {
        code for code, state in states(Deviation, "code", "state") if state == "open"
    }
    assert states(Posting, "state") == {"posted": states(Posting, "state")["posted"], "ready": 1}
    assert set(states(Delivery, "state")) == {"done"}
    assert states(Case, "kind") == {"invoice_without_order": 3, "bad_message": 1}
    report = audit.verify()
    assert report.ok, report.places[:5]
    with everything("every account"):
        assert check() == []


@pytest.mark.shared
def test_every_invoice_and_order_of_the_demo_holds_the_official_rules(demo: None, shared, tmp_path) -> None:
    registry = Registry(tmp_path)
    registry.install(shared / "standards")
    kinds = ("order", "order_response", "invoice", "invoice_response")
    with everything("every original"):
        rows = list(
            Message.objects.filter(direction="in", document_type__in=kinds).values_list("number", "sha256")
        )
    assert len(rows) > 100
    for number, sha256 in rows:
        _header, document = sbdh.unwrap(gate.admit(originals().get(sha256)).root)
        verdict = registry.judge(document)
        fatal = [f.as_dict() for f in verdict.findings if f.severity == "fatal"]
        assert verdict.valid and not fatal, (number, fatal)


def test_every_page_that_people_are_led_to_opens_within_its_statements(demo: None) -> None:
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
