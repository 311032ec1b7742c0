"""What a document holds beyond its table: kept when it is read, put back where it stood when it is written.

`Part` is the base of every dataclass of a document. Its `rest` is not compared and not shown: two documents
that mean the same are equal, however they were spelled. Every piece belongs to the dataclass whose element it
stood in, so a line that is copied or moved takes its own along. The design and its limit are in
docs/decisions/0006-a-document-is-kept-whole.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

LAST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Unknown:
    """An element no row names: canonical XML, to stand inside the element `inside` (a path in the table, "" is
    the dataclass's own), behind the first `count` occurrences of the known element `after` ("" is the start)."""

    inside: str
    after: str
    count: int
    xml: str


@dataclass(frozen=True, slots=True)
class Exact:
    """The element of a known value as it was spelled (`10.0`, `2026-01-01+01:00`, an attribute no row names).

    Holds while the value is still `value`: the field and those of its attributes. Empty `xml`: the element was
    not there, and the field has what the dataclass says where nothing is said.
    """

    path: str
    index: int
    value: tuple[object, ...]
    xml: str


@dataclass(frozen=True, slots=True)
class Attributes:
    """Attributes of an aggregate that no row names, as they are written (with a space before each)."""

    inside: str
    xml: str


Kept = Unknown | Exact | Attributes


@dataclass(frozen=True, slots=True)
class Part:
    """A dataclass that was read from an element, or can be written as one."""

    rest: tuple[Kept, ...] = field(default=(), compare=False, repr=False, kw_only=True)


class Lookup:
    """The pieces of one dataclass, by where the writer asks for them."""

    __slots__ = ("attributes", "exact", "unknown")

    def __init__(self, rest: Iterable[Kept]) -> None:
        self.exact: dict[tuple[str, int], Exact] = {}
        self.unknown: dict[tuple[str, str], list[tuple[int, str]]] = {}
        self.attributes: dict[str, str] = {}
        for piece in rest:
            if isinstance(piece, Exact):
                self.exact[piece.path, piece.index] = piece
            elif isinstance(piece, Unknown):
                self.unknown.setdefault((piece.inside, piece.after), []).append((piece.count, piece.xml))
            else:
                self.attributes[piece.inside] = piece.xml
        for pieces in self.unknown.values():
            pieces.sort(key=lambda one: one[0])  # stable: those of one place stay in their order

    def spelled(self, path: str, index: int, value: tuple[object, ...]) -> str | None:
        """The element as it was spelled, if it still says the same; None where we write it ourselves."""
        found = self.exact.get((path, index))
        return found.xml if found is not None and found.value == value else None
