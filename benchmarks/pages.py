"""Every page that a person of the demo is led to, at ten times the demo's volume, and at a hundred times.

    python benchmarks/pages.py [--quick] [--json]

The demo region is filled by the real operations; then its rows are multiplied in the database (`_multiply.py`). For
each person the links are followed from the first page, three pages of each kind; each is asked for as a browser would,
through the whole stack but the server's socket, and its CPU time (the least of some runs) and statements are taken.
Then the tables grow tenfold again and the same addresses are asked for again: `worst_growth` is the largest ratio.
SQLite, in one process. No peer: the aims are absolute (30 ms CPU, 12 statements, at most 20 % more).
"""

from __future__ import annotations

import argparse
import json
import os
import re
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
RUNS = 5
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


def measure(quick: bool, verbose: bool) -> dict[str, Any]:
    """Fill, multiply, ask."""
    import django

    django.setup()
    from django.test import Client

    small, large = Sizes("small.sqlite3"), Sizes("large.sqlite3")
    clients = {login: Client(HTTP_HOST="localhost", HTTP_ACCEPT_LANGUAGE="nn") for login in PEOPLE}
    if not large.path.exists():
        _fill(small, large, quick)
    small.use()
    for login, client in clients.items():
        _enter(client, login, small, large)
    pages = [
        (login, address)
        for login, client in clients.items()
        for address in _walk(client, *ASKED.get(login, ()))
    ]
    # In turns, since a shared machine is not always as fast.
    for size in (small, large) * (1 if quick else 2):
        size.use()
        for login, address in pages:
            size.note((login, address), *_cost(clients[login], address))
    first, second = small.seen, large.seen
    growth = {one: second[one][0] / first[one][0] for one in pages}
    if verbose:
        for one in sorted(pages, key=lambda p: -growth[p]):
            print(
                f"{first[one][0]:7.1f} ms {second[one][0]:7.1f} ms x{growth[one]:5.2f} {first[one][1]:3d} "
                f"{one[0]:<16} {one[1]}",
                file=sys.stderr,
            )
    return {
        "worst_cpu_ms": round(max(ms for ms, _ in first.values()), 1),
        "worst_queries": max(n for _, n in first.values()),
        "pages": len(pages),
        "worst_growth": round(max(growth.values()), 2),
        "pages_grown_over_20_percent": sum(ratio > 1.2 for ratio in growth.values()),
        "rows": small.rows(),
        "rows_grown": large.rows(),
        "worst_page": max(first, key=lambda one: first[one][0])[1],
        "worst_grown_page": max(growth, key=lambda one: growth[one])[1],
    }


def _fill(small: Sizes, large: Sizes, quick: bool) -> None:
    """The demo region by the real operations, then its rows tenfold and tenfold again."""
    from avrop.desk.jobs import index
    from benchmarks import _multiply

    command = [
        sys.executable,
        "-m",
        "avrop.project.cli",
        "demo",
        "--no-serve",
        *(["--short"] if quick else []),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    index(most=1_000_000)  # what a worker does in its quiet moments: else the searches would find nothing
    for number, size in enumerate((small, large)):
        _multiply.tenfold(number)
        size.copy_of_this()


def _enter(client: Any, login: str, *sizes: Sizes) -> None:
    """A session that each of the databases knows."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    from avrop.tenancy.models import Person

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


def _cost(client: Any, address: str) -> tuple[float, int]:
    """(CPU ms of the cheapest of some runs, statements)."""
    from django.db import connection

    asked: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        client.get(address)
    spent = []
    for _ in range(RUNS):
        before = time.process_time()
        client.get(address)
        spent.append(time.process_time() - before)
    return min(spent) * 1000, len(asked)


class Sizes:
    """One database file, and what its pages cost: (CPU ms, statements) by (login, address)."""

    def __init__(self, name: str) -> None:
        self.path = Path(os.environ["AVROP_DIR"]) / name
        self.seen: dict[tuple[str, str], tuple[float, int]] = {}

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
        """Let Django's pages read this one."""
        from django.db import connection

        connection.close()
        connection.settings_dict["NAME"] = str(self.path)

    def note(self, page: tuple[str, str], ms: float, statements: int) -> None:
        """Keep the cheapest."""
        before = self.seen.get(page, (ms, statements))
        self.seen[page] = (min(ms, before[0]), statements)


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
