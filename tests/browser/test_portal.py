"""A supplier's clerk answers an order and sends the invoice in two clicks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avrop.portal.models import SalesInvoice
from avrop.portal.tests.letters import Line, order_of, take
from tests.browser.accessible import assert_accessible
from tests.browser.people import log_in

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_order_is_accepted_and_invoiced_in_two_clicks(page: Page, live_server: LiveServer, world) -> None:
    take(world, order_of(world, Line("10", "52.90"), Line("2", "49.90", "15", name="Kaffi")))
    log_in(page, live_server.url, world, "selma")
    page.goto(live_server.url + "/o/kontor/sal/")
    assert_accessible(page)
    page.get_by_role("link", name="2026-00001").click()
    assert_accessible(page)
    page.get_by_role("button", name="Godta alt").click()
    page.get_by_role("link", name="Lag faktura").click()
    assert_accessible(page)
    page.get_by_role("button", name="Send faktura").click()
    expect(page.get_by_role("status")).to_contain_text("Fakturaen er send")
    assert_accessible(page)
    # 529.00 + 132.25 and 99.80 + 14.97
    assert SalesInvoice._base_manager.get().gross == 776_02


def test_enter_in_a_quantity_counts_anew_and_sends_nothing(
    page: Page, live_server: LiveServer, world
) -> None:
    take(world, order_of(world, Line("10", "50")))
    log_in(page, live_server.url, world, "selma")
    page.goto(live_server.url + "/o/kontor/sal/")
    page.get_by_role("link", name="2026-00001").click()
    page.get_by_role("button", name="Godta alt").click()
    page.get_by_role("link", name="Lag faktura").click()
    page.locator("input[name=quantity_1]").fill("2,5")
    page.locator("input[name=quantity_1]").press("Enter")
    expect(page.locator("main")).to_contain_text("156,25")
    assert not SalesInvoice._base_manager.exists()
