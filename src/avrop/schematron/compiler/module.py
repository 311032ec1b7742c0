"""A schema to the text of a Python module: functions for what is asked of a node, tables for where to ask."""

from __future__ import annotations

from collections import ChainMap
from dataclasses import dataclass
from functools import cache

from avrop.schematron.compiler import rules, xslt
from avrop.schematron.compiler.code import Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.forms import emitter
from avrop.schematron.compiler.lets import Lets
from avrop.schematron.compiler.patterns import tested
from avrop.schematron.compiler.top import uses
from avrop.schematron.schema import Let, Schema
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath import parser
from avrop.schematron.xpath.lexer import XPathRefused

# Part of the name of a compiled set on disk: raise it when the module of the same schema changes.
VERSION = 4


@dataclass(frozen=True, slots=True)
class Compiled:
    """`source` is the module's text, `refused` maps places of patterns to why they are not covered.

    `alarms` of the `asserts` are decided by paths alone. `prefixes`: fn:name() is asked for, so the tree must
    be built with the document's own prefixes.
    """

    source: str
    refused: dict[int, str]
    asserts: int
    alarms: int
    prefixes: bool


def compile_schema(schema: Schema, exact: bool = False) -> Compiled:
    """The module of a schema. What is not covered is named in `refused`, pattern by pattern.

    With `exact` the module is slower, and decides as the standard says where an expression ends in an error.
    Raises XPathRefused when a function or key of the schema is not covered.
    """
    e = emitter(exact)

    @cache
    def parse(text: str) -> x.Expression:
        return parser.parse(text, schema.namespaces)

    variables: ChainMap[str, Code] = ChainMap(Lets(e, parse, schema.lets, {}))
    _functions_and_keys(e, schema, variables)
    e.uses = uses(schema, parse)
    # Pattern variables are global in the official stylesheets: one pattern sees another's.
    everywhere = Lets(e, parse, _pattern_lets(schema), variables)
    tables, refused = rules.Tables(), {}
    for pattern in schema.patterns:
        mark = tables.state()
        try:
            own: ChainMap[str, Code] = ChainMap(Lets(e, parse, pattern.lets, everywhere))
            rules.pattern(e, parse, pattern, own, tables)
        except XPathRefused as error:
            refused[pattern.place] = str(error)
            tables.back_to(mark)
    lines = [
        *e.unit.lines,
        _table("CHECKS", tables.checks),
        _table("RULES", tables.rules),
        f"REFUSED = {refused!r}",
        f"PREFIXES = {e.unit.prefixes!r}",
    ]
    return Compiled("\n".join(lines) + "\n", refused, len(tables.checks), tables.alarms, e.unit.prefixes)


def _functions_and_keys(e: Emitter, schema: Schema, variables: ChainMap[str, Code]) -> None:
    for element in schema.functions:
        xslt.register(e, element, schema.namespaces, variables)
    for element in schema.keys:
        xslt.key(e, element, schema.namespaces, variables, lambda found: tested(e, found, variables))


def _pattern_lets(schema: Schema) -> tuple[Let, ...]:
    """Of two of one name the first counts."""
    return tuple(let for pattern in reversed(schema.patterns) for let in pattern.lets)


def _table(name: str, rows: list[str]) -> str:
    return f"{name} = [\n{''.join(row + ',' + chr(10) for row in rows)}]"
