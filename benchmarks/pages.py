"""Every page that a person of the demo is led to, at ten times the demo's volume, and at a hundred times.

    python benchmarks/pages.py [--quick] [--json]

The demo region is filled by the real operations; then its rows are multiplied in the database (`_multiply.py`). For
each person the links are followed from the first page, three pages of each kind; each is asked for as a browser would,
through the whole stack but the server's socket, and its CPU time (the least of some runs) and statements are taken;
and, in turns with it, where the tables have grown tenfold again: `worst_growth` is the largest ratio. Pages are
compared that show as many rows: where a list is not yet full at the smaller size, both are asked for pages of so few
rows that it is. What shows more rows even so (a first page that had less to show) stands apart, as `fuller`.
SQLite, in one process. No peer: the aims are absolute (30 ms CPU, 12 statements, at most 20 % more).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import deque
from contextlib import nullcontext
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
ROUNDS = 5  # at most, where a page seems to have grown
EACH = 3
PEOPLE = (
    "tone.radhus", "ola.rektor", "siri.faktura", "kari.bestillar", "bjorn.rekneskap", "ingrid.avtale", "kjell.kontor",
    "plattform.drift", "randi.leverandor", "hege.admin", "mari.omsorg", "knut.revisor", "frode.samarbeid", "gry.styrar",
    "wenche.okonomi",
)  # fmt: skip
# What is asked for in words beside what links lead to: the search over everything.
ASKED = {
    "siri.faktura": (
        "/o/havdal/sok/?q=bleier",
        "/o/havdal/sok/?q=49",
        "/o/havdal/sok/?q=1234,50",
        "/o/havdal/sok/?q=2026",
    ),
}
LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
MENUS = re.compile(r"<nav\b.*?</nav>", re.S)
A_ROW = re.compile(r"<(?:tr|li)\b")


def measure(quick: bool, verbose: bool) -> dict[str, Any]:
    """Fill, multiply, ask."""
    import django

    django.setup()
    from django.test import Client

    small, large = Sizes("small.sqlite3"), Sizes("large.sqlite3")
    clients = {login: Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="nn") for login in PEOPLE}
    if not large.path.exists():
        _fill(Sizes("filled.sqlite3"), small, large, quick)
    for login, client in clients.items():
        _enter(client, login, small, large)
    pages = [
        (login, address)
        for login, client in clients.items()
        for address in _walk(client, *ASKED.get(login, ()))
    ]
    gc.freeze()
    for login, address in pages:
        _compare(clients[login], (login, address), small, large)
        if verbose:
            _tell((login, address), small, large)
    return _result(pages, small, large)


def _tell(page: tuple[str, str], small: Sizes, large: Sizes) -> None:
    """One page, a line to whoever waits."""
    (before, statements), (after, _) = small.seen[page], large.seen[page]
    ratio, fuller = _growth(page, small, large), "" if _alike(page, small, large) else " (shows more rows)"
    print(
        f"x{ratio:5.2f} {before:7.1f} ms {after:7.1f} ms {statements:3d} {page[0]:<16} {page[1]}{fuller}",
        file=sys.stderr,
        flush=True,
    )


def _growth(page: tuple[str, str], small: Sizes, large: Sizes) -> float:
    """How much more CPU the page costs at the larger size, with as many rows where that could be had."""
    return large.compared[page] / small.compared[page]


def _alike(page: tuple[str, str], small: Sizes, large: Sizes) -> bool:
    return small.shown[page] == large.shown[page]


def _result(pages: list[tuple[str, str]], small: Sizes, large: Sizes) -> dict[str, Any]:
    first = small.seen
    every = {one: _growth(one, small, large) for one in pages}
    growth = {one: ratio for one, ratio in every.items() if _alike(one, small, large)}
    fuller = {one: ratio for one, ratio in every.items() if one not in growth}
    return {
        "worst_cpu_ms": round(max(ms for ms, _ in first.values()), 1),
        "worst_queries": max(n for _, n in first.values()),
        "pages": len(pages),
        "worst_growth": round(max(growth.values()), 2),
        "pages_grown_over_20_percent": sum(ratio > 1.2 for ratio in growth.values()),
        "fuller": len(fuller),
        "worst_growth_of_fuller": round(max(fuller.values(), default=1), 2),
        "rows": small.rows(),
        "rows_grown": large.rows(),
        "worst_page": max(first, key=lambda one: first[one][0])[1],
        "worst_grown_page": max(growth, key=lambda one: growth[one])[1],
    }


def _fill(filled: Sizes, small: Sizes, large: Sizes, quick: bool) -> None:
    """The demo region by the real operations, then its rows tenfold and tenfold again."""
    from django.db import connection

    from avrop.desk.jobs import index
    from benchmarks import _multiply

    if not filled.path.exists():
        command = [sys.executable, "-m", "avrop.project.cli", "demo", "--no-serve"]
        subprocess.run([*command, *(["--short"] if quick else [])], check=True, stdout=subprocess.DEVNULL)
        index(most=1_000_000)  # what a worker does in its quiet moments: else the searches would find nothing
        filled.copy_of_this()
    connection.close()
    grown = Sizes("grown.sqlite3")
    shutil.copyfile(filled.path, grown.path)
    for number, size in enumerate((small, large)):
        grown.use()
        _multiply.tenfold(number)
        size.copy_of_this()
    grown.done()


def _enter(client: Any, login: str, *sizes: Sizes) -> None:
    """A session that each of the databases knows."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    from avrop.tenancy.models import Person

    sizes[0].use()
    client.force_login(Person.objects.get(login=login))
    session = Session.objects.get(session_key=client.cookies[settings.SESSION_COOKIE_NAME].value)
    for size in sizes:
        size.use()
        session.save()
    sizes[0].use()


