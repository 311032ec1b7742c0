"""Every page of the house, as every role meets it, in the demo region that `avrop demo` really serves.

The pages are found by walking links from each person's first page, so a page nobody can reach is a fault too.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import takewhile
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from avrop.tenancy.facts import ROLES
from tests.browser.accessible import OVERFLOW, speak, violations
from tests.browser.walk import ACTIONS, FILES, TOKEN, Walker, names

# One person for each role (and for each kind of organisation) of the demo region; see demo/tables/people.csv.
PEOPLE = {
    "kari.bestillar": {"requisitioner", "receiver"},
    "nina.nesbygda": {"requisitioner", "receiver", "approver"},
    "mari.omsorg": {"requisitioner", "receiver"},  # waits for the rest of an order
    "ola.rektor": {"approver"},
    "siri.faktura": {"invoice_clerk"},
    "bjorn.rekneskap": {"accountant"},
    "jorunn.faktura": {"accountant"},  # has an order without coding
    "randi.leverandor": {"vendor_master"},
    "hege.admin": {"buyer_admin"},
    "knut.revisor": {"auditor"},
    "ingrid.avtale": {"contract_owner"},
    "frode.samarbeid": {"coop_admin"},
    "selma.nordtrad": {"supplier_user"},  # has an order to answer
    "kjell.kontor": {"supplier_user"},
    "plattform.drift": {"platform_operator"},
}
HOME = "/o/havdal/"
SHOPPER = "nina.nesbygda"  # has something in the basket, so that its lines can be coded
STARTING = 120  # seconds that filling and starting may take on a busy machine
WIDE, NARROW = 1280, (360, 320)


@dataclass
class House:
    """The served demo region and what each person's walk found."""

    base: str
    walks: dict[str, Walker] = field(default_factory=dict)

    def first_visitors(self) -> dict[str, list[tuple[str, str]]]:
        """Person -> the (name, address) of pages that no earlier person has seen: each page once."""
        seen: set[str] = set(FILES)
        result: dict[str, list[tuple[str, str]]] = {}
        for login, walker in self.walks.items():
            mine = [(name, address) for name, address in walker.found.items() if name not in seen]
            seen |= {name for name, _address in mine}
            result[login] = mine
        return result

    def is_new(self, login: str, name: str) -> bool:
        """True when the page has something that no earlier person's page of this name had."""
        earlier = frozenset().union(*(w.shapes.get(name, frozenset()) for w in self._earlier(login)))
        return not self.walks[login].shapes[name] <= earlier

    def is_first_at(self, login: str, name: str) -> bool:
        """True when no earlier person was at this very address."""
        return all(w.found.get(name) != self.walks[login].found[name] for w in self._earlier(login))

    def _earlier(self, login: str) -> list[Walker]:
        return list(takewhile(lambda walker: walker.login != login, self.walks.values()))

    def sit_down(self, page: Page, login: str, language: str) -> None:
        """The person's session and language in the browser."""
        name = settings.SESSION_COOKIE_NAME
        value = next(cookie.value for cookie in self.walks[login].jar if cookie.name == name)
        page.context.add_cookies([{"name": name, "value": value or "", "url": self.base}])
        speak(page, self.base, language)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """`avrop demo` in a folder of its own, walked by everybody."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVROP_", "DJANGO_", "PYTEST_"))}
    clean["AVROP_DIR"] = str(folder / "data")
    command = [sys.executable, "-m", "avrop.project.cli", "demo", "--short", "--port", str(port)]
    with (folder / "output").open("w") as output:
        process = subprocess.Popen(command, env=clean, stdout=output, stderr=subprocess.STDOUT)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(process, base, folder / "output")
            yield _walk(House(base))
        finally:
            process.terminate()
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], base: str, output: Path) -> None:
    for _ in range(STARTING * 5):
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{base}/login/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(f"the demo did not start: {output.read_text()[-2000:]}")


def _walk(house: House) -> House:
    for login in PEOPLE:
        walker = house.walks[login] = Walker(house.base, login)
        first = walker.enter()
        if login == SHOPPER:
            _put_something_in_the_basket(walker, first)
        starts = [first, "/login/"]
        if first == HOME:
            starts.append(f"{first}sok/?q=2026")  # behind a search form, which is no link
            starts += _orders_to_see(walker, first)
        walker.walk(*starts)
    return house


def _orders_to_see(walker: Walker, first: str) -> list[str]:
    """Orders in the middle of something, found by the list's filters: their pages have doors of their own."""
    found = []
    for chosen in ("?receipt_state=partial", "?change=sent"):
        _status, _where, page = walker.get(f"{first}ordrar/{chosen}")
        link = re.search(rf'href="({first}ordrar/[0-9a-f-]{{36}}/)"', page)
        found += [link[1]] if link else []
    return found


