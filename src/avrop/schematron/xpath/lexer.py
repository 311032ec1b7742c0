"""Cuts an XPath expression into tokens, telling `*`, `div` and `and` as operators from names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAME = r"[A-Za-z_\u00c0-\ud7ff\uf900-\ufffd][\w.\-\u00b7]*"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    |(?P<comment>\(:)
    |(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w]))
    |(?P<string>"(?:[^"]|"")*"|'(?:[^']|'')*')
    |(?P<variable>\$[ \t\r\n]*(?:{_NAME}:)?{_NAME})
    |(?P<name>(?:{_NAME}:(?:{_NAME}|\*)|\*:{_NAME}|{_NAME}(?!:[A-Za-z_*])))
    |(?P<symbol>::|//|\.\.|<<|>>|<=|>=|!=|[()\[\],/|@.+\-*=<>?])
    """,
    re.VERBOSE,
)
# After one of these (or at the start) a name is a name and `*` a wildcard, never an operator.
_BEFORE_OPERAND = frozenset((
    "", "(", "[", ",", "/", "//", "|", "@", "::", "+", "-", "=", "!=", "<", "<=", ">", ">=", "<<", ">>", "operator",
))  # fmt: skip
_AFTER_OPERAND = frozenset((")", "]", ".", "..", "?", "*"))
_COMMENT = re.compile(r"\(:|:\)")
_OPERATORS = frozenset((
    "and", "or", "div", "idiv", "mod", "eq", "ne", "lt", "le", "gt", "ge", "is", "to", "union", "intersect",
    "except", "instance", "treat", "cast", "castable", "return", "satisfies", "then", "else", "in",
))  # fmt: skip


class XPathRefused(Exception):
    """Text that is not XPath, or not the part of it that the compiler covers."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: name, operator (a word), symbol, string, number, variable or end."""

    kind: str
    text: str


def tokens(expression: str) -> list[Token]:
    """All tokens with an `end` last. Raises XPathRefused."""
    return [*_cut(expression), Token("end", "")]


def _cut(expression: str) -> Iterator[Token]:
    at, before = 0, ""
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None:
            raise XPathRefused(f"unexpected {expression[at : at + 20]!r}")
        kind, text = match.lastgroup or "", match[0]
        if kind == "comment":
            at = _past_comment(expression, at)
            continue
        at = match.end()
        if kind == "space":
            continue
        if kind == "name" and text in _OPERATORS and before not in _BEFORE_OPERAND:
            kind = "operator"
        if kind == "symbol" and text == "*" and before not in _BEFORE_OPERAND:
            kind = "operator"
        if kind == "string":
            quote = text[0]
            text = text[1:-1].replace(quote * 2, quote)
        elif kind == "variable":
            text = text[1:].strip()
        yield Token(kind, text)
        before = "operator" if kind == "operator" else text if kind == "symbol" else "operand"
        if kind == "symbol" and text in _AFTER_OPERAND:
            before = "operand"


def _past_comment(expression: str, at: int) -> int:
    depth, at = 1, at + 2
    while depth:
        match = _COMMENT.search(expression, at)
        if match is None:
            raise XPathRefused("a comment does not end")
        depth += 1 if match[0] == "(:" else -1
        at = match.end()
    return at
