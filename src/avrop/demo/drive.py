"""Plays the demo's stories in the order of time, over the last year, and can be stopped anywhere.

Each story is a generator that says when its next step is due; the driver sets the clock to that time, lets the
step happen, and delivers what it gave rise to. The clock is set for this thread of control only, and of the
deliveries only those are touched that are due by the set clock: what people do meanwhile is due later than any
time in the story, and waits for the real worker.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db import OperationalError, connection

from avrop.demo.acts import Notebook, Telling, telling
from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import OSLO, SetClock, TimeIds, using
from avrop.kernel.workdays import add_workdays

log = logging.getLogger("avrop.demo")

Steps = Iterator[datetime]
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
MOST_TRIES = 5  # of a story whose database was locked


@dataclass
class Told:
    """A story in the driver's hands. `counts`: it is a purchase, and somebody waits to hear that it is told."""

    key: str
    begin: Callable[[], Steps]
    counts: bool
    steps: Steps = field(init=False)
    telling: Telling = field(init=False)
    tries: int = 0
    last: datetime = BEGINNING


class Driver:
    """Plays stories in the order of time. `lenient`: a story that somebody disturbed ends, and the rest go on."""

    def __init__(
        self,
        now: datetime,
        *,
        seed: int = 0,
        notebook: Notebook | None = None,
        resumed: bool = False,
        lenient: bool = False,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self.now, self.seed, self.lenient, self.ended = now, seed, lenient, ended
        self.notebook = notebook or Notebook()
        self.resumed = resumed
        self.clock = SetClock(now)
        self.count = 0
        self.queue: list[tuple[datetime, int, Told]] = []

    @property
    def today(self) -> date:
        """The day on which the year ends."""
        return self.now.astimezone(OSLO).date()

    def day(self, ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """A time on the working day that is so many days ago; later than now only when `ago` is negative."""
        local = self.today - timedelta(days=ago)
        if local.weekday() >= 5:
            local = add_workdays(local, 1)
        if ago >= 0 and local > self.today:
            local = add_workdays(self.today, -1)
        at = datetime.combine(local, time(hour, minute), OSLO).astimezone(UTC)
        return min(at, self.now) if ago >= 0 else at

    def add(self, key: str, begin: Callable[[], Steps], *, counts: bool = True) -> None:
        """Take a story in; it is due at the first time it says."""
        self._begin(Told(key, begin, counts))

    def _begin(self, told: Told) -> None:
        told.steps = told.begin()
        told.telling = Telling(told.key, self.seed, self.notebook, self._before_act)
        self._push(told)

    def _push(self, told: Told) -> None:
        """One step of the story, and a place in the queue for the next."""
        at = self._next(told)
        if at is None or at > self.now:
            if told.counts:
                self.ended()
            return
        told.last = max(at, told.last)
        self.count += 1
        heapq.heappush(self.queue, (told.last, self.count, told))

    def _next(self, told: Told) -> datetime | None:
        try:
            with telling(told.telling):
                return next(told.steps, None)
        except Exception as error:
            if not self.lenient:
                raise
            if isinstance(error, OperationalError) and told.tries < MOST_TRIES:
                return self._again(told)
            log.warning("the story %s ends here: %s", told.key, error)
            return None

    def _again(self, told: Told) -> datetime | None:
        """The database was locked or away: tell the story from its start, which is quick."""
        connection.close()
        told.tries += 1
        self.resumed = True
        told.steps = told.begin()
        told.telling = Telling(told.key, self.seed, self.notebook, self._before_act)
        return self._next(told)

    def _before_act(self, current: Telling) -> None:
        """The first new act after a stop may have been done already."""
        if self.resumed:
            self._left_over()
            self.resumed, current.doubtful = False, True

    def _left_over(self) -> None:
        """After a stop: deliver what was being delivered then, as far as it is due by now."""
        with telling(None), using(clock=self.clock, ids=TimeIds()):
            run_until_idle(past_only=True)

    def step(self) -> bool:
        """Play what is due next. False when nothing is left."""
        if not self.queue:
            return False
        at, _, told = heapq.heappop(self.queue)
        self.clock.at = at
        with using(clock=self.clock):
            told.telling.fresh = 0
            self._push(told)
            if self.resumed and told.telling.spent:  # this may be the step in which it was stopped
                self._left_over()
            if told.telling.fresh:
                with using(ids=told.telling.ids("/after")):
                    run_until_idle(past_only=True)
        return True

    def run(self) -> None:
        """Play everything that is due before now."""
        while self.step():
            pass
