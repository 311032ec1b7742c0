"""Texts to try: what an expression names, what its patterns match, numbers of organisations, and odd things."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from avrop.schematron.compiler.scope import _OF_CONTEXT, parts
from avrop.schematron.xpath import ast as x

ODD = ("zzz", "", " ", "0", "1", "-1", "1.005", "99999", "1.234567", "NaN", "2026-02-30", "A B", "x" * 310)
# Numbers of organisations and taxpayers in the forms that rules ask for, check digits right where there are any.
NUMBERS = (
    "7300010000001", "984661185", "NO984661185MVA", "5567321707", "SE556732170701", "51824753556", "DK12345678",
    "DK12345678123", "DK12345678 12", "12345678", "NL123456789B01", "123456789012", "12345678901234567890",
    "0410032613", "BE0410032613", "ABC123", "IT12345678901", "00743110157", "IT00743110157", "RSSMRA85T10A562S",
    "00000003", "0202239951", "SE:1234-5678", "123456785", "1234567897", "EL094259216", "094259216",
)  # fmt: skip


def literals(tree: Any) -> Iterator[str]:
    """The texts and numbers of an expression; of a list of codes each."""
    if isinstance(tree, x.Literal):
        text = str(tree.value)
        yield text
        words = text.replace(",", " ").replace("|", " ").split()
        if len(words) > 1:
            yield from words
    elif isinstance(tree, x.Call) and tree.name in ("fn:true", "fn:false"):
        yield tree.name.removeprefix("fn:")
    for part in tree if isinstance(tree, tuple) else parts(tree):
        yield from literals(part)


def leaves(tree: Any) -> Iterator[Any]:
    """The paths and variables an expression looks at, the longest first."""
    if isinstance(tree, x.Path | x.Step | x.Variable | x.ContextItem | x.Filter):
        yield tree
        return
    if of_context(tree):
        yield x.ContextItem()
    for part in tree if isinstance(tree, tuple) else parts(tree):
        yield from leaves(part)


def of_context(tree: Any) -> bool:
    """Whether a call without arguments asks of the context item."""
    return isinstance(tree, x.Call) and not tree.arguments and tree.name in _OF_CONTEXT


def fitting(pattern: str, rng: Random) -> str:
    """A text that a plain pattern matches; "" for one that is not plain."""
    try:
        return _drawn(_parser.parse(pattern), rng)
    except (re.error, NotImplementedError):
        return ""


def _drawn(tree: Any, rng: Random) -> str:
    out = ""
    for kind, said in tree:
        match str(kind):
            case "LITERAL":
                out += chr(said)
            case "IN":
                out += _one_of(said, rng)
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inner = said
                out += "".join(_drawn(inner, rng) for _ in range(rng.randint(least, min(most, least + 3))))
            case "SUBPATTERN":
                out += _drawn(said[-1], rng)
            case "BRANCH":
                out += _drawn(rng.choice(said[1]), rng)
            case "ANY":
                out += "x"
            case "AT":
                pass
            case _:
                raise NotImplementedError(kind)
    return out


def _one_of(said: Any, rng: Random) -> str:
    kind, what = rng.choice(said)
    match str(kind):
        case "LITERAL":
            return chr(what)
        case "RANGE":
            return chr(rng.randint(*what))
        case "CATEGORY":
            return {"CATEGORY_DIGIT": "7", "CATEGORY_SPACE": " "}.get(str(what), "x")
    return rng.choice("aZ5 /-")
