"""What every page must pass: axe without a violation, and nothing sideways down to 320 px."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """axe's findings on the page as it stands, one line each."""
    result = Axe().run(
        page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    )
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']}: "
        + " | ".join(n["html"][:160] for n in rule["nodes"][:3])
        for rule in result.response["violations"]
    ]


def assert_accessible(page: Page) -> None:
    """axe at desktop width and at 320 px, where the page must not scroll sideways (WCAG 1.4.10 Reflow)."""
    size = page.viewport_size
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], f"{page.url} at {width} px"
    assert page.evaluate(OVERFLOW) <= 0, f"{page.url} scrolls sideways at 320 px"
    if size:
        page.set_viewport_size(size)


def speak(page: Page, base: str, language: str) -> None:
    """Choose the language of the pages that follow."""
    page.context.add_cookies([{"name": "avrop_language", "value": language, "url": base}])
