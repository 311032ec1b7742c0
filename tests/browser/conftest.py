"""Debian's Chromium against a live server. Where it is missing, the tests say so and are skipped."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Playwright's own loop runs in this thread, and Django would take every query for one in a coroutine.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]


def chromium() -> str | None:
    """Debian's Chromium, or AVROP_CHROMIUM."""
    named = os.environ.get("AVROP_CHROMIUM", "/usr/bin/chromium")
    return named if Path(named).is_file() else shutil.which("chromium")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives the browser."""
    here = Path(__file__).parent
    missing = pytest.mark.skip(reason="MISSING: Chromium (apt-get install chromium, or AVROP_CHROMIUM=path)")
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if chromium() is None:
                item.add_marker(missing)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Chromium from Debian; nothing is downloaded."""
    return {"executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(autouse=True)
def _no_trouble_in_the_console(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that breaks the content policy, misses a file or throws fails its test."""
    if "page" not in request.fixturenames:
        yield
        return
    page = request.getfixturevalue("page")
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield
    allowed = request.node.get_closest_marker("console_errors")
    assert allowed or trouble == [], trouble
