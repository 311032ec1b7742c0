"""Fills an installation with the demo region. The set-up is written by the caller: it is project's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import connection

from avrop.demo import region, stock, stories
from avrop.demo.drive import Driver
from avrop.kernel.ports import OSLO, SeededIds, SetClock, now, using
from avrop.tenancy.models import Organisation, Person

DEFAULT_SEED = 2026
Progress = Callable[[str], None]


def is_filled() -> bool:
    """True when the demo region is here."""
    return Person.objects.filter(demo=True).exists()


def holds_real_work() -> bool:
    """True when there are organisations here and none of the demo's people: no place for a demo."""
    return Organisation.objects.exists() and not is_filled()


def fill(
    *,
    seed: int,
    set_up: Callable[[region.Entry], Any],
    progress: Progress,
    purchases: bool = True,
) -> None:
    """The region, its budgets and catalogues, and (unless told not to) a year of purchases.

    The same seed on the same day gives the same region, the same ids and the same numbers.
    """
    at = _this_minute()
    today = at.astimezone(OSLO).date()
    with _hurry(), using(ids=SeededIds(seed), clock=SetClock(at)):
        document = region.document(seed, today)
        with using(clock=SetClock(at - timedelta(days=370))):
            progress("set-up")
            set_up(document)
            progress("budgets")
            stock.budgets(seed, today)
            progress("catalogues")
            stock.catalogues(document, today - timedelta(days=370))
        if purchases:
            progress("purchases")
            stories.play_all(Driver(at))
            stock.price_change(document, "MFI-2025-06", today)


def _this_minute() -> datetime:
    """Now, but not before work begins: so that nothing in the demo happens at night."""
    local = now().astimezone(OSLO)
    morning = datetime.combine(local.date(), time(7, 0), OSLO)
    return max(local, morning).replace(second=0, microsecond=0).astimezone(UTC)


@contextmanager
def _hurry() -> Iterator[None]:
    """A demo that is being filled need not survive a power cut: on SQLite, do not wait for the disk."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA synchronous").fetchone()[0]
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous={int(before)}")
