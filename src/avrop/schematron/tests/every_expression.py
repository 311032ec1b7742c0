"""Every distinct test and variable of a rule set alone, ours against Saxon.

    python -m avrop.schematron.tests.every_expression SET.sch... [--every 40] [--documents 30]

Prints each difference, what is refused, and the asserts that were not seen both true and false.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from avrop.schematron import schema, source
from avrop.schematron.contexts import Alternative, alternatives
from avrop.schematron.schema import Pattern, Rule, Schema
from avrop.schematron.tests import made
from avrop.schematron.tests.oracle import Difference, Verdict, compare, question
from avrop.schematron.xpath.lexer import XPathRefused
from avrop.schematron.xpath.parser import parse

# Asks both engines one expression of several documents.
Ask = Callable[[Any, list[str], str], Verdict]


@dataclass
class Result:
    """What came of a set. `one_sided`: ids of asserts that were always true or always false."""

    ask: Ask = compare
    asked: int = 0
    differences: list[Difference] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    one_sided: list[str] = field(default_factory=list)


def load(path: Path) -> Schema:
    """A set with its includes, which may lie in a folder beside its own."""
    root = path.parent.parent.parent if b"include" in path.read_bytes() else path.parent
    return schema.read(
        source.load(path.relative_to(root).as_posix(), lambda name: (root / name).read_bytes()).schema
    )


def official(standards: Path) -> list[Path]:
    """The sets that the platform judges by."""
    places = (
        "peppol/billing/*/sch",
        "peppol/postaward/*/sch",
        "peppol/mls/*/sch",
        "peppol/reporting/*/*/sch",
        "ehf/g3-2023*/*",
    )
    return sorted(path for place in places for path in standards.glob(f"{place}/*.sch"))


def rules(read: Schema) -> Iterator[tuple[Pattern, Rule]]:
    """All rules with their patterns."""
    for pattern in read.patterns:
        for rule in pattern.rules:
            yield pattern, rule


def run(read: Schema, every: int = 1, count: int = 30, ask: Ask = compare) -> Result:
    """Ask each distinct test, and each distinct variable of a rule, alone."""
    result, seen = Result(ask), set()
    tops = [
        a.parts[0].test for _, rule in rules(read) for a in _alternatives(read, rule) if a.rooted and a.parts
    ]
    root = next((test.tag for test in tops if test is not None and test.tag), "root")
    number = 0
    for pattern, rule in rules(read):
        asked = [(check.id, check.test, "") for check in rule.checks]
        asked += [(let.name, "true()", f"${let.name}") for let in rule.lets]
        for name, test, told in asked:
            key = (test, told and rule.lets)
            if key in seen:
                continue
            seen.add(key)
            number += 1
            if number % every == 0:
                _ask(read, pattern, rule, root, name, test, told, count, result)
    return result


def _alternatives(read: Schema, rule: Rule) -> tuple[Alternative, ...]:
    return alternatives(parse(rule.context, read.namespaces))


def _ask(
    read: Schema,
    pattern: Pattern,
    rule: Rule,
    root: str,
    name: str,
    test: str,
    told: str,
    count: int,
    result: Result,
) -> None:
    result.asked += 1
    lets = {let.name: let.value for p in (pattern, *read.patterns) for let in reversed(p.lets)}
    lets = {**{let.name: let.value for let in read.lets}, **lets}
    for let in pattern.lets:
        lets[let.name] = let.value
    own = [(let.name, let.value) for let in rule.lets]
    tree = question(
        rule.context, test, told, dict(read.namespaces), lets.items(), own, (*read.functions, *read.keys)
    )
    documents = _documents(read, rule, root, test, lets, count)
    try:
        verdict = result.ask(tree, documents, f"{name}: {test} {told}")
    except XPathRefused as error:
        verdict = Verdict(refused=str(error))
    result.differences += verdict.differences
    if verdict.refused:
        result.refused.append(f"{name}: {verdict.refused}")
    elif not told and not (verdict.true and verdict.false):
        result.one_sided.append(name)


def _documents(read: Schema, rule: Rule, root: str, test: str, lets: dict[str, str], count: int) -> list[str]:
    found: list[str] = []
    ways = _alternatives(read, rule)[:6]
    for at, alternative in enumerate(ways):
        top, bound = made.Spot(""), made.Bound()
        here = made.context(alternative, top, root, bound)
        trees = [parse(rule.context, read.namespaces)]
        for let in rule.lets:
            tree = parse(let.value, read.namespaces)
            bound[let.name] = made.walk(tree, here, top, bound)
            trees.append(tree)
        for name, value in lets.items():
            if f"${name}" in test + rule.context or any(f"${name}" in let.value for let in rule.lets):
                tree = parse(value, read.namespaces)
                bound.setdefault(name, made.walk(tree, top, top, bound))
                trees.append(tree)
        tree = parse(test, read.namespaces)
        made.walk(tree, here, top, bound)
        known = tuple(dict.fromkeys(word for t in (*trees, tree) for word in made.literals(t)))
        found += made.documents(top, known, max(count // len(ways), 4), f"{test}{at}")
    return found


def main() -> int:
    """The programme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--documents", type=int, default=30)
    options = parser.parse_args()
    wrong = 0
    for path in options.sets:
        result = run(load(path), options.every, options.documents)
        wrong += len(result.differences)
        print(
            f"{path.name}: {result.asked} expressions, {len(result.differences)} differences, refused {result.refused}"
        )
        for difference in result.differences[:5]:
            print(difference)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
