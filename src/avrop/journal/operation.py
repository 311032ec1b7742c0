"""The shape of a write: one transaction, at least one journal entry, and the delivery it finishes.

    @operation
    def accept(*, order_id: UUID) -> None: ...

The decorator opens the transaction and refuses to nest; the body asks rules, writes rows and calls
`journal.within.record(...)`; when the body ends the entries get their place in the tenant's chain and the
delivery being handled (if any) is marked done, all in the same commit.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError, connection, transaction

from avrop.journal import chain
from avrop.kernel import points
from avrop.kernel.ports import now

P = ParamSpec("P")
R = TypeVar("R")

TRIES = 5  # deadlocks and serialisation failures on PostgreSQL are tried again from the start


class NestedOperation(RuntimeError):
    """An operation was called inside another one, or inside an open transaction."""


class StaleLease(RuntimeError):
    """Another worker has taken this delivery over; nothing that we did may be kept."""


@dataclass
class Work:
    """What one operation collects before its transaction ends."""

    at: datetime
    drafts: list[chain.Draft] = field(default_factory=list)
    streams: set[str] = field(default_factory=set)  # locked


@dataclass(frozen=True)
class Current:
    """The delivery that this thread of control is handling."""

    id: int
    token: int
    finished: list[bool] = field(default_factory=list)


_work: ContextVar[Work | None] = ContextVar("avrop_work", default=None)
_current: ContextVar[Current | None] = ContextVar("avrop_delivery", default=None)


def work() -> Work:
    """The operation in progress. Raises RuntimeError outside one."""
    current = _work.get()
    if current is None:
        raise RuntimeError("this write needs an open operation")
    return current


@contextmanager
def handling(delivery_id: int, token: int) -> Iterator[Current]:
    """The first operation in the block also finishes this delivery, or commits nothing."""
    current = Current(delivery_id, token)
    reset = _current.set(current)
    try:
        yield current
    finally:
        _current.reset(reset)


@contextmanager
def detached() -> Iterator[None]:
    """Operations in the block are somebody else's work (the other side of the network), not this delivery's."""
    reset = _current.set(None)
    try:
        yield
    finally:
        _current.reset(reset)


def operation(body: Callable[P, R]) -> Callable[P, R]:
    """Make `body` (keyword-only) the one way to make its change. See the module's text."""

    @functools.wraps(body)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if args:
            raise TypeError(f"{body.__name__} takes keywords only")
        if _work.get() is not None or _inside_transaction():
            raise NestedOperation(f"{body.__module__}.{body.__name__}")
        for attempt in range(TRIES):
            try:
                return _once(body, kwargs)
            except OperationalError as error:
                if attempt == TRIES - 1 or not _worth_another_try(error):
                    raise
        raise AssertionError("unreachable")

    return run


def _once(body: Callable[..., R], kwargs: dict[str, Any]) -> R:
    reset = _work.set(Work(at=now()))
    name = f"{body.__module__.removeprefix('avrop.').partition('.')[0]}.{body.__name__}"
    try:
        with transaction.atomic():
            result = body(**kwargs)
            finish(work())
            points.reached(f"before commit: {name}")
        chain.commit_heads()
        points.reached(f"after commit: {name}")
        return result
    except BaseException:
        chain.forget_heads()
        raise
    finally:
        _work.reset(reset)


def finish(done: Work) -> None:
    """Finish the delivery being handled, then chain what was recorded (the head is the last lock)."""
    current = _current.get()
    if current is not None and not current.finished:
        if not chain.mark_done(current.id, current.token, done.at):
            raise StaleLease(f"delivery {current.id}")
        current.finished.append(True)
    chain.append(done.drafts)


def _inside_transaction() -> bool:
    # Tests that run inside one outer transaction say so in settings; nobody else may.
    return connection.in_atomic_block and not getattr(settings, "AVROP_OUTER_TRANSACTION", False)


def _worth_another_try(error: OperationalError) -> bool:
    cause = getattr(error.__cause__, "sqlstate", None)
    return cause in {"40001", "40P01"}
