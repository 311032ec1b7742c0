"""Which characters our font can write. PDF/A and PDF/UA forbid a character without a glyph, and private ones."""

from __future__ import annotations

import re
import struct
from functools import cache

from avrop.web.typst import FONTS

_FONT = "Inter-Regular.ttf"  # the weights cover the same characters
_LONG = re.compile(r"[^\s\u200b]{25,}")
_STEP = 20
_CONTROLS = frozenset("\t\n\r")


@cache
def known() -> frozenset[int]:
    """Code points with a glyph, from the font's own `cmap` table (OpenType, subtable format 12 or 4)."""
    data = (FONTS / _FONT).read_bytes()
    tables = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sIII", data, 12 + 16 * n) for n in range(tables))
    start = next(offset for tag, _sum, offset, _length in records if tag == b"cmap")
    count = struct.unpack_from(">H", data, start + 2)[0]
    places = (start + struct.unpack_from(">HHI", data, start + 4 + 8 * n)[2] for n in range(count))
    found: set[int] = set()
    for place in set(places):
        kind = struct.unpack_from(">H", data, place)[0]
        if kind == 12:
            found |= _ranges(data, place)
        elif kind == 4:
            found |= _segments(data, place)
    return frozenset(code for code in found if not 0xE000 <= code <= 0xF8FF and code < 0xF0000)


def _ranges(data: bytes, place: int) -> set[int]:
    groups = struct.unpack_from(">I", data, place + 12)[0]
    found: set[int] = set()
    for n in range(groups):
        first, last, _glyph = struct.unpack_from(">III", data, place + 16 + 12 * n)
        found.update(range(first, last + 1))
    return found


def _segments(data: bytes, place: int) -> set[int]:
    double = struct.unpack_from(">H", data, place + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", data, place + 14)
    starts = struct.unpack_from(f">{double // 2}H", data, place + 16 + double)
    return {c for a, b in zip(starts, ends, strict=True) for c in range(a, b + 1) if c != 0xFFFF}


def printable(text: str) -> str:
    """The text with what the font cannot write as its number (U+1F389), and a place to break in every long word."""
    codes = known()
    if not all(ord(c) in codes or c in _CONTROLS for c in text):
        text = "".join(c if ord(c) in codes or c in _CONTROLS else f"[U+{ord(c):04X}]" for c in text)
    return _LONG.sub(_broken, text)


def _broken(found: re.Match[str]) -> str:
    word = found[0]
    return "\u200b".join(word[at : at + _STEP] for at in range(0, len(word), _STEP))
