"""Rule contexts: which paths of element names a context can match at all, and what is left to ask of a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a context: its test, and whether any number of levels may lie above it.

    `kind` is element, attribute, text or document. In a compiled module `predicates` are functions.
    """

    kind: str
    test: x.NameTest | None
    deep: bool
    predicates: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Alternative:
    """A context without `|`: parts from the top. `rooted` contexts start at the document."""

    parts: tuple[Part, ...]
    rooted: bool


def alternatives(tree: x.Expression) -> tuple[Alternative, ...]:
    """The alternatives of a context expression. Raises XPathRefused for what is no pattern."""
    match tree:
        case x.Combine("union", left, right):
            return alternatives(left) + alternatives(right)
        case x.Filter(base, predicates):
            return tuple(_add(alternative, predicates) for alternative in alternatives(base))
        case x.Path(x.Filter() | x.Combine() as left, right):
            return tuple(_below(a, right, False) for a in alternatives(left))
        case x.Path(x.Path() as left, right) if _has_union(left):
            if _any_below(left.right):
                return tuple(_below(a, right, True) for a in alternatives(left.left))
            return tuple(_below(a, right, False) for a in alternatives(left))
    parts: list[Part] = []
    rooted = _walk(tree, parts)
    if rooted and not parts:
        return (Alternative((Part("document", None, False),), True),)
    if any(p.kind in ("attribute", "text") for p in parts[:-1]):
        raise XPathRefused("a context below an attribute")
    return (Alternative(tuple(parts), rooted),)


def _has_union(tree: x.Expression) -> bool:
    while isinstance(tree, x.Path):
        tree = tree.left
    return isinstance(tree, x.Filter | x.Combine)


def _below(alternative: Alternative, step: x.Expression, deep: bool) -> Alternative:
    if alternative.parts and alternative.parts[-1].kind != "element":
        raise XPathRefused("a context below an attribute")
    return replace(alternative, parts=(*alternative.parts, _part(step, deep)))


def _add(alternative: Alternative, predicates: tuple[x.Expression, ...]) -> Alternative:
    last = alternative.parts[-1]
    parts = (*alternative.parts[:-1], replace(last, predicates=last.predicates + predicates))
    return replace(alternative, parts=parts)


def _walk(tree: x.Expression, parts: list[Part]) -> bool:
    """Append the parts of a path; true when it starts at the root."""
    deep = False
    match tree:
        case x.Root():
            return True
        case x.Path(left, right):
            if isinstance(left, x.Path) and _any_below(left.right):
                rooted, deep = _walk(left.left, parts), True
            else:
                rooted = _walk(left, parts)
            parts.append(_part(right, deep))
            return rooted
        case x.Step():
            parts.append(_part(tree, False))
            return False
    raise XPathRefused("this context")


def _any_below(tree: x.Expression) -> bool:
    return tree == x.Step("descendant-or-self", x.KindTest("node"))


def _part(step: x.Expression, deep: bool) -> Part:
    if isinstance(step, x.Filter) and isinstance(step.base, x.Step):
        inner = _part(step.base, deep)
        return replace(inner, predicates=inner.predicates + step.predicates)
    if not isinstance(step, x.Step):
        raise XPathRefused("this context")
    kind = {"child": "element", "attribute": "attribute"}.get(step.axis)
    if step.axis == "descendant":
        kind, deep = "element", True
    if kind is None:
        raise XPathRefused(f"axis {step.axis} in a context")
    test = step.test
    if isinstance(test, x.KindTest):
        if kind == "element" and test.kind == "text":
            return Part("text", None, deep, step.predicates)
        if kind == "element" and test.kind == "element":
            return Part("element", x.NameTest(None, None), deep, step.predicates)
        raise XPathRefused(f"{test.kind}() in a context")
    return Part(kind, test, deep, step.predicates)


def fits(test: x.NameTest | None, tag: str) -> bool:
    """Whether a Clark name passes the test."""
    if test is None:
        return True
    uri, _, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    return test.uri in (None, uri) and test.local in (None, local)


def placements(alternative: Alternative, path: tuple[str, ...]) -> Iterator[tuple[int, ...]]:
    """Every way the element parts lie on `path` (names from the root element down), ending at its last.

    A placement gives the level of each part, from 0 for the root element.
    """
    parts = [p for p in alternative.parts if p.kind == "element"]
    yield from _place(parts, path, len(parts) - 1, len(path) - 1, alternative.rooted, ())


def _place(
    parts: list[Part], path: tuple[str, ...], at: int, level: int, rooted: bool, found: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    if at < 0:
        if not rooted or level == -1:
            yield found
        return
    if level < 0 or not fits(parts[at].test, path[level]):
        return
    here = (level, *found)
    if at == 0 and not rooted:
        yield here
    elif at == 0 and not parts[0].deep:
        if level == 0:
            yield here
    elif at == 0:
        yield here
    elif not parts[at].deep:
        yield from _place(parts, path, at - 1, level - 1, rooted, here)
    else:
        for above in range(level - 1, -1, -1):
            yield from _place(parts, path, at - 1, above, rooted, here)
