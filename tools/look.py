"""Look at pages: log in as a demo person, save pictures, and say what a machine can see is wrong.

    .venv/bin/python tools/look.py OUTDIR --base http://127.0.0.1:8000 --as LOGIN --password WORD
    /o/fjord/orders/ ...

Saves each address at 1280 and 360 px in nynorsk and English (`--languages nn,nb,en`, `--widths 1280,360`) and
prints a line for every console error, failed request, sideways overflow (also at 320 px) and axe violation.
Exit 1 if any.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("AVROP_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
]
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def log_in(page: Page, base: str, login: str, password: str, at: str) -> None:
    """Fill in the login form at `at` as a person would."""
    page.goto(base + at)
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password])").locator("button[type=submit]").first.click()
    page.wait_for_load_state()


def faults(page: Page) -> list[str]:
    """Sideways overflow at this width, and axe's violations."""
    found = []
    if (over := page.evaluate(OVERFLOW)) > 0:
        found.append(f"sideways overflow of {over} px")
    result = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    for violation in result.response["violations"]:
        nodes = "; ".join(node["html"][:140] for node in violation["nodes"][:3])
        found.append(f"axe {violation['id']} ({violation['impact']}): {violation['help']}: {nodes}")
    return found


def look(context: BrowserContext, options: argparse.Namespace, language: str) -> list[str]:
    """Every address in one language; the lines to print."""
    lines = []
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    for address in options.addresses:
        name = re.sub(r"[^\w]+", "-", address).strip("-") or "first"
        for width in [int(part) for part in options.widths.split(",")]:
            page.set_viewport_size({"width": width, "height": 900})
            response = page.goto(options.base + address)
            page.screenshot(path=str(options.out / f"{name}-{language}-{width}.png"), full_page=True)
            status = response.status if response else 0
            seen = [*trouble, *faults(page)] + ([f"HTTP {status}"] if status >= 400 else [])
            lines += [f"{address} {language} {width}: {fault}" for fault in seen]
            trouble.clear()
        page.set_viewport_size({"width": 320, "height": 900})
        if (over := page.evaluate(OVERFLOW)) > 0:
            lines.append(f"{address} {language} 320: sideways overflow of {over} px")
    return lines


def context_for(browser: Browser, options: argparse.Namespace, language: str) -> BrowserContext:
    """A browser session in this language, logged in when a person is named."""
    context = browser.new_context(locale=language)
    context.add_cookies([{"name": "avrop_language", "value": language, "url": options.base}])
    if options.login:
        log_in(context.new_page(), options.base, options.login, options.password, options.login_at)
    return context


def main() -> int:
    """Command line; see the module's own words."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--as", dest="login", default="")
    parser.add_argument("--password", default="demo")
    parser.add_argument("--login-at", default="/login/")
    parser.add_argument("--languages", default="nn,en")
    parser.add_argument("--widths", default="1280,360")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        lines = []
        for language in options.languages.split(","):
            lines += look(context_for(browser, options, language), options, language)
        browser.close()
    print("\n".join(lines) or "nothing a machine can see is wrong")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
