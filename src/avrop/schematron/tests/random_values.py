"""Expressions of values drawn at random: numbers, texts, dates and truths, and documents that hold them."""

from __future__ import annotations

from random import Random
from xml.sax.saxutils import escape

from lxml import etree

from avrop.schematron.tests.oracle import question
from avrop.schematron.tests.table import POISON

_TEXTS = (
    "", " ", "a", "A", "abc", "1", "2", "-1", "1.50", "007", "1e3", "x y", " x  y ", "NaN", "INF", "-0", "æøå",
    "STRASSE", "ß", "Σίσυφος", "Ǆ", "ﬁ", "𝟏", "2026-02-28", "2024-02-29", "0000-02-29", "2026-02-28Z", "0",
    "2026-02-28+01:00", "9999999999", "10000000000", "9007199254740992", "9007199254740993", "true", "0.1", "0.30",
)  # fmt: skip
_NUMBERS = (
    "0", "1", "2", "3", "10", "-1", "0.5", "2.5", "1.005", "0.1", "100.00", "1e0", "0.1e0", "1e6", "1e-7", "2e15",
    "9007199254740992", "9007199254740993", "9007199254740993.5", "12345678901234567890", "0.000000000000000000001",
)  # fmt: skip
_PATTERNS = ("^[0-9]+$", "a|b", "[A-Z]{2}", r"\s+", r"\d", "^.$", "(x)(y)?", r"[^a-z]", "ø", r"^\S*$", "[-a]")
_CASTS = ("xs:decimal", "xs:integer", "xs:double", "xs:date", "xs:boolean", "xs:string")


def _quoted(text: str) -> str:
    return f"'{text}'"


def text(rng: Random, depth: int) -> str:
    """A string or an untyped value."""
    if depth == 0 or rng.random() < 0.25:
        return rng.choice(
            (_quoted(rng.choice(_TEXTS)), "a[1]", "b[1]", "@x", "string(a[1])", "string(.)", "$v")
        )
    one = text(rng, depth - 1)
    match rng.randrange(14):
        case 0:
            return f"concat({one}, {value(rng, depth - 1)})"
        case 1:
            return f"substring({one}, {number(rng, depth - 1)})"
        case 2:
            return f"substring({one}, {number(rng, depth - 1)}, {number(rng, depth - 1)})"
        case 3:
            return f"normalize-space({one})"
        case 4:
            return f"{rng.choice(('upper-case', 'lower-case'))}({one})"
        case 5:
            return f"translate({one}, {text(rng, 0)}, {text(rng, 0)})"
        case 6:
            return f"substring-{rng.choice(('before', 'after'))}({one}, {text(rng, 0)})"
        case 7:
            return f"string-join({rng.choice(('a', 'b', '(a, b)', '(a | b)', 'a/@x'))}, {text(rng, 0)})"
        case 8:
            return f"replace({one}, '{rng.choice(_PATTERNS)}', {rng.choice(('', 'z', 'æ'))!r})"
        case 9:
            return f"string({number(rng, depth - 1)})"
        case 10:
            return f"xs:string({value(rng, depth - 1)})"
        case 11:
            return f"codepoints-to-string(reverse(string-to-codepoints({one})))"
        case 12:
            return f"tokenize({one}, '{rng.choice(_PATTERNS)}')[{rng.randrange(1, 4)}]"
    return f"(if ({truth(rng, depth - 1)}) then {one} else {text(rng, depth - 1)})"


