"""The list of orders to mend, and the page where an accountant gives the coding."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from avrop.ordering import queries
from avrop.ordering.takeover import operations
from avrop.ordering.tests.open_orders import line, order
from avrop.ordering.tests.test_take_over import take
from avrop.tenancy.scope import as_system

SCHOOL = {"account": "11000", "responsibility": "210", "function": "20200", "vat_treatment": "compensated"}


@pytest.fixture
def uncoded(world) -> operations.Result:
    lines = (line(coding="XK-77"), line("2", "4", "24.50", item="40-3310", name="Ringperm", coding=None))
    return take(world, order(world.bremnes, world.kontor, *lines))


def client(world, login: str = "rekna") -> Client:
    made = Client(headers={"accept-language": "en"})
    made.force_login(world.people[login])
    return made


def url(name: str, slug: str = "bremnes", **kwargs) -> str:
    return reverse(f"ordering:{name}", kwargs={"slug": slug, **kwargs})


def page(world, address: str, login: str = "rekna") -> str:
    browser = client(world, login)
    with CaptureQueriesContext(connection) as counted:
        answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    assert len(counted) <= 14, "\n".join(q["sql"][:150] for q in counted)  # two of them are the test client's
    return answer.content.decode()


def test_the_list_is_searched_and_narrowed_to_a_supplier(world, uncoded) -> None:
    take(world, order(world.bremnes, world.storhus, line(coding=None), number="LAST-1"))
    take(world, order(world.bremnes, world.kontor, number="CODED-1"))
    text = page(world, url("uncoded"))
    assert "UB-88123" in text and "LAST-1" in text and "CODED-1" not in text
    assert "UB-88123" not in page(world, url("uncoded") + "?q=last")
    assert "LAST-1" not in page(world, url("uncoded") + f"?supplier={world.kontor.id}")


def test_the_lines_are_shown_with_what_the_other_system_said_and_the_units_suggestion(world, uncoded) -> None:
    text = page(world, url("code", order_id=uncoded.order_id))
    assert "XK-77" in text and "Ringperm" in text
    assert '<option value="11000" selected' in text and '<option value="20200" selected' in text


def test_the_accountant_codes_one_line_and_then_the_rest(world, uncoded) -> None:
    address = url("code", order_id=uncoded.order_id)
    answer = client(world).post(address, {"lines": ["1"], **SCHOOL}, follow=True)
    assert answer.redirect_chain[-1][0] == address
    answer = client(world).post(address, {"lines": ["2"], **SCHOOL}, follow=True)
    assert answer.redirect_chain[-1][0] == url("uncoded")
    assert "Every order has its coding" in answer.content.decode()
    with as_system(world.bremnes.id):
        found = queries.order(uncoded.order_id)
    assert found is not None and all(one.coding.complete for one in found.lines)


def test_nothing_chosen_is_said_at_the_field(world, uncoded) -> None:
    text = client(world).post(url("code", order_id=uncoded.order_id), {}).content.decode()
    assert "error" in text.lower()


def test_who_may_look_but_not_change_has_no_form(world, uncoded) -> None:
    text = page(world, url("code", order_id=uncoded.order_id), "revisor")
    assert "UB-88123" in text and '<form method="post" class="av-form"' not in text
    answer = client(world, "revisor").post(url("code", order_id=uncoded.order_id), {"lines": ["1"], **SCHOOL})
    assert answer.status_code == 403


def test_strangers_find_nothing(world, uncoded) -> None:
    browser = client(world, "finn")
    assert browser.get(url("code", "fjell", order_id=uncoded.order_id)).status_code == 404
    assert "UB-88123" not in browser.get(url("uncoded", "fjell")).content.decode()
    assert client(world, "selma").get(url("uncoded")).status_code == 404


def test_the_budget_shows_what_has_no_coding_and_leads_to_the_list(world, uncoded) -> None:
    text = client(world).get(reverse("coding:budget", kwargs={"slug": "bremnes"})).content.decode()
    assert url("uncoded") in text and "627" in text


def test_the_order_page_and_its_thread_show_the_taken_over_order(world, uncoded) -> None:
    text = page(world, url("order", order_id=uncoded.order_id), "berit")
    assert "UB-88123" in text and "Gamle skulen" in text and "Without coding" in text
    with as_system(world.bremnes.id):
        found = queries.order(uncoded.order_id)
    assert found is not None
    thread = reverse("desk:thread", kwargs={"slug": "bremnes", "stream": found.stream})
    text = client(world, "radmann").get(thread).content.decode()
    assert "UB-88123" in text and "Taken over from another system" in text
    original = client(world, "berit").get(url("xml", order_id=uncoded.order_id))
    assert b"UB-88123" in original.content
