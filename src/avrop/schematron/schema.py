"""A Schematron schema as data: abstract patterns and rules filled in, phases resolved, nothing judged yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from avrop.schematron.source import SCH, XSL, SchematronRefused

_FLAGS = {"fatal": "fatal", "error": "fatal", "warning": "warning", "warn": "warning"}


@dataclass(frozen=True, slots=True)
class Let:
    """A variable, as an expression."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """An assert, or (`negate` False) a report. `message` is pieces of (literal text, expression)."""

    id: str
    flag: str
    test: str
    negate: bool
    message: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of the nodes that match `context`."""

    context: str
    lets: tuple[Let, ...]
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """`place` is its position among the schema's concrete patterns, from 0."""

    place: int
    id: str
    lets: tuple[Let, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Schema:
    """`functions` and `keys` are the XSLT elements as they stand."""

    namespaces: Mapping[str, str]
    lets: tuple[Let, ...]
    patterns: tuple[Pattern, ...]
    functions: tuple[etree._Element, ...]
    keys: tuple[etree._Element, ...]


def read(tree: etree._Element, phase: str | None = None) -> Schema:
    """The schema of a loaded tree; `phase` leaves only the patterns it activates. Raises SchematronRefused."""
    spaces = {prefix: uri for prefix, uri in tree.nsmap.items() if prefix}
    for ns in tree.iter(f"{{{SCH}}}ns"):
        spaces[ns.get("prefix") or ""] = ns.get("uri") or ""
    active = _active(tree, phase)
    abstract = {p.get("id"): p for p in tree.findall(f"{{{SCH}}}pattern") if p.get("abstract") == "true"}
    concrete = [p for p in tree.findall(f"{{{SCH}}}pattern") if p.get("abstract") != "true"]
    patterns: list[Pattern] = []
    for element in concrete:
        if active is None or element.get("id") in active:
            patterns.append(_pattern(element, len(patterns), abstract, tree))
    return Schema(
        spaces,
        tuple(_lets(tree, {})),
        tuple(patterns),
        tuple(tree.iter(f"{{{XSL}}}function")),
        tuple(tree.iter(f"{{{XSL}}}key")),
    )


def _active(tree: etree._Element, phase: str | None) -> set[str | None] | None:
    if phase is None or phase == "#ALL":
        return None
    for element in tree.findall(f"{{{SCH}}}phase"):
        if element.get("id") == phase:
            return {a.get("pattern") for a in element.findall(f"{{{SCH}}}active")}
    raise SchematronRefused("NOT_SUPPORTED", f"phase {phase}")


def _lets(parent: etree._Element, parameters: Mapping[str, str]) -> Iterator[Let]:
    for let in parent.findall(f"{{{SCH}}}let"):
        yield _let(let, "value", parameters)


def _fill(text: str, parameters: Mapping[str, str]) -> str:
    """An abstract pattern's `$name` replaced; the longest name first."""
    for name in sorted(parameters, key=len, reverse=True):
        text = re.sub(rf"\${re.escape(name)}(?![\w.\-])", lambda _, n=name: parameters[n], text)  # type: ignore[misc]
    return text


def _pattern(
    element: etree._Element, place: int, abstract: Mapping[str | None, etree._Element], tree: etree._Element
) -> Pattern:
    parameters: dict[str, str] = {}
    body = element
    base = element.get("is-a")
    if base is not None:
        if base not in abstract:
            raise SchematronRefused("NOT_SUPPORTED", f"is-a {base}")
        body = abstract[base]
        parameters = {p.get("name") or "": p.get("value") or "" for p in element.findall(f"{{{SCH}}}param")}
    abstract_rules = {r.get("id"): r for r in tree.iter(f"{{{SCH}}}rule") if r.get("abstract") == "true"}
    rules = tuple(
        _rule(rule, parameters, abstract_rules)
        for rule in body.findall(f"{{{SCH}}}rule")
        if rule.get("abstract") != "true"
    )
    return Pattern(place, element.get("id") or "", tuple(_lets(body, parameters)), rules)


def _rule(
    element: etree._Element,
    parameters: Mapping[str, str],
    abstract: Mapping[str | None, etree._Element],
) -> Rule:
    lets: list[Let] = []
    checks: list[Check] = []
    _collect(element, parameters, abstract, lets, checks, 0)
    return Rule(_fill(element.get("context") or "", parameters), tuple(lets), tuple(checks))


def _collect(
    element: etree._Element,
    parameters: Mapping[str, str],
    abstract: Mapping[str | None, etree._Element],
    lets: list[Let],
    checks: list[Check],
    depth: int,
) -> None:
    if depth > 10:
        raise SchematronRefused("NOT_SUPPORTED", "rules that extend each other")
    for child in element:
        if child.tag == f"{{{SCH}}}extends":
            base = abstract.get(child.get("rule"))
            if base is None:
                raise SchematronRefused("NOT_SUPPORTED", f"extends {child.get('rule')}")
            _collect(base, parameters, abstract, lets, checks, depth + 1)
        elif child.tag == f"{{{SCH}}}let":
            lets.append(_let(child, "value", parameters))
        elif child.tag == f"{{{XSL}}}variable":
            lets.append(_let(child, "select", parameters))
        elif child.tag in (f"{{{SCH}}}assert", f"{{{SCH}}}report"):
            checks.append(_check(child, parameters))


def _let(element: etree._Element, attribute: str, parameters: Mapping[str, str]) -> Let:
    value = element.get(attribute)
    if value is None:
        raise SchematronRefused("NOT_SUPPORTED", f"variable {element.get('name')} without {attribute}")
    return Let(element.get("name") or "", _fill(value, parameters))


def _check(element: etree._Element, parameters: Mapping[str, str]) -> Check:
    flag = (element.get("flag") or element.get("role") or "fatal").lower()
    return Check(
        element.get("id") or "",
        _FLAGS.get(flag, "information"),
        _fill(element.get("test") or "", parameters),
        etree.QName(element).localname == "assert",
        tuple(_message(element, parameters)),
    )


def _message(check: etree._Element, parameters: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield _spaces(check.text), ""
    for child in check:
        local = etree.QName(child).localname
        if local == "value-of":
            yield "", _fill(child.get("select") or "''", parameters)
        elif local == "name":
            yield "", f"name({child.get('path') or '.'})"
        else:
            yield _spaces("".join(str(part) for part in child.itertext())), ""
        yield _spaces(child.tail), ""


def _spaces(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")
