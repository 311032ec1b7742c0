"""How words, numbers and amounts are written in the index, and what a person's search asks of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from avrop.kernel.words import fold

LONGEST_WORD = 40
EVERY = b""  # what every purchase mentions; no range that is asked for holds it
_WORD = re.compile(r"[a-z0-9]+")
_PIECE = re.compile(r"\S+")
_AMOUNT_SIZE = 15  # digits of øre, so that amounts stand in order as bytes
# 1 234,50 · 1.234,50 · 1234,50 · 1234.50 · kr 49,00: what can only be an amount.
_AMOUNT = re.compile(
    r"(?<![\w,.])(?:kr\.?\s*)?(\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d{1,12})[,.](\d{2})(?:\s*kr)?(?![\w,.]*\d)",
    re.I,
)
_DIGITS = re.compile(r"^[\d \u00a0\u202f]+$")


@dataclass(frozen=True, slots=True)
class Range:
    """Words from `low` up to, but not with, `high`."""

    low: bytes
    high: bytes


Wanted = tuple[Range, ...]  # one of these ranges must be mentioned


def terms(texts: Iterable[str]) -> set[bytes]:
    """Everything in the texts that can be searched for: each word, and what is written together with signs.

    "P2026-00012" gives p2026, 00012, p202600012 and 12.
    """
    found: set[str] = set()
    for text in texts:
        for piece in _PIECE.findall(fold(text)):
            parts = _WORD.findall(piece)
            found.update(parts)
            if len(parts) > 1:
                found.add("".join(parts))
            if parts and parts[-1].isdigit():
                found.add(parts[-1].lstrip("0"))
    return {word[:LONGEST_WORD].encode() for word in found if len(word) > 1}


def amount_term(minor: int) -> bytes:
    """An amount in øre as a term; the sign does not count."""
    return b"=%0*d" % (_AMOUNT_SIZE, abs(minor))


def asked(query: str) -> list[Wanted]:
    """What a search asks for; everything in the list must be mentioned, of each one of its ranges.

    A word is the beginning of a word. Digits are the beginning of a number, or whole kroner.
    """
    if _DIGITS.match(query) and query.strip():
        return [_number("".join(query.split()))]
    wanted: list[Wanted] = []
    rest = query
    for match in _AMOUNT.finditer(query):
        whole, ore = re.sub(r"\D", "", match[1]), match[2]
        wanted.append((_exactly(amount_term(int(whole) * 100 + int(ore))), *_prefixes(whole + ore)))
        rest = rest.replace(match[0], " ", 1)
    for word in dict.fromkeys(_WORD.findall(fold(rest))):
        wanted.append(_number(word) if word.isdigit() else _prefixes(word))
    return wanted


def _number(digits: str) -> Wanted:
    ranges = _prefixes(digits)
    if len(digits) < _AMOUNT_SIZE - 1:
        least = int(digits) * 100
        ranges += (Range(amount_term(least), amount_term(least + 100)),)
    return ranges


def _prefixes(word: str) -> Wanted:
    low = word[:LONGEST_WORD].encode()
    return (Range(low, low + b"\xff"),)


def _exactly(term: bytes) -> Range:
    return Range(term, term + b"\x00")
