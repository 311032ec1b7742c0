"""Cutting a document of many lines into pieces that are documents themselves: the root's tag around some lines.

Where a cut is right need not be known beforehand. If each piece is well-formed with the root's tag around it, the
whole is well-formed and its tree is theirs put together; if a cut fell wrongly, a piece is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.parsers import expat

# A head of more elements than this is not looked through for the first line.
_MOST_IN_HEAD = 20_000
# Bytes of a tag, and of all up to the end of the root's: that goes with every piece.
_LONGEST = 200_000
_LONGEST_OPENING = 20_000
_STEP = 65_536
_TAG = re.compile(rb"""<([^\s/>"']+)(?:[^"'<>]|"[^"<]*"|'[^'<]*')*>""")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)


class OnDisk:
    """A file as if it were bytes: sliced, and never in memory as a whole. Use it with `with`."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._size = path.stat().st_size

    def __enter__(self) -> OnDisk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, end, _ = part.indices(self._size)
        self._file.seek(start)
        return self._file.read(max(0, end - start))


Content = bytes | OnDisk


class _First(Exception):
    """The first line begins here."""


@dataclass(frozen=True, slots=True)
class Cut:
    """How a document is cut. `opening` is all up to the end of the root's tag, `closing` the root's end tag."""

    content: Content
    opening: bytes
    closing: bytes
    first: int
    name: bytes

    def head(self) -> bytes:
        """The document without its lines."""
        return self.content[: self.first] + self.closing

    def pieces(self, size: int) -> Iterator[bytes]:
        """The lines, some at a time: of at least `size` bytes, cut before an element of the first line's name."""
        at = self.first
        while True:
            end = self._next(at + max(size, 1))
            if end < 0:
                yield self.opening + self.content[at:]
                return
            yield self.opening + self.content[at:end] + self.closing
            at = end

    def _next(self, start: int) -> int:
        mark = re.compile(re.escape(self.name) + rb"[\s/>]")
        for at in range(start, len(self.content), _STEP):
            found = mark.search(self.content[at : at + _STEP + len(self.name)])
            if found:
                return at + found.start()
        return -1


def cut(content: Content, lines: frozenset[str]) -> Cut | None:
    """Where the first child of the root with one of these names begins; None where it is not to be cut.

    That is: no line, another encoding than UTF-8, a DOCTYPE, a head that is no XML or has very many elements.
    """
    start = content[:200]
    if (
        start.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
        or b"\x00" in start
        or _DECLARED.match(start)
    ):
        return None
    root, first = _positions(content, lines)
    if first < 0:
        return None
    opening, line = _TAG.match(content[root : root + _LONGEST]), _TAG.match(content[first : first + _LONGEST])
    if opening is None or line is None or root + opening.end() > _LONGEST_OPENING:
        return None
    return Cut(content, content[: root + opening.end()], b"</" + opening[1] + b">", first, b"<" + line[1])


def _positions(content: Content, lines: frozenset[str]) -> tuple[int, int]:
    """Where the root's tag and the first line's begin, in bytes; -1 where there is none."""
    parser = expat.ParserCreate("utf-8", "}")
    root, first, depth, seen = -1, -1, 0, 0

    def begin(name: str, _attributes: dict[str, str]) -> None:
        nonlocal root, first, depth, seen
        depth += 1
        seen += 1
        if depth == 1:
            root = parser.CurrentByteIndex
        elif depth == 2 and ("{" + name if "}" in name else name) in lines:
            first = parser.CurrentByteIndex
            raise _First
        elif seen > _MOST_IN_HEAD:
            raise ValueError("a long head")

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_: Any) -> None:
        raise ValueError("DOCTYPE")

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.StartDoctypeDeclHandler = refuse
    try:
        for at in range(0, len(content), _STEP):
            parser.Parse(content[at : at + _STEP])
    except _First:
        return root, first
    except (expat.ExpatError, ValueError):
        pass
    return -1, -1
