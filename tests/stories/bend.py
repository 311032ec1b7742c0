"""Bends a good document a little, at random but the same for the same seed."""

from __future__ import annotations

import random
import re

VALUE = re.compile(rb">([^<>]+)<")
TAG = re.compile(rb"</?[\w:]+")
ATTRIBUTE = re.compile(rb'"([^"<>]*)"')
ELEMENT = re.compile(rb"<(cbc:\w+)[^<>]*>[^<>]*</\1>")
# What a value can be that nobody thought of.
NASTY = [
    b"", b" ", b"\t\n", b"0", b"-0", b"-1", b"00000000001", b"1e999", b"-1e-999", b"NaN", b"INF", b"Infinity",
    b"1,5", b"1.5.5", b"+1", b"0x10", b"1_000", b"9" * 40, b"0." + b"9" * 40, b"9223372036854775808",
    b"99999999999999999.99", b"2026-02-30", b"0000-00-00", b"9999-12-31", b"-2026-01-01", b"2026-01-01Z",
    b"2026-01-01+14:00", b"24:00:00", b"&#0;", b"&#1;", b"&#xFFFE;", b"&#x10FFFF;", b"&canary;", b"&amp;lt;",
    "١٢٣".encode(), "²".encode(), "\u202e\u0000x".replace("\u0000", "").encode(), "é" .encode("latin-1"),
    b"A" * 5000, "å".encode() * 400, b"%(number)s", b"%s%n", b"{0.__class__}", b"' OR 1=1 --", b"<![CDATA[x]]>",
    b"<script>alert(1)</script>", b"../../etc/passwd", b"file:///etc/passwd", b"\x00", b"\x0b", b"\xef\xbf\xbe",
    b"true", b"EUR", b"XXX", b"0192:", b"NOK ",
]  # fmt: skip


def bend(raw: bytes, seed: int) -> bytes:
    """`raw` with one to four faults in it."""
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        raw = chance.choice((_value, _value, _value, _attribute, _bytes, _cut, _twice, _gone, _tag))(
            raw, chance
        )
    return raw


def _spot(raw: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(max(1, len(raw)))
    return start, min(len(raw), start + chance.choice((1, 1, 2, 8, 200, 3000)))


def _bytes(raw: bytes, chance: random.Random) -> bytes:
    start, end = _spot(raw, chance)
    return raw[:start] + chance.randbytes(chance.choice((0, 1, 1, 2, 8))) + raw[min(end, start + 8) :]


def _cut(raw: bytes, chance: random.Random) -> bytes:
    start, end = _spot(raw, chance)
    return raw[:start] + raw[end:]


def _twice(raw: bytes, chance: random.Random) -> bytes:
    return _replace(ELEMENT, raw, chance, lambda found: found[0] * chance.choice((2, 3, 30)), whole=True)


def _gone(raw: bytes, chance: random.Random) -> bytes:
    return _replace(ELEMENT, raw, chance, lambda found: b"", whole=True)


def _value(raw: bytes, chance: random.Random) -> bytes:
    return _replace(VALUE, raw, chance, lambda found: chance.choice(NASTY))


def _attribute(raw: bytes, chance: random.Random) -> bytes:
    return _replace(ATTRIBUTE, raw, chance, lambda found: chance.choice(NASTY).replace(b'"', b""))


def _tag(raw: bytes, chance: random.Random) -> bytes:
    other = TAG.findall(raw)
    return _replace(TAG, raw, chance, lambda found: chance.choice(other), whole=True) if other else raw


def _replace(pattern, raw, chance, make, whole=False):
    found = list(pattern.finditer(raw))
    if not found:
        return raw
    one = chance.choice(found)
    start, end = one.span(0 if whole else 1)
    return raw[:start] + make(one) + raw[end:]
