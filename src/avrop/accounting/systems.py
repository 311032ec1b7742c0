"""The port to an accounting system, and its first adapter: a folder that both sides read and write."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

_MOST = 50_000_000  # bytes of an answer that we are willing to read
_looked: dict[Path, tuple[int, int]] = {}  # unreadable answers at the last look: (size, time of change)


class AccountingSystem(Protocol):
    """Takes a batch's files (again under the same name: the same batch) and has answers to give."""

    def deliver(self, name: str, files: Mapping[str, bytes]) -> None:
        """Hand over a batch: ending (`json`, `csv`) -> content."""

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """Answers that wait, as (name, content)."""

    def put_away(self, name: str, *, good: bool) -> None:
        """The answer was dealt with (or could not be read): do not give it again."""

    def still_coming(self, name: str) -> bool:
        """True when what cannot be read may be half of an answer that is being written: look again later."""


class FolderSystem:
    """`out/<batch>.json` and `.csv` for the accounting system, `in/<batch>.json` from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, name: str, files: Mapping[str, bytes]) -> None:
        """A file has its name only when it is complete; the JSON comes last, for it is what is waited for."""
        target = self.folder / "out"
        target.mkdir(parents=True, exist_ok=True)
        for ending in sorted(files, key=lambda one: one == "json"):
            part = target / f".{name}.{ending}.{os.getpid()}"
            with open(part, "wb") as handle:
                handle.write(files[ending])
                handle.flush()
                os.fsync(handle.fileno())
            os.replace(part, target / f"{name}.{ending}")

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """Complete answers, by name. A file too large to be one is given as empty."""
        source = self.folder / "in"
        if not source.is_dir():
            return
        for path in sorted(source.glob("*.json")):
            if path.name.startswith(".") or not path.is_file():
                continue
            yield path.stem, path.read_bytes() if path.stat().st_size <= _MOST else b""

    def put_away(self, name: str, *, good: bool) -> None:
        """Into `in/done` or `in/refused`. What lies there already keeps its name; the new one gets a number."""
        target = self.folder / "in" / ("done" if good else "refused")
        target.mkdir(parents=True, exist_ok=True)
        path = self.folder / "in" / f"{name}.json"
        _looked.pop(path, None)
        with contextlib.suppress(FileNotFoundError):  # another worker was quicker
            os.replace(path, _free(target, name))

    def still_coming(self, name: str) -> bool:
        """True at the first look, and as long as size or time of change are new at every look."""
        path = self.folder / "in" / f"{name}.json"
        try:
            seen = path.stat()
        except FileNotFoundError:
            return True
        before = _looked.get(path)
        _looked[path] = now = (seen.st_size, seen.st_mtime_ns)
        return before != now


def _free(folder: Path, name: str) -> Path:
    path, n = folder / f"{name}.json", 1
    while path.exists():
        path, n = folder / f"{name}.{n}.json", n + 1
    return path
