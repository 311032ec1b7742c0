"""Ports to the world outside the program: clock, ids and disk. A simulator swaps all of them at once.

`now()`, `today()` and `new_id()` are what product code calls; `using(...)` replaces a port for a block, in
this thread of control only.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")


class Clock(Protocol):
    """Says what time it is, in UTC."""

    def now(self) -> datetime: ...


class Ids(Protocol):
    """Gives ids that sort by time (UUID version 7, RFC 9562)."""

    def new(self) -> UUID: ...


class Originals(Protocol):
    """Content-addressed store of originals: bytes in, SHA-256 (hex) out; what is put is never altered."""

    def put(self, content: bytes) -> str: ...

    def get(self, sha256: str) -> bytes: ...

    def has(self, sha256: str) -> bool: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands still until told otherwise."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class TimeIds:
    """UUIDv7 from the machine's time and its random source."""

    def new(self) -> UUID:
        return _uuid7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big"))


class SeededIds:
    """UUIDv7 from the port's own clock and a seeded generator: the same seed gives the same ids."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = 0

    def new(self) -> UUID:
        self._count += 1
        millis = int(now().timestamp() * 1000)
        return _uuid7(millis, (self._count << 48 | self._random.getrandbits(48)) & ((1 << 80) - 1))


def _uuid7(millis: int, noise: int) -> UUID:
    value = (millis & ((1 << 48) - 1)) << 80 | (noise & ((1 << 80) - 1))
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(0x3 << 62) | 2 << 62
    return UUID(int=value)


class FolderOriginals:
    """Originals in a folder, two levels by hash. A file is complete before it has its name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise KeyError(sha256)
        return self.folder / sha256[:2] / sha256[2:4] / sha256

    def put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{digest}.{os.getpid()}.{os.urandom(4).hex()}")
        with open(part, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, path)
        return digest

    def get(self, sha256: str) -> bytes:
        try:
            return self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise KeyError(sha256) from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()


class MemoryOriginals:
    """Originals in memory, for simulators and tests of rules."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def get(self, sha256: str) -> bytes:
        return self.kept[sha256]

    def has(self, sha256: str) -> bool:
        return sha256 in self.kept


@dataclass(frozen=True)
class Ports:
    """The set in force."""

    clock: Clock
    ids: Ids
    originals: Originals | None = None


_default = Ports(SystemClock(), TimeIds())
_ports: ContextVar[Ports | None] = ContextVar("avrop_ports", default=None)


def ports() -> Ports:
    """The ports in force here."""
    return _ports.get() or _default


def install(*, originals: Originals) -> None:
    """Set the process-wide store of originals (settings does this once at start)."""
    global _default
    _default = replace(_default, originals=originals)


@contextmanager
def using(
    *, clock: Clock | None = None, ids: Ids | None = None, originals: Originals | None = None
) -> Iterator[Ports]:
    """Replace some ports for the block."""
    current = ports()
    mine = Ports(clock or current.clock, ids or current.ids, originals or current.originals)
    token = _ports.set(mine)
    try:
        yield mine
    finally:
        _ports.reset(token)


def now() -> datetime:
    """The time in UTC."""
    return ports().clock.now()


def today() -> date:
    """The business date in Norway."""
    return now().astimezone(OSLO).date()


def new_id() -> UUID:
    """A new id that sorts by time."""
    return ports().ids.new()


def originals() -> Originals:
    """The store of originals. Raises RuntimeError where none is installed."""
    store = ports().originals
    if store is None:
        raise RuntimeError("no store of originals is installed")
    return store