def _put_something_in_the_basket(walker: Walker, first: str) -> None:
    _status, where, page = walker.get(f"{first}katalog/?q=papir")
    values = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("item_id", "unit_id")}
    token = TOKEN.search(page)
    assert token and all(values.values()), "nothing to put in the basket"
    body = "&".join(f"{name}={quote(found[1])}" for name, found in values.items() if found)
    body += f"&quantity=5&next={quote(where)}&csrfmiddlewaretoken={unescape(token[1])}"
    status, _where, _page = walker.post(f"{first}korg/add", body)
    assert status == 200


def test_the_walk_covers_every_role_there_is() -> None:
    assert set().union(*PEOPLE.values()) == set(ROLES)


def test_links_lead_to_every_page_and_file_of_the_house_and_none_is_broken(house: House) -> None:
    visited = {name for walker in house.walks.values() for name in walker.found}
    assert [fault for walker in house.walks.values() for fault in walker.faults] == []
    assert set(names()) - ACTIONS - {"web:gallery"} - visited == set(), "pages that nobody can reach"
    assert visited & ACTIONS == set(), "a link leads to what should take a POST"


def test_what_is_listed_as_post_only_takes_no_get(house: House) -> None:
    samples = {"slug": "havdal", "delivery_id": 1}
    answers = {}
    for name in sorted(ACTIONS):
        address = _address(name, samples)
        answers[name] = house.walks["kari.bestillar"].get(address)[0]
    assert set(answers.values()) == {405}, answers


def _address(name: str, samples: dict[str, object]) -> str:
    from django.urls import get_resolver

    namespace, _colon, short = name.partition(":")
    prefix, resolver = get_resolver().namespace_dict[namespace]
    (possible, *_rest) = resolver.reverse_dict.getlist(short)[0]
    wanted = {parameter for _pattern, parameters in possible for parameter in parameters}
    wanted |= {"slug"} if "slug" in prefix else set()
    nobody = "00000000-0000-7000-8000-000000000000"
    return reverse(name, kwargs={parameter: samples.get(parameter, nobody) for parameter in wanted})


@pytest.mark.parametrize("login", PEOPLE)
def test_a_persons_pages_pass_axe_and_never_scroll_sideways(page: Page, house: House, login: str) -> None:
    """Nynorsk: nothing sideways at 360 and 320 px; axe where a page is built of something new.

    A page at the same address, built of nothing that an earlier person did not see, is not judged again.
    """
    house.sit_down(page, login, "nn")
    faults = []
    for name, address in house.walks[login].found.items():
        new = house.is_new(login, name)
        if name in FILES or not (new or house.is_first_at(login, name)):
            continue
        _open(page, house, address, WIDE)
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 800})
            if (over := page.evaluate(OVERFLOW)) > 0:
                faults.append(f"{address}: {over} px sideways at {width} px")
        if new:
            page.set_viewport_size({"width": WIDE, "height": 900})
            faults += [f"{address}: {line}" for line in _judge(page)]
    assert faults == []


@pytest.mark.parametrize("login", PEOPLE)
def test_each_page_passes_axe_in_all_languages_and_on_a_phone(page: Page, house: House, login: str) -> None:
    """Each page by its first visitor: bokmål and English at 1280 px, and 320 px where rows are stacked."""
    faults = []
    for language, width in (("nb", WIDE), ("en", WIDE), ("nn", NARROW[-1])):
        house.sit_down(page, login, language)
        for _name, address in house.first_visitors()[login]:
            _open(page, house, address, width)
            assert page.locator("html").get_attribute("lang") == language
            faults += [f"{address} {language} {width}: {line}" for line in _judge(page)]
    assert faults == []


def _judge(page: Page) -> list[str]:
    """axe's word on the page, of long lists only the first rows: the rest are built alike and only take time."""
    page.evaluate(
        "document.querySelectorAll('tr:nth-child(n+4), li:nth-child(n+8)').forEach(e => e.remove())"
    )
    return violations(page)


def _open(page: Page, house: House, address: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(house.base + address)
    assert answer is not None and answer.ok, address
    expect(page.locator("h1")).to_have_count(1)


def test_a_purchase_is_searched_added_and_submitted_with_the_keyboard_alone(page: Page, house: House) -> None:
    house.sit_down(page, "kari.bestillar", "nn")
    page.goto(f"{house.base}{HOME}")
    _tab_to(page, page.locator("main input[name=q]"))
    page.keyboard.type("kopipapir")
    page.keyboard.press("Enter")
    page.wait_for_url("**/katalog/**")
    _tab_to(page, page.get_by_role("button", name="Legg i korga").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Det ligg i handlekorga di")
    _tab_to(page, page.get_by_role("link", name="Handlekorg").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/korg/**")
    _tab_to(page, page.get_by_role("button", name="Send til tilvising"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Rekvisisjonen er send til tilvising")
    assert re.search(r"/korg/[0-9a-f-]{36}/$", urlsplit(page.url).path)


def _tab_to(page: Page, target: Locator, most: int = 120) -> None:
    """Press Tab until this has the focus, and see that the focus can be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            outline = target.evaluate("e => getComputedStyle(e).outlineStyle + getComputedStyle(e).boxShadow")
            assert outline != "nonenone", "the focus cannot be seen"
            return
    raise AssertionError(f"{most} presses of Tab do not reach {target}")
