"""Rules about the document element: their expressions are about the document, and so can be kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from typing import Any

from avrop.schematron.compiler.lets import Parse
from avrop.schematron.compiler.nodes import TOP
from avrop.schematron.compiler.scope import parts
from avrop.schematron.contexts import Alternative, alternatives
from avrop.schematron.schema import Schema
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


def at_root(found: tuple[Alternative, ...]) -> bool:
    """Whether a context is the document element and nothing else."""
    return all(
        a.rooted and len(a.parts) == 1 and not a.parts[0].deep and a.parts[0].kind == "element" for a in found
    )


def from_top(tree: Any) -> Any:
    """An expression about the document element as one about the document."""
    match tree:
        case x.Step():
            return x.Path(x.Path(x.Root(), TOP), tree)
        case x.ContextItem():
            return x.Path(x.Root(), TOP)
        case x.Path(left, right):
            return x.Path(from_top(left), right)
        case x.Filter(base, predicates):
            return x.Filter(from_top(base), predicates)
        case tuple():
            return tuple(from_top(item) for item in tree)
    if not is_dataclass(tree) or isinstance(tree, type | x.NameTest | x.KindTest):
        return tree
    return replace(tree, **{part.name: from_top(getattr(tree, part.name)) for part in fields(tree)})


def uses(schema: Schema, parse: Parse) -> Counter[x.Expression]:
    """How often each path, call and filter occurs in the checks of a schema."""
    found: Counter[x.Expression] = Counter()
    for pattern in schema.patterns:
        for rule in pattern.rules:
            try:
                top = at_root(alternatives(parse(rule.context)))
                for check in rule.checks:
                    tree = parse(check.test)
                    _count(from_top(tree) if top else tree, found)
            except XPathRefused:
                continue
    return found


def _count(tree: x.Expression, found: Counter[x.Expression]) -> None:
    if isinstance(tree, x.Path | x.Call | x.Filter):
        found[tree] += 1
    for part in parts(tree):
        _count(part, found)
