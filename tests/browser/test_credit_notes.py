"""The clerk's pages of credit notes, disputes and twins in the browser: axe at two widths, and the buttons work."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from avrop.journal.worker import run_until_idle
from tests.browser.accessible import assert_accessible
from tests.browser.people import log_in
from tests.stories.purchase import Line
from tests.stories.test_credit_notes import PAPER, bill, credit, match_id, paper, states, switch_off

pytestmark = pytest.mark.django_db(transaction=True)
HALF = Line("5", "52.90", "40-2210", name="Kopipapir", order_line="1")


def look(page: Page, name: str) -> None:
    """A picture for the developer who asks for it."""
    folder = os.environ.get("AVROP_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_clerk_asks_finds_and_tells_apart(page: Page, live_server: LiveServer, world) -> None:
    purchase = paper(world)
    base = f"{live_server.url}/o/bremnes/avvik"
    bill(purchase, Line("10", "60.00", "40-2210", name="Kopipapir", order_line="1"))
    log_in(page, live_server.url, world, "fakta")
    page.goto(f"{base}/{match_id(world, '9001')}/")
    assert_accessible(page)
    look(page, "deviation")
    for form in ("Be om kreditnota", "Bestrid fakturaen", "Avvis heile fakturaen"):
        page.get_by_text(form).first.click()
    assert_accessible(page)  # with every form open: targets of 24 px that do not touch (WCAG 2.5.8)
    page.locator("#ask_amount").fill("88,75")
    page.locator("#ask_reason").fill("Prisen er 52,90 etter avtalen")
    look(page, "ask")
    page.get_by_role("button", name="Spør leverandøren").click()
    expect(page.get_by_role("status")).to_contain_text("beden om ein kreditnota")
    run_until_idle()
    page.reload()
    assert_accessible(page)
    look(page, "awaiting")
    credit(purchase, Line("1", "7.10", "40-2210", name="Prisavslag"), of=None)
    page.goto(f"{base}/waiting/")
    assert_accessible(page)
    look(page, "waiting")
    page.get_by_role("link", name="K-1").click()
    assert_accessible(page)
    page.get_by_role("link", name="Finn fakturaen").click()
    assert_accessible(page)
    look(page, "original")
    page.get_by_label("Vel faktura 9001").check()
    page.get_by_role("button", name="Kreditnotaen gjeld desse").click()
    run_until_idle()
    page.reload()
    assert_accessible(page)
    look(page, "credit")
    assert states(world) == {"9001": "awaiting_credit", "K-1": "awaiting_original"}


def test_twins_and_clean_pairs_are_seen_side_by_side(page: Page, live_server: LiveServer, world) -> None:
    purchase = paper(world)
    base = f"{live_server.url}/o/bremnes/avvik"
    bill(purchase, HALF, number="INV-001")
    bill(purchase, HALF, number="INV001")
    log_in(page, live_server.url, world, "fakta")
    page.goto(f"{base}/{match_id(world, 'INV001')}/")
    assert_accessible(page)
    look(page, "twins")
    page.get_by_role("button", name="Det er eit duplikat").click()
    run_until_idle()
    assert states(world)["INV001"] == "rejected"
    switch_off(world)
    credit(purchase, HALF, of="INV-001")
    bill(purchase, PAPER, number="9002")
    page.goto(f"{live_server.url}/o/bremnes/fakturaer/")
    assert_accessible(page)
    look(page, "invoices")
    page.goto(f"{base}/{match_id(world, 'K-1')}/")
    assert_accessible(page)
    look(page, "credit_alone")
    log_in(page, live_server.url, world, "radmann")
    page.goto(f"{base}/clean/")
    assert_accessible(page)
    look(page, "clean")
