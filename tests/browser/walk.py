"""Walking the house by its own links: from a person's first page to every page that a link leads to.

Only GET, only over HTTP, as a browser would; what a page is called is asked of Django's resolver.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import Cookie, CookieJar
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from django.urls import URLPattern, URLResolver, get_resolver, resolve

# Addresses that give a file, or only take a POST: there is no page to look at.
FILES = {
    "accounting:csv",
    "accounting:json",
    "catalogue:original",
    "desk:document_pdf",
    "desk:original",
    "desk:thread_json",
    "invoicing:document_pdf",
    "invoicing:original",
    "messaging:document_pdf",
    "messaging:original",
    "ordering:document_pdf",
    "ordering:pdf",
    "ordering:xml",
    "portal:invoice_document_pdf",
    "portal:invoice_original",
    "portal:order_document_pdf",
    "portal:order_original",
}
ACTIONS = {
    "accounting:correct",
    "accounting:mend",
    "accounting:release",
    "accounting:resend",
    "approval:approve",
    "approval:return",
    "catalogue:approve",
    "catalogue:reject",
    "catalogue:return",
    "invoicing:answer",
    "journal:replay",
    "login:as",
    "login:logout",
    "matching:accept",
    "matching:approve",
    "matching:ask",
    "matching:choose",
    "matching:dispute",
    "matching:duplicate",
    "matching:other",
    "matching:reject",
    "matching:resume",
    "matching:treat",
    "ordering:approve_change",
    "ordering:decide",
    "ordering:send_again",
    "ordering:withdraw_change",
    "portal:accept",
    "portal:reject",
    "requisition:add",
    "requisition:delivery",
    "requisition:quantity",
    "requisition:remove",
    "requisition:reopen",
    "requisition:withdraw",
    "suppliers:confirm",
    "suppliers:limit",
    "suppliers:register",
    "suppliers:reject",
    "suppliers:withdraw",
    "web:language",
}
LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
TAG = re.compile(r"<(\w+)((?:\s[^>]*)?)>")
KIND = re.compile(r'\b(class|role|type|aria-[a-z]+|data-[a-z]+)(?:="([^"]*)")?')
EACH = 3  # pages of the same name that are looked at to find links
MOST = 400  # pages one person looks at; a runaway is a fault


def names(patterns: list[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """The name of every address in the house: `app:name`."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def name_of(address: str) -> str:
    """What the page at this path is called."""
    return resolve(urlsplit(address).path).view_name


def shape(page: str) -> frozenset[str]:
    """What a page is built of, without its words: each tag with its classes, roles and states.

    Two pages of the same shape give axe the same to judge.
    """
    return frozenset(
        tag
        + " "
        + " ".join(sorted(f"{name}={value}" for name, value in KIND.findall(attributes) if _kind(name)))
        for tag, attributes in TAG.findall(page)
    )


def _kind(name: str) -> bool:
    return name not in {"data-label", "aria-label", "aria-labelledby", "aria-describedby", "aria-controls"}


@dataclass
class Walker:
    """One person's walk. `found`: the first address of every page by name; `shapes`: what it is built of."""

    base: str
    login: str
    password: str = "demo"
    language: str = "en"
    found: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, frozenset[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    jar: CookieJar = field(default_factory=CookieJar)

    def get(self, address: str) -> tuple[int, str, str]:
        """(status, where it ended, page)."""
        return self._open(Request(urljoin(self.base, address)))

    def post(self, address: str, body: str) -> tuple[int, str, str]:
        """The same for a form; `body` is urlencoded."""
        request = Request(urljoin(self.base, address), data=body.encode())
        request.add_header("Referer", self.base)
        return self._open(request)

    def _open(self, request: Request) -> tuple[int, str, str]:
        opener = build_opener(HTTPCookieProcessor(self.jar))
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.status, answer.url.removeprefix(self.base), _text(answer)
        except HTTPError as error:
            return error.code, request.full_url.removeprefix(self.base), ""

    def enter(self) -> str:
        """Log in; the path of the first page."""
        host = urlsplit(self.base).hostname or ""
        self.jar.set_cookie(_cookie("avrop_language", self.language, host))
        _status, _url, page = self.get("/login/")
        token = TOKEN.search(page)
        assert token is not None, "no log-in form"
        status, where, _page = self.post(
            "/login/",
            f"csrfmiddlewaretoken={token[1]}&username={self.login}&password={self.password}",
        )
        assert status == 200 and not where.startswith("/login"), f"{self.login} could not log in"
        return where

    def walk(self, *starts: str) -> dict[str, str]:
        """Follow links, a few of each kind of page, until no new kind of page turns up."""
        queue, seen, looked = deque(starts), set(starts), dict[str, int]()
        while queue:
            assert len(seen) < MOST * 10, "this walk has no end"
            address = queue.popleft()
            name = name_of(address)
            looked[name] = looked.get(name, 0) + 1
            if looked[name] > EACH:
                continue
            status, _where, page = self.get(address)
            if status != 200:
                self.faults.append(f"{self.login}: {address} answers {status}")
                continue
            if name not in self.found:
                self.found[name], self.shapes[name] = address, shape(page)
            for link in LINK.findall(page):
                target = unescape(urljoin(address, link))
                if target.startswith("/") and target not in seen and not target.startswith("/static/"):
                    seen.add(target)
                    queue.append(target)
        return self.found


def _text(answer: object) -> str:
    kind = answer.headers.get_content_type()
    body = answer.read()
    return body.decode("utf-8") if kind == "text/html" else ""


def _cookie(name: str, value: str, host: str) -> Cookie:
    return Cookie(
        0, name, value, None, False, host, True, False, "/", True, False, None, True, None, None, {}
    )
