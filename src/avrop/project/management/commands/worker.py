"""`avrop worker`: a worker alone."""

from __future__ import annotations

import logging
import os
import signal
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext_lazy

from avrop.accounting import jobs as accounting
from avrop.demo.fill import unfinished
from avrop.desk import jobs as desk
from avrop.journal import audit, worker
from avrop.project.management.base import AvropCommand

log = logging.getLogger("avrop.worker")

NAP = 0.1  # seconds between looks at an empty queue
ANSWERS_EVERY = 1.0  # seconds between looks for answers of the accounting system
LATE_EVERY = 60.0  # seconds between looks for batches that nobody answers
INDEX_EVERY = 2.0  # seconds between looks for what is new to search for
HEADS_EVERY = 600.0  # seconds between copies of the chains' heads
PLANS_EVERY = 900.0  # seconds between looks at how SQLite's tables are filled


class Command(AvropCommand):
    """Delivers events and runs jobs until it is told to end, or its parent is gone."""

    help = gettext_lazy("delivers events and runs jobs: one on SQLite, as many as you like on PostgreSQL")
    example = "avrop worker"

    def run(self, options: dict[str, Any]) -> int:
        self.ending = False
        self.due = dict.fromkeys(("answers", "late", "heads", "index", "plans"), 0.0)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        if connection.vendor == "sqlite":
            worker.release_leases()
        self.year = unfinished(Path(settings.AVROP_DIR)) if settings.AVROP_DEMO else None
        worker.run_forever(self._should_end, self._idle)
        return 0

    def _should_end(self) -> bool:
        # Under `avrop serve` the worker does not outlive its parent, however that one died.
        parent = os.environ.get("AVROP_PARENT")
        return self.ending or bool(parent and os.getppid() != int(parent))

    def _end(self, number: int, frame: object) -> None:
        self.ending = True

    def _idle(self) -> None:
        try:
            self._errands()
        except (DatabaseError, OSError):  # the disk is full or the database away: the errands wait for us
            log.exception("the worker could not do its errands")
            connection.close()
        if self.year is None:
            time.sleep(NAP)
            return
        try:  # a demo fills its year whenever nobody's work waits
            self.year = self.year if self.year.step() else None
        except Exception:  # it goes on with the next start; people's work goes on now
            log.exception("the demo's year stopped")
            self.year = None

    def _errands(self) -> None:
        if self._is_due("answers", ANSWERS_EVERY):
            accounting.read_answers()
        if self._is_due("late", LATE_EVERY):
            accounting.find_late()
        if self._is_due("index", INDEX_EVERY):
            desk.index()
        if self._is_due("heads", HEADS_EVERY):
            audit.write_heads(Path(settings.AVROP_DIR) / "heads")
        if self._is_due("plans", PLANS_EVERY):
            worker.keep_plans()

    def _is_due(self, what: str, every: float) -> bool:
        at = time.monotonic()
        if at < self.due[what]:
            return False
        self.due[what] = at + every
        return True
