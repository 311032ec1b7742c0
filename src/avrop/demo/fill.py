"""Fills an installation with the demo region. The set-up is written by the caller: it is project's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import connection

from avrop.demo import plan, region, stock
from avrop.demo import progress as states
from avrop.demo.acts import Notebook
from avrop.demo.drive import Driver
from avrop.kernel.ports import OSLO, SeededIds, SetClock, TimeIds, now, using
from avrop.tenancy.models import Organisation, Person

DEFAULT_SEED = 2026
Progress = Callable[[str], None]


def is_filled() -> bool:
    """True when the demo region is here."""
    return Person.objects.filter(demo=True).exists()


def holds_real_work(folder: Path) -> bool:
    """True when there are organisations here and nothing of a demo: no place for one."""
    return Organisation.objects.exists() and not is_filled() and states.read(folder) is None


def fill(
    *,
    seed: int,
    set_up: Callable[[region.Entry], Any],
    progress: Progress,
    until: str = states.NOTHING,
    folder: Path | None = None,
    lenient: bool = False,
) -> None:
    """The region, its budgets and catalogues, and a year of purchases, up to (not with) the part `until`.

    The same seed on the same day gives the same region, the same ids and the same numbers. With a `folder`
    the work can be stopped anywhere and goes on with the next call. `lenient`: a story that cannot go on ends
    there.
    """
    state = states.read(folder) if folder else None
    again, state = state is not None, state or states.Progress(seed, _this_minute())
    with _hurry():
        if state.part == states.REGION:
            _begin(folder, state)
            # Ids that were drawn before a stop are taken.
            with using(ids=TimeIds() if again else SeededIds(state.seed)):
                _region(state, set_up, progress)
            state = _to(folder, state, states.FIRST)
        while state.part not in (until, states.NOTHING):
            progress("purchases")
            year = Year(state, folder, lenient=lenient)
            while year.step():
                pass
            state = year.state


def unfinished(folder: Path) -> Year | None:
    """The rest of a demo's year, to be played beside real work; None when nothing is left of it."""
    state = states.read(folder)
    return Year(state, folder, lenient=True) if state and state.part == states.REST else None


class Year:
    """One part of the year on its way."""

    def __init__(self, state: states.Progress, folder: Path | None, *, lenient: bool) -> None:
        notebook = Notebook(states.acts(folder, state.part) if folder else None)
        self.folder, self.told = folder, 0
        self.driver = Driver(
            state.now,
            seed=state.seed,
            notebook=notebook,
            resumed=notebook.begun,
            lenient=lenient,
            ended=self._ended,
        )
        self.before = state.all - plan.count(state.part, self.driver) if state.part == states.REST else 0
        self.state = replace(state, all=state.all or plan.count_all(self.driver))
        plan.tell(state.part, self.driver)

    def step(self) -> bool:
        """What is due next; False when this part is done."""
        if self.driver.step():
            return True
        after = states.REST if self.state.part == states.FIRST else states.NOTHING
        self.state = _to(self.folder, self.state, after)
        return False

    def _ended(self) -> None:
        self.told += 1
        self.state = _to(self.folder, replace(self.state, done=self.before + self.told), self.state.part)


def _to(folder: Path | None, state: states.Progress, part: str) -> states.Progress:
    state = state.at(part)
    if folder is not None:
        states.write(folder, state)
    return state


def _begin(folder: Path | None, state: states.Progress) -> None:
    """Forget what an earlier demo in this folder left."""
    if folder is not None:
        for part in (states.FIRST, states.REST):
            states.acts(folder, part).unlink(missing_ok=True)
        states.write(folder, state)


def _region(state: states.Progress, set_up: Callable[[region.Entry], Any], progress: Progress) -> None:
    """Set-up, budgets and catalogues, as they were when the year began. Safe to repeat after a stop."""
    today, start = state.now.astimezone(OSLO).date(), state.now - timedelta(days=370)
    with using(clock=SetClock(start)):
        document = region.document(state.seed, today)
        progress("set-up")
        set_up(document)
        progress("budgets")
        stock.budgets(state.seed, today)
        progress("catalogues")
        stock.catalogues(document, today - timedelta(days=370))


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
