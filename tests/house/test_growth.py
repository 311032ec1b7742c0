"""No page does more the older the house is, told without a clock: by the steps that SQLite takes for it.

The played year is multiplied as `benchmarks/pages.py` does it, tenfold and tenfold again. Pages of few rows are asked
for, so that every list is full and over its count at both sizes. In this small world all rows are alike, so that
SQLite may rather read a whole table: each page is asked for with and without what it knows of the tables, and the
better counts. What grows all the same is named with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.utils import load_backend
from django.test import Client

from benchmarks import _multiply
from tests.house.test_lists import FILES, HOUSES, open_page, person_with_every_hat, places
from tests.house.test_strangers import ALL, played  # noqa: F401 (played is a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

LOOK = 10  # steps between two looks
FEW = 3  # rows of a page, and how far a list is counted
MOST = 1.2
GROWS = {
    "accounting:ready": "sums what waits to be released",
    "catalogue:search": "counts this world's categories anew: only a version that is approved keeps their counts",
    "desk:first": "sums open deviations and batches, and the share of the last month that nobody touched",
    "desk:thread": "asks for invoices by two ways at once; takes both indexes only where the table is large",
    "matching:deviations": "sums the open ones by kind",
    "ordering:uncoded": "looks for what waits among the lines of open orders",
    "portal:first": "sums what is owed, over all that is not paid",
}
Page = tuple[str, Client, str]


@pytest.fixture
def years(
    played: Any,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[list[Page], list[Any]]]:
    """Every page with who asks for it, and the year at two sizes."""
    world, _stranger = played
    for module in ("avrop.web.lists", "avrop.desk.queries.first"):
        monkeypatch.setattr(f"{module}.COUNTED", FEW)
    monkeypatch.setattr("avrop.web.lists.PAGE_SIZE", FEW)
    people = [(person_with_every_hat(getattr(world, one)), getattr(world, one).slug) for one in HOUSES]
    pages = [
        (name, client, address)
        for _pattern, name, names in ALL
        if name not in FILES
        for client, slug in people
        for address in places(name, names, slug)
        if open_page(client, address)
    ]
    usual, databases = connections[DEFAULT_DB_ALIAS], []
    files = [tmp_path / "tenfold.sqlite3", tmp_path / "hundredfold.sqlite3"]
    files[0].write_bytes(usual.connection.serialize())
    try:
        for number, path in enumerate(files):
            databases.append(_database(path))
            connections[DEFAULT_DB_ALIAS] = databases[-1]
            _multiply.tenfold(number)
            if number == 0:
                with connection.cursor() as cursor:
                    cursor.execute("VACUUM INTO %s", [str(files[1])])
        yield pages, databases
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        for one in databases:
            one.close()


def _database(path: Path) -> Any:
    settings = connections.settings[DEFAULT_DB_ALIAS]
    return load_backend(settings["ENGINE"]).DatabaseWrapper({**settings, "NAME": str(path)}, DEFAULT_DB_ALIAS)


def all_steps(database: Any, pages: list[Page]) -> list[int]:
    """How many steps the statements of each page take, at the best."""
    connections[DEFAULT_DB_ALIAS] = database
    known = [steps(client, address) for _name, client, address in pages]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")
    unknown = [steps(client, address) for _name, client, address in pages]
    return [min(both) for both in zip(known, unknown, strict=True)]


def steps(client: Client, address: str) -> int:
    """How many steps a page's statements take, in tens."""
    taken = 0

    def tick() -> int:
        nonlocal taken
        taken += LOOK
        return 0

    connection.ensure_connection()
    connection.connection.set_progress_handler(tick, LOOK)
    assert client.get(address).status_code == 200, address
    connection.connection.set_progress_handler(None, LOOK)
    return taken


def test_no_page_takes_more_steps_when_the_year_is_ten_times_as_large(
    years: tuple[list[Page], list[Any]],
) -> None:
    pages, databases = years
    tenfold, hundredfold = (all_steps(one, pages) for one in databases)
    grown: dict[str, list[str]] = {}
    for (name, _client, address), before, after in zip(pages, tenfold, hundredfold, strict=True):
        if after > MOST * before:
            grown.setdefault(name, []).append(f"{address}: {before} -> {after}")
    assert len(pages) > 100
    assert {name: why for name, why in grown.items() if name not in GROWS} == {}
    assert grown.keys() == GROWS.keys(), "named above, and does not grow any more"