def _walk(client: Any, *asked: str) -> list[str]:
    """Addresses of pages, a few of each kind, that a person comes to by links."""
    from django.urls import resolve

    queue, seen, looked = deque(["/"]), {"/"}, dict[str, int]()
    pages = list(asked)
    while queue:
        address = queue.popleft()
        name = resolve(address.partition("?")[0]).view_name
        looked[name] = looked.get(name, 0) + 1
        if looked[name] > EACH:
            continue
        answer = client.get(address)
        if answer.status_code in (301, 302):
            targets = [answer["Location"]]
        elif answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            pages.append(address)
            targets = [unescape(link) for link in LINK.findall(answer.content.decode())]
        else:
            continue
        for link in targets:
            target = urljoin(address, link)
            if target.startswith("/") and not target.startswith("/static/") and target not in seen:
                seen.add(target)
                queue.append(target)
    return pages


def _compare(client: Any, page: tuple[str, str], small: Sizes, large: Sizes) -> None:
    """What the page costs at each size: asked for in turns, since a shared machine is not always as fast.

    The cheapest counts. Where sizes seem to differ, all of them are asked for some more.
    """
    from avrop.web import lists

    _time(client, page, small, large)
    # A list that is full at the larger size lacks so many rows at the smaller; one less still has a next page.
    size = lists.PAGE_SIZE - (large.shown[page] - small.shown[page]) - 1
    if _alike(page, small, large) or not 0 < size < lists.PAGE_SIZE:
        return
    seen = [dict(one.seen) for one in (small, large)]
    usual, lists.PAGE_SIZE = lists.PAGE_SIZE, size
    try:
        _time(client, page, small, large)
    finally:
        lists.PAGE_SIZE = usual
        small.seen, large.seen = seen


def _time(client: Any, page: tuple[str, str], *sizes: Sizes) -> None:
    for size in sizes:
        size.use()
        size.statements(client, page)
    for _ in range(ROUNDS):
        for _ in range(RUNS):
            for size in sizes:
                size.use()
                size.time(client, page)
        if sizes[-1].seen[page][0] <= 1.1 * sizes[0].seen[page][0]:
            break
    for size in sizes:
        size.compared[page] = size.seen[page][0]


class Sizes:
    """One database file, and what its pages cost, by (login, address).

    `seen`: CPU ms and statements of the page as it is; `compared`: CPU ms when it shows no more rows than at the other
    size; `shown`: how many rows it then shows.
    """

    def __init__(self, name: str) -> None:
        from django.db import DEFAULT_DB_ALIAS, connections
        from django.db.utils import load_backend

        self.path = Path(os.environ["AVROP_DIR"]) / name
        settings = connections.settings[DEFAULT_DB_ALIAS]
        own = {**settings, "NAME": str(self.path)}
        self.connection = load_backend(settings["ENGINE"]).DatabaseWrapper(own, DEFAULT_DB_ALIAS)
        self.seen: dict[tuple[str, str], tuple[float, int]] = {}
        self.compared: dict[tuple[str, str], float] = {}
        self.shown: dict[tuple[str, str], int] = {}

    def copy_of_this(self) -> None:
        """The content of the database in use."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.path)])

    def rows(self) -> int:
        """How many rows there are of what was multiplied."""
        from benchmarks import _multiply

        self.use()
        return _multiply.rows()

    def use(self) -> None:
        """Let Django's pages read this one; the others stay open."""
        from django.db import DEFAULT_DB_ALIAS, connections

        connections[DEFAULT_DB_ALIAS] = self.connection

    def done(self) -> None:
        """Not needed any more."""
        self.connection.close()
        self.path.unlink()

    def statements(self, client: Any, page: tuple[str, str]) -> None:
        """Count what the page asks the database for, once it is warm."""
        asked: list[str] = []

        def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            asked.append(sql)
            return execute(sql, params, many, context)

        client.get(page[1])
        with self.connection.execute_wrapper(count):
            text = MENUS.sub("", client.get(page[1]).content.decode())
        self.seen[page] = (float("inf"), len(asked))
        self.shown[page] = len(A_ROW.findall(text))

    def time(self, client: Any, page: tuple[str, str]) -> None:
        """Ask once more, and keep the cheapest."""
        before = time.process_time()
        client.get(page[1])
        spent = (time.process_time() - before) * 1000
        self.seen[page] = (min(spent, self.seen[page][0]), self.seen[page][1])


def main() -> None:
    """Command line; see the module's own words."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="the region with its first purchases only")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="also print every page")
    parser.add_argument("--folder", help="keep the databases there, and use those that are there already")
    options = parser.parse_args()
    kept = (
        nullcontext(options.folder) if options.folder else tempfile.TemporaryDirectory(prefix="avrop-pages-")
    )
    with kept as folder:
        os.environ |= {
            "AVROP_DIR": folder,
            "AVROP_STANDARDS": "",
            "DJANGO_SETTINGS_MODULE": "avrop.project.settings",
        }
        os.environ.pop("AVROP_DATABASE", None)
        result = measure(options.quick, options.verbose)
    if options.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:<28} {value}")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
