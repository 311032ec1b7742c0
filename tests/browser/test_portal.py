"""A supplier's clerk answers an order and sends the invoice in two clicks."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avrop.portal import operations
from avrop.portal.models import SalesInvoice
from avrop.portal.tests.letters import (
    Line,
    as_clerk,
    billed,
    change_of,
    order_of,
    sent_advanced,
    take,
    take_change,
)
from avrop.ubl.documents.order import PROFILE_ADVANCED
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


def test_a_part_of_an_invoice_is_credited_on_a_phone(page: Page, live_server: LiveServer, world) -> None:
    ident = billed(world, Line("10", "50"), Line("2", "24.50", name="Ringperm"))
    log_in(page, live_server.url, world, "selma")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{live_server.url}/o/kontor/sal/fakturaer/{ident}/")
    assert_accessible(page)
    page.get_by_role("link", name="Lag kreditnota").click()
    page.locator("input[name=quantity_1]").fill("2,5")
    page.locator("input[name=quantity_1]").press("Enter")  # counts anew and sends nothing
    page.locator("textarea[name=reason]").fill("Våte pakkar i retur")
    page.get_by_role("button", name="Rekn ut på nytt").click()
    expect(page.locator("main")).to_contain_text("156,25")
    assert_accessible(page)
    page.get_by_role("button", name="Send kreditnota").click()
    expect(page.get_by_role("status")).to_contain_text("Kreditnotaen er send")
    assert_accessible(page)
    assert SalesInvoice._base_manager.get(kind="credit_note").gross == 156_25


def test_a_change_is_answered_line_by_line_by_keyboard(page: Page, live_server: LiveServer, world) -> None:
    document = order_of(
        world, Line("10", "52.90"), Line("2", "24.50", name="Ringperm"), profile=PROFILE_ADVANCED
    )
    order = take(world, document)
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
    take_change(world, change_of(document, ("1", "3", Line("20", "52.90")), ("2", "2", Line())))
    log_in(page, live_server.url, world, "selma")
    page.goto(live_server.url + "/o/kontor/sal/")
    assert_accessible(page)
    page.get_by_role("table", name="Endringar å svare på").get_by_role("link").click()
    assert_accessible(page)
    page.locator("input[name=decline_2]").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send svaret").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Kjøparen har fått svar")
    assert_accessible(page)
    assert [line.status_code for line in sent_advanced(world).lines] == ["5", "3"]
