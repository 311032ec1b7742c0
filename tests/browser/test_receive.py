"""Goods are received on a phone: 360 px wide, by thumb, and also with script switched off."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from avrop.delivery.models import Receipt
from avrop.delivery.tests.orders import MICRO, place
from tests.browser.accessible import assert_accessible
from tests.browser.people import log_in

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 360, "height": 740}
THUMB = 44  # px, the least width and height of what a thumb shall hit


def test_two_missing_are_counted_down_by_thumb_and_the_rest_is_received(
    page: Page, live_server: LiveServer, world
) -> None:
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    page.set_viewport_size(PHONE)
    log_in(page, live_server.url, world, "berit")
    page.goto(live_server.url + "/o/bremnes/varemottak/")
    page.get_by_role("link", name="Kontorvarer AS").click()
    assert_accessible(page)
    for _ in range(2):
        page.get_by_role("button", name="Éin mindre Vare 1").click()
    for _ in range(9):
        page.get_by_role("button", name="Éin meir Vare 2").click()
    expect(page.get_by_label("Mengd").first).to_have_value("8")
    expect(page.get_by_label("Mengd").last).to_have_value("3")  # never above what is open
    page.get_by_role("button", name="Registrer det som står her").click()
    expect(page.get_by_role("status")).to_contain_text("Varemottaket er registrert")
    assert_accessible(page)
    lines = (
        Receipt._base_manager.get(order=order).lines(manager="_base_manager").order_by("order_line__line_no")
    )
    assert [line.quantity for line in lines] == [8 * MICRO, 3 * MICRO]


def test_everything_a_thumb_shall_hit_is_large_enough(page: Page, live_server: LiveServer, world) -> None:
    order = place(world)
    page.set_viewport_size(PHONE)
    log_in(page, live_server.url, world, "berit")
    page.goto(f"{live_server.url}/o/bremnes/varemottak/ordre/{order.id}/")
    targets = page.locator(".dl-touch :is(button, input:not([type=hidden]), textarea)")
    assert targets.count() >= 5
    for at in range(targets.count()):
        box = targets.nth(at).bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= THUMB, targets.nth(at).inner_html()


def test_without_script_the_number_is_typed(browser: Browser, live_server: LiveServer, world) -> None:
    order = place(world)
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    log_in(page, live_server.url, world, "berit")
    page.goto(f"{live_server.url}/o/bremnes/varemottak/ordre/{order.id}/")
    expect(page.get_by_role("button", name="Éin mindre Vare 1")).to_be_hidden()
    page.get_by_label("Mengd").fill("2,5")
    page.get_by_role("button", name="Registrer det som står her").click()
    expect(page.get_by_role("status")).to_contain_text("Varemottaket er registrert")
    expect(page.locator("main")).to_contain_text("7,5 stk Vare 1")
    context.close()
