"""Acts of the demo's people: each done once, however often its story is told.

A story is a generator. What it does to the installation it does through functions marked `@once`. While a story
is told by a `Telling`, every such call is numbered; its result goes into the notebook when it is done. A demo
that was stopped tells its stories again from the start: acts that stand in the notebook are not done again but
give what they gave the first time, and the story is soon where it was.

Each act has ids of its own, seeded by story and number: so the same seed gives the same ids whatever happens
in between, and an act that was committed just before the power went cannot be committed a second time.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import IntegrityError

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import SeededIds, using

P = ParamSpec("P")
R = TypeVar("R")
Found = Callable[..., Any]


class Notebook:
    """What every act gave, one line each, by story. Without a folder it is kept in memory only."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.known: dict[str, list[Any]] = {}
        self.begun = path is not None and path.exists()  # somebody wrote, or was about to, and was stopped
        if path is not None and self.begun:
            self._read(path)
        elif path is not None:
            path.touch()

    def _read(self, path: Path) -> None:
        whole = path.read_bytes()
        cut = whole.rfind(b"\n") + 1
        for line in whole[:cut].splitlines():
            story, result = json.loads(line)
            self.known.setdefault(story, []).append(_unpacked(result))
        if cut != len(whole):  # the power went in the middle of a line
            os.truncate(path, cut)

    def write(self, story: str, result: Any) -> None:
        """The next act of the story is done."""
        self.known.setdefault(story, []).append(result)
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as handle:
                handle.write(json.dumps([story, _packed(result)]) + "\n")


def _packed(result: Any) -> Any:
    return {"id": result.hex} if isinstance(result, UUID) else result


def _unpacked(result: Any) -> Any:
    return UUID(result["id"]) if isinstance(result, dict) else result


@dataclass
class Telling:
    """One story being told. `doubtful`: the next new act may have been done just before a stop."""

    key: str
    seed: int
    notebook: Notebook
    before_act: Callable[[Telling], None] = lambda current: None
    doubtful: bool = False
    count: int = 0
    fresh: int = field(default=0)  # acts really done since somebody looked

    @property
    def spent(self) -> bool:
        """Whether every act in the notebook has been told."""
        return self.count >= len(self.notebook.known.get(self.key, []))

    def ids(self, more: str = "") -> SeededIds:
        """Ids of the next act, or of what it gives rise to."""
        digest = hashlib.sha256(f"{self.seed}/{self.key}/{self.count}{more}".encode()).digest()
        return SeededIds(int.from_bytes(digest[:8], "big"))

    def do(self, act: Callable[[], Any], again: Callable[[], Any]) -> Any:
        """The act's result: from the notebook, or by doing it now."""
        known = self.notebook.known.get(self.key, [])
        if self.count < len(known):
            self.count += 1
            return known[self.count - 1]
        self.before_act(self)
        result = self._done(act, again)
        self.notebook.write(self.key, result)
        self.count += 1
        self.fresh += 1
        return result

    def _done(self, act: Callable[[], Any], again: Callable[[], Any]) -> Any:
        doubtful, self.doubtful = self.doubtful, False
        try:
            with using(ids=self.ids()):
                return act()
        except (Refusal, IntegrityError, LookupError, StopIteration):
            if not doubtful:
                raise
            with using(ids=self.ids()):
                return again()


_telling: ContextVar[Telling | None] = ContextVar("avrop_demo_telling", default=None)


@contextmanager
def telling(one: Telling | None) -> Iterator[None]:
    """Acts in the block belong to this story."""
    reset = _telling.set(one)
    try:
        yield
    finally:
        _telling.reset(reset)


def once(again: Found | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function as an act. Its result must be JSON or an id.

    `again` finds the result of an act that was done just before a stop and is not in the notebook.
    """

    def mark(act: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(act)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            current = _telling.get()
            if current is None:
                return act(*args, **kwargs)
            with telling(None):  # what an act does inside itself is not an act of its own
                return current.do(
                    lambda: act(*args, **kwargs), lambda: again(*args, **kwargs) if again else None
                )

        return run

    return mark
