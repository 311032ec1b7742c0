"""Asks one expression of one document twice: our compiled module, and Saxon through the plain stylesheet."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from lxml import etree

from avrop.schematron import native, program, schema
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.errors import DynamicError, RulesStopped
from avrop.schematron.oracle.saxon import Engine
from avrop.schematron.oracle.xslt import to_xslt
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.source import SCH, XSL, SchematronRefused
from avrop.schematron.tree import read
from avrop.schematron.xpath.lexer import XPathRefused

# (id, place, text) of each finding in order, or "error" where a rule stops.
Answer = list[tuple[str, str, str]] | str


@dataclass(frozen=True, slots=True)
class Difference:
    """Two answers to one question."""

    expression: str
    document: str
    saxon: Answer
    ours: Answer

    def __str__(self) -> str:
        return f"{self.expression}\n  of {self.document}\n  Saxon: {self.saxon}\n  ours:  {self.ours}"


def question(
    context: str,
    test: str,
    told: str = "",
    spaces: dict[str, str] | None = None,
    lets: Iterable[tuple[str, str]] = (),
    own: Iterable[tuple[str, str]] = (),
    parts: Iterable[etree._Element] = (),
) -> etree._Element:
    """A schema of one rule that reports `test` as "e", `not(test)` as "n", and tells `told` with either.

    `lets` are the schema's, `own` the rule's; `parts` are functions and keys.
    """
    root = etree.Element(f"{{{SCH}}}schema", nsmap={None: SCH, "xsl": XSL})
    root.set("queryBinding", "xslt2")
    for prefix, uri in (spaces or {}).items():
        etree.SubElement(root, f"{{{SCH}}}ns", prefix=prefix, uri=uri)
    for name, value in lets:
        etree.SubElement(root, f"{{{SCH}}}let", name=name, value=value)
    for part in parts:
        root.append(etree.fromstring(etree.tostring(part, with_tail=False)))
    rule = etree.SubElement(etree.SubElement(root, f"{{{SCH}}}pattern"), f"{{{SCH}}}rule", context=context)
    for name, value in own:
        etree.SubElement(rule, f"{{{SCH}}}let", name=name, value=value)
    for name, asked in (("e", test), ("n", f"not({test})")):
        report = etree.SubElement(rule, f"{{{SCH}}}report", id=name, test=asked)
        if told:
            etree.SubElement(report, f"{{{SCH}}}value-of", select=told)
    return root


class Ours:
    """A compiled set that answers as the platform does: quickly, and once more exactly where that stops."""

    def __init__(self, tree: etree._Element) -> None:
        read = schema.read(tree)
        compiled = compile_schema(read)
        self.refused = "; ".join(compiled.refused.values())
        self._quick = RuleSet(compile(compiled.source, "quick", "exec"))
        self._exact = RuleSet(compile(compile_schema(read, exact=True).source, "exact", "exec"))
        self._native = None if self.refused else _native(read)

    def __call__(self, document: str) -> Answer:
        """The answer of Python; the native engine's where it is there, certain, and another."""
        answer = self._python(document)
        one = native.read(document.encode()) if self._native else None
        found = self._native.judge(one) if self._native and one else None
        if found is None:
            return answer
        told = [(hit.id, hit.at, hit.text) for hit in found]
        return answer if answer != "error" and sorted(told) == sorted(answer) else [("native", "", ""), *told]

    def _python(self, document: str) -> Answer:
        for rules in (self._quick, self._exact):
            try:
                return _run(rules, document.encode())
            except DynamicError:
                continue
        return "error"


def _native(read: schema.Schema) -> native.NativeRules | None:
    """The native form, where the engine is installed and covers the schema."""
    try:
        made = json.dumps(program.program(read))
        return native.NativeRules(native.MODULE, made) if native.MODULE else None
    except (XPathRefused, ValueError):
        return None


def _run(rules: RuleSet, content: bytes) -> list[tuple[str, str, str]]:
    with read(content, prefixes=rules.prefixes) as tree:
        return [(hit.id, hit.at, hit.text) for hit in rules.judge(tree)]


def _spaced(text: str) -> str:
    return " ".join(text.split())


@cache
def saxon() -> Engine:
    """One processor for all questions of a test run."""
    return Engine()


@dataclass(slots=True)
class Verdict:
    """What came of a question. `refused`: why it was not answered, by us or ("static") by Saxon."""

    differences: list[Difference] = field(default_factory=list)
    refused: str = ""
    true: int = 0
    false: int = 0
    errors: int = 0


def compare(tree: etree._Element, documents: Sequence[str], expression: str) -> Verdict:
    """Ask both of every document."""
    verdict, ours = Verdict(), Ours(tree)
    if ours.refused:
        return Verdict(refused=ours.refused)
    engine, sheet = saxon(), to_xslt(tree)
    try:
        engine.compile(sheet, sheet)
    except SchematronRefused:
        # An error that Saxon sees before it has a document. Ours sees it when it comes there.
        return Verdict(refused="static")
    for document in documents:
        (result,) = engine.run(document, [sheet])
        theirs: Answer = "error"
        if not isinstance(result, RulesStopped):
            theirs = sorted((hit.id, hit.at, _spaced(hit.text)) for hit in result)
        answer = ours(document)
        answer = answer if isinstance(answer, str) else sorted(answer)
        if answer != theirs:
            verdict.differences.append(Difference(expression, document, theirs, answer))
        if isinstance(theirs, str):
            verdict.errors += 1
        else:
            verdict.true += sum(1 for hit in theirs if hit[0] == "e")
            verdict.false += sum(1 for hit in theirs if hit[0] == "n")
    engine._compiled.pop(sheet, None)
    return verdict
