"""The native engine beside the Python form: the same findings, in the same order, with the same words.

    python -m avrop.schematron.tests.beside rules FROM TO
    python -m avrop.schematron.tests.beside values FROM TO
    python -m avrop.schematron.tests.beside spoiled FROM TO STANDARDS

Prints what the two say differently about documents and rules drawn from those seeds.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree

from avrop.schematron import native, program, schema
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.errors import DynamicError, NotPlainXml, RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.source import SchematronRefused
from avrop.schematron.tests import official, random_rules, random_values
from avrop.schematron.tests.test_differential import spoiled
from avrop.schematron.tree import read
from avrop.schematron.xpath.lexer import XPathRefused

MISSING = "MISSING: the native engine, which these tests are about. `make native` builds and installs it."
# Rules drawn from a seed, and how many documents are shown to each.
DOCUMENTS = 3
DRAWN: dict[str, Any] = {"rules": random_rules, "values": random_values}


class Beside(official.Judges):
    """Official sets in both forms. Of the answers that Python gave without a stop: how many were given natively."""

    answered = certain_of_them = 0

    def difference(self, content: bytes, name: str) -> str:
        """What the two say differently, in words; "" where they agree or the native engine is not certain."""
        python, beside = self.rules(name), self._rules(name, self._native) if self._native else None
        if beside is None or beside.native is None:
            return f"{name} has no native form"
        document = native.read(content)
        found = beside.native.judge(document) if document is not None else None
        try:
            with read(content, prefixes=python.prefixes) as tree:
                right: list[Hit] | str = python.judge(tree, content)
        except (RulesStopped, NotPlainXml) as error:
            right = type(error).__name__
        if not isinstance(right, str):
            self.answered += 1
            self.certain_of_them += found is not None
        return "" if found is None or found == right else f"{Path(name).stem}: {told(right, found)}"


class Small:
    """A small schema in both forms. `certain`: how often the native engine answered; `refused`: why it never does."""

    def __init__(self, tree: etree._Element) -> None:
        made = schema.read(tree)
        self.certain, self.refused, self.rules = 0, "", None
        self._forms = [_compiled(made, exact) for exact in (False, True)]
        if self._forms[0].refused:
            # What Python does not cover is Saxon's, and no native form is asked.
            self.refused = "; ".join(self._forms[0].refused.values())
            return
        try:
            self.rules = native.NativeRules(native.MODULE, json.dumps(program.program(made)))
        except (XPathRefused, ValueError) as error:
            self.refused = str(error)

    def python(self, content: bytes) -> list[Hit] | str:
        """What Python finds; a word where the rules stop or the document is none."""
        for form in self._forms:
            try:
                with read(content, prefixes=form.prefixes) as tree:
                    return form.judge(tree)
            except DynamicError:
                continue
            except NotPlainXml:
                return "NotPlainXml"
        return "error"

    def native(self, content: bytes) -> list[Hit] | None:
        """What the native engine finds; None where it is not certain."""
        document = native.read(content) if self.rules is not None else None
        found = self.rules.judge(document) if self.rules is not None and document is not None else None
        self.certain += found is not None
        return found

    def difference(self, content: bytes) -> str:
        """What the two say differently, in words; "" where they agree or the native engine is not certain."""
        found = self.native(content)
        if found is None:
            return ""
        right = self.python(content)
        return "" if found == right else told(right, found)

    def differences(self, documents: Iterable[str]) -> list[str]:
        """`difference` of each document, with the document."""
        asked = ((document, self.difference(document.encode())) for document in documents)
        return [f"{document}: {difference}" for document, difference in asked if difference]


def _compiled(made: schema.Schema, exact: bool) -> RuleSet:
    return RuleSet(compile(compile_schema(made, exact).source, "rules", "exec"))


def told(right: Sequence[Hit] | str, found: Sequence[Hit]) -> str:
    """Two answers that differ, shortly."""
    if isinstance(right, str):
        return f"Python {right}, native {len(found)} findings: {list(found[:3])}"
    only = [hit for hit in right if hit not in found], [hit for hit in found if hit not in right]
    if not any(only):
        return f"the same {len(found)} findings in another order or number"
    return f"only Python {only[0][:3]}, only native {only[1][:3]}"


def drawn(kind: str, seed: int) -> tuple[Small, list[bytes]] | None:
    """Rules and documents from a seed; None where the rules are refused."""
    rng, source = Random(f"beside {seed}"), DRAWN[kind]
    tree = source.schema(rng)
    try:
        return Small(tree), [source.document(rng) for _ in range(DOCUMENTS)]
    except (SchematronRefused, XPathRefused, DynamicError):
        return None


def main() -> int:
    """The programme."""
    kind, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    asked = certain = wrong = 0
    beside = Beside(Path(sys.argv[4]), Path(tempfile.mkdtemp())) if kind == "spoiled" else None
    for seed in range(first, last):
        if beside is not None:
            _, sets, content, _ = spoiled(Path(sys.argv[4]), seed)
            found = [difference for name in sets if (difference := beside.difference(content, name))]
            asked, certain = beside.answered, beside.certain_of_them
        elif made := drawn(kind, seed):
            small, documents = made
            found = small.differences(document.decode() for document in documents)
            asked, certain = asked + len(documents), certain + small.certain
        else:
            found = []
        for difference in found:
            wrong += 1
            print(f"seed {seed}: {difference}", flush=True)
    print(f"{kind} {first}-{last}: {asked} asked, {certain} certain, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
