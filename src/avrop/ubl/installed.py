"""What is installed: the index of releases on disk, with the dates they hold for and the editions they have had.

A rule set of a release has one current content. Where the operator imports another content under the same release, the
old one is kept as an earlier edition: a document can always be judged again by exactly what judged it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from avrop.ubl.identify import known_documents

if sys.platform != "win32":
    import fcntl

XSD = "UBL-XSD"
# Peppol's reports are no UBL: each has a schema of its own, by its root element.
REPORT_XSD = {
    "EndUserStatisticsReport": "PEPPOL-EUSR-XSD",
    "TransactionStatisticsReport": "PEPPOL-TSR-XSD",
}
ALL_XSD = (XSD, *REPORT_XSD.values())
_NOT_KEPT = ("status", "reason", "valid_to")


@dataclass(frozen=True, slots=True)
class Installed:
    """One rule set of one release.

    `status`: installed, already (the same is there), dated (only its first day is another), replaced (another content
    under the same release) or refused (then `reason`). `valid_to` is the day before the next release's `valid_from`,
    None while there is no later one. `fallbacks`: patterns that Saxon must run. `edition` counts the contents a
    release has had, from 1.
    """

    name: str
    release: str
    valid_from: date | None
    sha256: str
    asserts: int
    source: str
    content: str = ""
    status: str = "installed"
    reason: str = ""
    edition: int = 1
    valid_to: date | None = None
    fallbacks: int = 0

    @property
    def title(self) -> str:
        """`PEPPOLBIS-T01 2026.5`, as a verdict names it; of a later edition `PEPPOLBIS-T01 2026.5 (2)`."""
        return f"{self.name} {self.release}" + (f" ({self.edition})" if self.edition > 1 else "")


@dataclass(frozen=True, slots=True)
class Term:
    """A document type (CustomizationID and ProfileIDs) and one release that judges it from day to day."""

    document_type: str
    customization: str
    profiles: tuple[str, ...]
    rule_sets: tuple[str, ...]
    release: str
    valid_from: date | None
    valid_to: date | None


def release_order(release: str) -> tuple[int, ...]:
    """Sorts release numbers as numbers: 1.3.9 before 1.3.16, 2026.5 before 2026.11."""
    return tuple(int(part) for part in re.findall(r"\d+", release))


def _age(entry: Installed) -> tuple[date, tuple[int, ...]]:
    return entry.valid_from or date.min, release_order(entry.release)


def newest(entries: list[Installed]) -> Installed | None:
    """The one with the latest first day, of two with the same day the higher release."""
    return max(entries, key=_age, default=None)


def oldest(entries: list[Installed]) -> Installed | None:
    """The one with the earliest first day, of two with the same day the lower release."""
    return min(entries, key=_age, default=None)


def with_last_days(entries: tuple[Installed, ...]) -> tuple[Installed, ...]:
    """The entries by name and date, each with the day before the next one of its name as its last."""
    ordered = sorted(entries, key=lambda e: (e.name, *_age(e)))
    result = []
    for entry, following in zip(ordered, [*ordered[1:], None], strict=False):
        after = following.valid_from if following and following.name == entry.name else None
        result.append(replace(entry, valid_to=after - timedelta(days=1) if after else None))
    return tuple(result)


def terms(entries: tuple[Installed, ...]) -> tuple[Term, ...]:
    """For each document type with rules installed, the releases that judge it, oldest first."""
    dated = with_last_days(entries)
    return tuple(
        Term(
            known.document_type,
            known.customization,
            tuple(sorted(known.profiles)),
            known.rule_sets,
            entry.release,
            entry.valid_from,
            entry.valid_to,
        )
        for known in known_documents()
        for entry in dated
        if entry.name == known.rule_sets[-1]
    )


class Index:
    """`index.json`: the current entries and the earlier editions. Read by all, written by one at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._file = folder / "index.json"
        self._stamp: tuple[int, int] | None = None
        self.spoiled = (
            False  # what is on disk is no index: as good as nothing, and the next import sets it aside
        )
        self._current: tuple[Installed, ...] = ()
        self._earlier: tuple[Installed, ...] = ()

    def current(self) -> tuple[Installed, ...]:
        """Each rule set of each release, as it is now."""
        self._refresh()
        return self._current

    def earlier(self) -> tuple[Installed, ...]:
        """Contents that were replaced under their release."""
        self._refresh()
        return self._earlier

    def titled(self, title: str) -> Installed | None:
        """The entry that a verdict named so, be it current or replaced since."""
        return next((e for e in (*self.current(), *self.earlier()) if e.title == title), None)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One import at a time; the lock goes with the process, however it ends. Leftovers are swept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            if sys.platform != "win32":
                fcntl.flock(lock, fcntl.LOCK_EX)
            for part in (*self.folder.glob(".*.part"), *(self.folder / "content").glob(".*.part")):
                part.unlink(missing_ok=True)
            yield

    def put(self, new: Installed, dated: bool) -> Installed:
        """Enter what was read and stored; `dated` says that the operator named its first day. With its status."""
        current, earlier = list(self.current()), list(self.earlier())
        old = next((e for e in current if (e.name, e.release) == (new.name, new.release)), None)
        if old is None:
            self._write([*current, new], earlier)
            return new
        if not dated and old.valid_from is not None:
            new = replace(new, valid_from=old.valid_from)
        new = replace(new, edition=old.edition)
        if new.content != old.content:
            former = [e for e in (old, *earlier) if (e.name, e.release) == (new.name, new.release)]
            back = next((e for e in former if e.content == new.content), None)
            new = replace(new, edition=back.edition if back else max(e.edition for e in former) + 1)
            earlier = [*(e for e in earlier if e is not back), old]
        current[current.index(old)] = new
        if new != old:
            self._write(current, earlier)
        return replace(new, status=_status(old, new))

    def _refresh(self) -> None:
        try:
            stat = self._file.stat()
        except FileNotFoundError:
            self._current, self._earlier, self._stamp = (), (), None
            return
        stamp = (stat.st_mtime_ns, stat.st_ino)
        if stamp != self._stamp:
            try:
                kept = json.loads(self._file.read_text("utf-8"))
                current = tuple(_entry(row) for row in kept["installed"])
                earlier = tuple(_entry(row) for row in kept.get("earlier", ()))
            except (ValueError, TypeError, KeyError, AttributeError):
                current, earlier = (), ()
                self.spoiled = True
            self._current, self._earlier, self._stamp = current, earlier, stamp

    def _write(self, current: list[Installed], earlier: list[Installed]) -> None:
        if self.spoiled:
            self._file.replace(self._file.with_suffix(".spoiled"))
            self.spoiled = False
        kept = {"format": 1, "installed": [_row(e) for e in current], "earlier": [_row(e) for e in earlier]}
        store(self._file, json.dumps(kept, indent=1, ensure_ascii=False).encode(), again=True)
        self._stamp = None


def _status(old: Installed, new: Installed) -> str:
    if (old.sha256, old.content) != (new.sha256, new.content):
        return "replaced"
    return "already" if old.valid_from == new.valid_from else "dated"


def _row(entry: Installed) -> dict[str, Any]:
    row = {key: value for key, value in asdict(entry).items() if key not in _NOT_KEPT}
    return {**row, "valid_from": entry.valid_from.isoformat() if entry.valid_from else None}


def _entry(row: dict[str, Any]) -> Installed:
    day = row["valid_from"]
    return Installed(**{**row, "valid_from": date.fromisoformat(day) if day else None})


def store(file: Path, content: bytes, again: bool = False) -> None:
    """Write a file that is complete, and on the disk, before it has its name."""
    if file.exists() and not again:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    with part.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
