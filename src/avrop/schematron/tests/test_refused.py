"""What the compiler does not cover it refuses by name, pattern by pattern; it never guesses."""

from __future__ import annotations

import pytest

from avrop.schematron import schema
from avrop.schematron.compiler.library.patterns import regex
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.tests.oracle import question
from avrop.schematron.tests.table import SPACES
from avrop.schematron.xpath.lexer import XPathRefused
from avrop.schematron.xpath.parser import parse

EXPRESSIONS = (
    "a instance of xs:string", "current-date() > a", "doc('x')", "a/descendant::node()", "a/preceding::node()",
    "a[if (b) then 1 else 'x']", "10div 2", "replace(a, 'x*', '')", "(1, 'a')[1]", "position() = 1",
    "$unknown",
    "q:a", "a cast as xs:duration", "unknown(a)", "concat(a)", "matches(a, b)", "matches(a, '\\w')", "sum('a')",
    "1/a", "a = ", "a[", "(: no end", "self::text()", "max(('a', 'b'))", "child::comment()", "round(a, 2)",
)  # fmt: skip


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_that_is_not_covered_is_refused_with_its_pattern(expression: str) -> None:
    compiled = compile_schema(schema.read(question("/r", expression, spaces=SPACES)))
    assert list(compiled.refused) == [0]
    assert compiled.asserts == 0


CONTEXTS = (
    "..",
    "a/..",
    "a[last()]",
    "a[b][1]",
    "*[1]",
    "ancestor::a",
    "@x/a",
    "key('k', 'v')",
    "a[number(b)]",
    "a/(b)[1]",
    "(a | b)/(c)[1]",
    "1",
)


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_context_that_is_no_pattern_is_refused(context: str) -> None:
    assert list(compile_schema(schema.read(question(context, "a", spaces=SPACES))).refused) == [0]


PATTERNS = (
    "\\w",
    "\\p{L}",
    "[a-z-[aeiou]]",
    "(?i)a",
    "a++",
    "a{x}",
    "a]",
    "[]a]",
    "(a)\\1",
    "\\",
    "(a",
    "[\\S]",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_that_the_two_languages_read_differently_is_refused(pattern: str) -> None:
    with pytest.raises(XPathRefused):
        regex(pattern)


def test_one_pattern_refused_leaves_the_others() -> None:
    tree = question("/r", "a = 1", spaces=SPACES)
    tree.append(question("/r", "current-date() = a")[-1])
    compiled = compile_schema(schema.read(tree))
    assert (list(compiled.refused), compiled.asserts) == ([1], 2)


@pytest.mark.parametrize(
    ("one", "other"), [("a = 1", "a = 1.0"), ("a = 1.0", "a = 1e0"), ("a = 1", "a = '1'")]
)
def test_numbers_of_different_types_are_different_expressions(one: str, other: str) -> None:
    assert parse(one, {}) != parse(other, {})