def number(rng: Random, depth: int) -> str:
    """A number, or what is taken for one."""
    if depth == 0 or rng.random() < 0.25:
        return rng.choice(
            (rng.choice(_NUMBERS), rng.choice(_NUMBERS), "count(a)", "number(a[1])", "a[1]", "$n")
        )
    one = number(rng, depth - 1)
    match rng.randrange(9):
        case 0 | 1:
            return f"({one} {rng.choice(('+', '-', '*', 'div', 'mod', 'idiv'))} {number(rng, depth - 1)})"
        case 2:
            return f"{rng.choice(('round', 'floor', 'ceiling', 'abs', '-'))}({one})"
        case 3:
            return f"number({text(rng, depth - 1)})"
        case 4:
            return f"string-length({text(rng, depth - 1)})"
        case 5:
            return f"{rng.choice(('sum', 'max', 'min'))}({rng.choice(('a', 'b', '(a, b)', 'a/@x', 'zz'))})"
        case 6:
            return f"{rng.choice(('xs:decimal', 'xs:integer', 'xs:double'))}({value(rng, depth - 1)})"
        case 7:
            return f"{rng.choice(('sum', 'max', 'min'))}(for $i in a return xs:decimal($i))"
    return f"{rng.choice(('sum', 'max', 'min'))}(({one}, {number(rng, depth - 1)}))"


def truth(rng: Random, depth: int) -> str:
    """A truth."""
    match rng.randrange(12) if depth else 0:
        case 0 | 1:
            return f"{value(rng, 0)} {rng.choice(('=', '!=', '<', '<=', '>', '>='))} {value(rng, 0)}"
        case 2 | 3:
            kind = rng.choice((text, number))
            sign = rng.choice(("=", "!=", "<", "<=", ">", ">=", "eq", "ne", "lt", "ge"))
            return f"{kind(rng, depth - 1)} {sign} {kind(rng, depth - 1)}"
        case 4:
            return f"xs:date({text(rng, 0)}) {rng.choice(('=', '<', '>='))} xs:date({text(rng, 0)})"
        case 5:
            name = rng.choice(("contains", "starts-with", "ends-with"))
            return f"{name}({text(rng, depth - 1)}, {text(rng, depth - 1)})"
        case 6:
            return f"matches({text(rng, depth - 1)}, '{rng.choice(_PATTERNS)}'{rng.choice(('', '', ', ' + repr('i')))})"
        case 7:
            return f"{text(rng, depth - 1)} castable as {rng.choice(_CASTS)}{rng.choice(('', '?'))}"
        case 8:
            return f"({truth(rng, depth - 1)}) {rng.choice(('and', 'or'))} ({truth(rng, depth - 1)})"
        case 9:
            return f"not({value(rng, depth - 1)})"
        case 10:
            return (
                f"({rng.choice(('some', 'every'))} $i in {rng.choice('ab')} satisfies $i = {value(rng, 0)})"
            )
    return f"boolean({value(rng, depth - 1)})"


def value(rng: Random, depth: int) -> str:
    """Any of these, or several."""
    match rng.randrange(5):
        case 0:
            return rng.choice(("a", "b", "a/@x", "('a', 'b')", "(1, 2)", "()", "distinct-values(a)", "zz"))
        case 1 | 2:
            return text(rng, depth)
        case 3:
            return f"({truth(rng, depth - 1)})" if depth else "true()"
    return number(rng, depth)


def schema(rng: Random) -> etree._Element:
    """One rule that asks whether something is so, and tells a value."""
    told = rng.choice((text, number, value))(rng, 2) if rng.random() < 0.7 else ""
    own = (("v", text(rng, 1).replace("$v", "''").replace("$n", "1")), ("n", rng.choice(_NUMBERS)))
    return question("r", truth(rng, 2) if rng.random() < 0.6 else "true()", told, own=own)


def document(rng: Random) -> bytes:
    """Values that hurt, in a few elements."""
    made = "".join(_element(rng, name) for name in rng.choices("aab", k=rng.randrange(4)))
    return f"<r x='{escape(rng.choice(_TEXTS))}'>{made}</r>".encode()


def _element(rng: Random, name: str) -> str:
    held, own = (escape(rng.choice(rng.choice((_TEXTS, _TEXTS, POISON)))) for _ in range(2))
    return f"<{name} x='{own}'>{held}</{name}>"
