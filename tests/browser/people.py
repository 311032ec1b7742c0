"""Who sits at the browser."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.browser.accessible import speak
from tests.world import World


def log_in(page: Page, base: str, world: World, login: str, language: str = "nn") -> None:
    """The person's session in the browser, without the login page."""
    client = Client()
    client.force_login(world.people[login])
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": base}])
    speak(page, base, language)
