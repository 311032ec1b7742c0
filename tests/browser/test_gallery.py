"""Every component, in every language, through axe, the keyboard and a narrow window."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.accessible import assert_accessible, speak, violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.browser.urls")]


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_every_component_passes_axe_and_reflows_at_320_px(
    page: Page, live_server: LiveServer, language: str
) -> None:
    speak(page, live_server.url, language)
    page.goto(live_server.url + "/gallery/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_accessible(page)


def test_a_form_with_errors_passes_axe_and_its_summary_leads_to_the_fields(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + "/gallery/")
    page.fill("#id_amount", "mykje")
    page.locator("#form button[type=submit]").click()
    assert_accessible(page)
    page.locator(".av-errors a[href='#id_amount']").click()
    expect(page.locator("#id_amount")).to_be_focused()
    expect(page.locator("#id_amount")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_amount-error")).to_be_visible()


def test_the_language_is_changed_with_the_keyboard_alone_and_the_page_stays(
    page: Page, live_server: LiveServer
) -> None:
    speak(page, live_server.url, "nn")
    page.goto(live_server.url + "/gallery/?sort=-total")
    page.keyboard.press("Tab")
    expect(page.locator(".ds-skip-link")).to_be_focused()
    button = page.get_by_role("button", name="English")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/gallery/?sort=-total")


def test_on_a_phone_each_value_stands_beside_its_columns_heading(page: Page, live_server: LiveServer) -> None:
    speak(page, live_server.url, "nn")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(live_server.url + "/gallery/")
    cell = page.locator("tbody td.num").first
    assert cell.get_attribute("data-label") == "Mengd"
    assert cell.evaluate("e => getComputedStyle(e, '::before').content") == '"Mengd"'
    assert page.get_by_role("cell").count() > 10, "stacked rows are still a table to a screen reader"


def test_the_page_works_without_script(browser, live_server: LiveServer) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    speak(page, live_server.url, "nn")
    page.goto(live_server.url + "/gallery/")
    page.fill("#list-q", "kopipapir")
    page.locator(".av-search button").click()
    assert "q=kopipapir" in page.url
    expect(page.locator("tbody tr")).to_have_count(8)
    page.get_by_role("link", name="Neste").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    context.close()


@pytest.mark.console_errors
def test_a_planted_fault_is_found_by_axe_and_by_the_narrow_window(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(live_server.url + "/gallery/")
    page.evaluate("document.querySelector('label[for=id_reason]').remove()")
    assert any(line.startswith("label ") for line in violations(page))
    page.goto(live_server.url + "/gallery/")
    page.evaluate("document.querySelector('h1').style.minWidth = '900px'")
    with pytest.raises(AssertionError, match="sideways"):
        assert_accessible(page)
