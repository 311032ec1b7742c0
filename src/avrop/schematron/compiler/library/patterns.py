"""Regular expressions: XPath's, written as Python's. What the two read differently is refused."""

from __future__ import annotations

import re

from avrop.schematron.compiler.code import Code, boolean, string
from avrop.schematron.compiler.emitter import Arguments, Emitter, Maker
from avrop.schematron.compiler.library.arguments import codes, literal
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.values import string_of
from avrop.schematron.runtime.strings import tokenize
from avrop.schematron.xpath.lexer import XPathRefused

# White space, digits and their opposites; the letters in which both languages agree.
_CLASSES = {"s": r"[ \t\n\r]", "S": r"[^ \t\n\r]", "d": r"\d", "D": r"\D"}
_CLASSES_INSIDE = {"s": r" \t\n\r", "d": r"\d"}
_LITERAL = r"\|.-^?*+{}()[]$/"
_TIMES = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")


def regex(pattern: str, flags: str = "") -> str:
    """An XPath regular expression as Python's. Raises XPathRefused for what is not covered."""
    if set(flags) - set("i"):
        raise XPathRefused(f"flags {flags!r}")
    out: list[str] = []
    at = 0
    while at < len(pattern):
        at = (_class if pattern[at] == "[" else _piece)(pattern, at, out)
    text = "".join(out)
    try:
        re.compile(text)
    except re.error as error:
        raise XPathRefused(f"pattern {pattern!r}: {error}") from None
    return ("(?i)" if "i" in flags else "") + text


def _piece(pattern: str, at: int, out: list[str]) -> int:
    """One piece outside a class; the place after it."""
    char, after = pattern[at], pattern[at + 1 : at + 3]
    if char == "\\":
        out.append(_escaped(pattern, at, _CLASSES))
        return at + 2
    if char == "{" and not _TIMES.match(pattern, at):
        raise XPathRefused("a brace that counts nothing")
    if (char == "(" and after[:1] == "?" and after != "?:") or char == "]":
        raise XPathRefused(f"{char} in a pattern")
    if char in "?*+}" and after[:1] in ("*", "+", "{"):
        raise XPathRefused("a quantifier of a quantifier")
    # `$` in Python also matches before a last line end, `.` also matches a carriage return.
    out.append({"$": r"\Z", ".": r"[^\n\r]"}.get(char, char))
    return at + 1


def _class(pattern: str, at: int, out: list[str]) -> int:
    """A character class; the place after it."""
    out.append("[")
    at += 1
    if pattern[at : at + 1] == "^":
        out.append("^")
        at += 1
    if pattern[at : at + 1] == "]":
        raise XPathRefused("an empty class")
    while at < len(pattern) and pattern[at] != "]":
        char = pattern[at]
        if char == "[":
            raise XPathRefused("a class within a class")
        # These are written twice in classes of Python to come.
        out.append(
            _escaped(pattern, at, _CLASSES_INSIDE) if char == "\\" else "\\" + char if char in "&~|" else char
        )
        at += 2 if char == "\\" else 1
    out.append("]")
    return at + 1


def _escaped(pattern: str, at: int, classes: dict[str, str]) -> str:
    char = pattern[at + 1 : at + 2]
    if char in classes:
        return classes[char]
    if char and char in "nrt":
        return "\\" + char
    if char and char in _LITERAL:
        return re.escape(char)
    raise XPathRefused(f"\\{char} in a pattern")


def _compiled(e: Emitter, pattern: Code, flags: Code | None = None) -> tuple[str, str]:
    """(name, text) of a pattern, which must be known beforehand."""
    written, options = literal(pattern), literal(flags) if flags is not None else ""
    if written is None or options is None:
        raise XPathRefused("a pattern that is not known beforehand")
    text = regex(written, options)
    return e.unit.define(("regex", text), "R", f"re.compile({text!r})"), text


def _matches(e: Emitter, a: Arguments, scope: Scope) -> Code:
    whole, pattern, *flags = codes(e, a, scope, 2, 3)
    name, _ = _compiled(e, pattern, *flags)
    return boolean(f"({name}.search({string_of(e, whole)}) is not None)")


def _replace(e: Emitter, a: Arguments, scope: Scope) -> Code:
    whole, pattern, replacement = codes(e, a, scope, 3)
    name, _ = _never_empty(e, pattern)
    instead = literal(replacement)
    if instead is None or set(instead) & set("$\\"):
        raise XPathRefused("a replacement with groups")
    return string(f"{name}.sub({instead!r}, {string_of(e, whole)})")


def _never_empty(e: Emitter, pattern: Code) -> tuple[str, str]:
    name, text = _compiled(e, pattern)
    if re.search(text, ""):
        raise XPathRefused("a pattern that fits nothing")
    return name, text


def _tokenize(e: Emitter, a: Arguments, scope: Scope) -> Code:
    whole, *pattern = codes(e, a, scope, 1, 2)
    if not pattern:
        word = e.fresh()
        # Not split(): it would also part words at a no-break space.
        return Code(
            "string", "*", "", ((f"for {word} in ns({string_of(e, whole)}).split(' ')", f"if {word}"), word)
        )
    name, text = _never_empty(e, pattern[0])
    known = literal(whole)
    if known is not None:
        words = tuple(tokenize(known, re.compile(text)))
        return Code("string", "*", e.unit.constant(words), const=words)
    return Code("string", "*", f"tokenize({string_of(e, whole)}, {name})")


FUNCTIONS: dict[str, Maker] = {"matches": _matches, "replace": _replace, "tokenize": _tokenize}
