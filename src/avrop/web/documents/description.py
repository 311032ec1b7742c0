"""What a document says, neither HTML nor paper yet: sections of fields, tables of lines, notices, attached files.

Every text is in the reader's language and safe to look at (`visible`); no text is markup. `term` is the number of the
business term or group of EN 16931-1 (BT-1, BG-16), or empty where the standard has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, overload

LONGEST = 20_000  # characters of one text that are shown
_CUT = " […]"
# What turns the direction of the text around it, or breaks the line, without being seen: an old trick with file names.
_UNSEEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029\ufeff\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is said. `strong` for the sum that counts."""

    label: str
    value: str
    term: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together. `numeric`: they are amounts. `language`: of the labels, where not the page's."""

    title: str
    fields: tuple[Field, ...]
    numeric: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The heading of a column."""

    label: str
    term: str = ""
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and what else is said of the first of them."""

    cells: tuple[str, ...]
    more: tuple[Field, ...] = ()


class Rows(Sequence[Row]):
    """Rows made when they are looked at: of two thousand lines a page shows fifty."""

    def __init__(self, things: Sequence[Any], make: Callable[[Any], Row]) -> None:
        self._things, self._make = things, make

    def __len__(self) -> int:
        return len(self._things)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            return Rows(self._things[at], self._make)
        return self._make(self._things[at])


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings. `total` is how many the document has, where that is more than are here."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: int = 0

    @property
    def left_out(self) -> int:
        """How many rows the document has that are not here."""
        return max(0, self.total - len(self.rows))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know of how the document is shown."""

    tone: str
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """A whole document. `head` comes first, `parties` side by side, `tables` and `totals` after the lines.

    `lines_first`: the lines are what the reader is after (what came, what was answered), and stand above the parties.
    """

    kind: str
    number: str
    head: Section
    intro: str = ""
    parties: tuple[Section, ...] = ()
    lines: Table | None = None
    tables: tuple[Table, ...] = ()
    totals: Section | None = None
    rest: tuple[Section, ...] = ()
    notices: tuple[Notice, ...] = ()
    lines_first: bool = False
    terms: bool = False  # the numbers of business terms are shown: they are those of an invoice


def visible(text: str | None) -> str:
    """The text with what turns or breaks it unseen written out (U+202E), cut where nobody reads any more."""
    if not text:
        return ""
    if len(text) > LONGEST:
        text = text[:LONGEST] + _CUT
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def field(label: str, value: object, term: str = "", strong: bool = False) -> Field:
    """A field of any text."""
    return Field(label, visible(str(value)) if value not in (None, "") else "", term, strong)


def section(title: str, fields: Iterable[Field], *, numeric: bool = False) -> Section:
    """A section of the fields that say something."""
    return Section(title, tuple(one for one in fields if one.value), numeric)


def said(*sections: Section | None) -> tuple[Section, ...]:
    """The sections that have something in them."""
    return tuple(one for one in sections if one is not None and one.fields)
