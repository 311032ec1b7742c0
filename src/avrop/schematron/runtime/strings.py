"""XPath's functions of strings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from avrop.schematron.errors import DynamicError
from avrop.schematron.runtime.numbers import round_double
from avrop.schematron.tree import value

WHITE = " \t\r\n"


_SPACES = re.compile(r"[ \t\r\n]+")


def n1(nodes: Sequence[Any]) -> str:
    """normalize-space of at most one node."""
    if len(nodes) == 1:
        text = nodes[0].text or value(nodes[0])
        return " ".join(text.split()) if text.isascii() else ns(text)
    if nodes:
        raise DynamicError("XPTY0004", "more than one item")
    return ""


def ns(text: str) -> str:
    """fn:normalize-space. str.split() knows more white space than XML does, but none of it is ASCII here."""
    if text.isascii():
        return " ".join(text.split())
    return _SPACES.sub(" ", text).strip(" ")


def substring(text: str, start: float, length: float | None = None) -> str:
    """fn:substring; positions are rounded as fn:round does it."""
    if start != start or (length is not None and length != length):
        return ""
    first = round_double(float(start))
    if length is None:
        if first == math.inf:
            return ""
        return text if first <= 1 else text[int(first) - 1 :]
    last = first + round_double(float(length))
    if last != last:
        return ""
    begin = 0 if first <= 1 else len(text) if first > len(text) else int(first) - 1
    end = 0 if last <= 1 else len(text) if last - 1 >= len(text) else int(last) - 1
    return text[begin:end] if end > begin else ""


def substring_after(text: str, part: str) -> str:
    """fn:substring-after."""
    return text.partition(part)[2] if part else text


def substring_before(text: str, part: str) -> str:
    """fn:substring-before."""
    before, found, _ = text.partition(part) if part else ("", "", "")
    return before if found else ""


def among(text: str, words: frozenset[str], literal: str) -> bool:
    """contains(literal, concat(' ', text, ' ')) for a literal of words with a space on both sides of each."""
    if text in words:
        return True
    return (" " in text or not text) and f" {text} " in literal


def translate(text: str, old: str, new: str) -> str:
    """fn:translate."""
    table: dict[int, str | None] = {}
    for place, char in enumerate(old):
        table.setdefault(ord(char), new[place] if place < len(new) else None)
    return text.translate(table)


def codepoints_to_string(codes: Iterable[int]) -> str:
    """fn:codepoints-to-string. Raises FOCH0001."""
    try:
        return "".join(map(chr, codes))
    except (ValueError, OverflowError):
        raise DynamicError("FOCH0001") from None


def tokenize(text: str, pattern: re.Pattern[str]) -> list[str]:
    """fn:tokenize with a pattern that matches no empty string."""
    if not text:
        return []
    parts, at = [], 0
    for match in pattern.finditer(text):
        parts.append(text[at : match.start()])
        at = match.end()
    parts.append(text[at:])
    return parts
