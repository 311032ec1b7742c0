"""Small whole schemas, ours against Saxon: which rule asks which node, in what order, and what is said."""

from __future__ import annotations

import pytest
from lxml import etree

from avrop.schematron import schema
from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.errors import DynamicError, RulesStopped
from avrop.schematron.hits import Hit
from avrop.schematron.oracle.xslt import to_xslt
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.tests import schemas
from avrop.schematron.tests.oracle import saxon
from avrop.schematron.tree import read

ALL = schemas.schemas()
Found = list[Hit] | str


def _ours(text: str) -> tuple[dict[int, str], list[Found]]:
    made = schema.read(etree.fromstring(text))
    compiled = compile_schema(made)
    forms = [RuleSet(compile(compile_schema(made, exact).source, "rules", "exec")) for exact in (False, True)]
    return compiled.refused, [_judged(forms, document) for document in schemas.DOCUMENTS]


def _judged(forms: list[RuleSet], document: str) -> Found:
    for rules in forms:
        try:
            with read(document.encode(), prefixes=rules.prefixes) as tree:
                return sorted(rules.judge(tree), key=repr)
        except DynamicError:
            continue
    return "error"


def _saxons(text: str) -> list[Found]:
    engine, sheet = saxon(), to_xslt(etree.fromstring(text))
    engine.compile(sheet, sheet)
    results = [engine.run(document, [sheet])[0] for document in schemas.DOCUMENTS]
    engine._compiled.pop(sheet)
    return ["error" if isinstance(one, RulesStopped) else sorted(one, key=repr) for one in results]


@pytest.mark.parametrize(("name", "text"), ALL, ids=[name for name, _ in ALL])
def test_a_schema_means_what_saxon_says(name: str, text: str) -> None:
    refused, ours = _ours(text)
    for document, our, theirs in zip(schemas.DOCUMENTS, ours, _saxons(text), strict=True):
        assert our == theirs, f"{name} of {document}"
    assert not refused


@pytest.mark.parametrize(("abstract", "written"), schemas.ABSTRACT)
def test_abstract_patterns_and_rules_mean_what_they_stand_for(abstract: str, written: str) -> None:
    refused, ours = _ours(schemas.schema(abstract))
    assert not refused
    assert ours == _saxons(schemas.schema(written))
