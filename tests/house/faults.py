"""Lets the n-th call of the database or the disk fail: the disk is full, or the database is locked.

What counts as a call: each statement, each COMMIT, each file opened to write or renamed in the data folder. A locked
database fails one call; a full disk fails every write from that call on, until it is freed.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

READS = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SHOW", "SET")


class Faults:
    """Counts calls; from `arm` on the n-th fails."""

    def __init__(self, kind: str) -> None:
        self.kind = kind  # "full" or "locked"
        self.at = 0
        self.calls = 0
        self.fired = False
        self.paused = False

    @contextmanager
    def arm(self, n: int) -> Iterator[None]:
        """The n-th call (from 1) in the block fails."""
        self.at, self.calls, self.fired = n, 0, False
        try:
            yield
        finally:
            self.at = 0

    @contextmanager
    def off(self) -> Iterator[None]:
        """The test itself looks: no fault, no count."""
        before, self.paused = self.paused, True
        try:
            yield
        finally:
            self.paused = before

    def _must_fail(self, writes: bool) -> bool:
        if not self.at or self.paused:
            return False
        self.calls += 1
        failing = self.calls == self.at if self.kind == "locked" else writes and self.calls >= self.at
        self.fired = self.fired or failing
        return failing

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """For `connection.execute_wrapper`."""
        if self._must_fail(not sql.lstrip().upper().startswith(READS)):
            raise database_error(self.kind)
        return execute(sql, params, many, context)

    def commit(self) -> None:
        """In the place of the connection's own."""
        if self._must_fail(True):
            raise database_error(self.kind)
        real = connections[DEFAULT_DB_ALIAS]
        type(real)._commit(real)

    def file_event(self, event: str, given: tuple[Any, ...]) -> None:
        """Python's audit events for files; what such a hook raises, the call raises."""
        if event == "open" and isinstance(given[0], str) and isinstance(given[1], str) and given[1] != "r":
            path = given[0]
        elif event == "os.rename":
            path = os.fspath(given[1])
        elif event == "os.mkdir" and not os.path.isdir(given[0]):  # one that is there is no matter
            path = os.fspath(given[0])
        else:
            return
        if str(path).startswith(str(settings.AVROP_DIR)) and self._must_fail(True):
            code = errno.ENOSPC if self.kind == "full" else errno.EAGAIN
            raise OSError(code, os.strerror(code), path)


def database_error(kind: str) -> OperationalError:
    """What Django raises, in the words of the database in use."""
    if connection.vendor == "sqlite":
        import sqlite3

        cause: Exception = sqlite3.OperationalError(
            "database or disk is full" if kind == "full" else "database is locked"
        )
    else:
        from psycopg import errors

        cause = (
            errors.DiskFull("No space left") if kind == "full" else errors.LockNotAvailable("lock timeout")
        )
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


_active: Faults | None = None


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if _active is not None:
        _active.file_event(event, given)


@contextmanager
def faults(kind: str) -> Iterator[Faults]:
    """Faults of this kind are possible in the block."""
    global _active
    if not getattr(_hook, "added", False):
        sys.addaudithook(_hook)  # cannot be taken away again; does nothing outside the block
        _hook.added = True
    _active = Faults(kind)
    connection.ensure_connection()
    connection._commit = _active.commit
    try:
        with connection.execute_wrapper(_active.statement):
            yield _active
    finally:
        del connection._commit
        _active = None
