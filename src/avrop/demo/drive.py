"""Drives about forty purchases through the real operations, in the order of time, over the last year.

Each purchase is a generator that says when its next step is due; the driver sets the clock to that time, lets
the step happen, and delivers what it gave rise to.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import OSLO, SetClock, using
from avrop.kernel.workdays import add_workdays

Steps = Iterator[datetime]


class Driver:
    """Plays generators in the order of time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.clock = SetClock(now)
        self.count = 0
        self.queue: list[tuple[datetime, int, Steps]] = []

    def day(self, ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """A time on the working day that is so many days ago, never later than now."""
        local = self.now.astimezone(OSLO).date() - timedelta(days=ago)
        if local.weekday() >= 5:
            local = add_workdays(local, 1)
        at = datetime.combine(local, time(hour, minute), OSLO).astimezone(UTC)
        return min(at, self.now)

    def add(self, story: Steps) -> None:
        """Take a story in; it is due at the first time it says."""
        self._push(story)

    def _push(self, story: Steps) -> None:
        at = next(story, None)
        if at is not None:
            self.count += 1
            heapq.heappush(self.queue, (at, self.count, story))

    def run(self) -> None:
        """Play everything that is due before now."""
        with using(clock=self.clock):
            while self.queue:
                at, _, story = heapq.heappop(self.queue)
                self.clock.at = at
                self._push(story)
                run_until_idle()
