"""How a set judges line by line, as it lies on the disk and as it is used."""

from __future__ import annotations

from types import CodeType
from typing import Any

from avrop.schematron.compiler.module import compile_schema
from avrop.schematron.ruleset import RuleSet
from avrop.schematron.schema import Schema
from avrop.schematron.streams.pieces import Form
from avrop.schematron.streams.split import split, trails

__all__ = ["FORM", "Form", "loaded", "written"]

# Part of the form's name on disk: another one where `split` says something else of the same set.
FORM = "1"


def written(schema: Schema, lines: frozenset[str]) -> dict[str, Any]:
    """The form of a set, as plain data and code."""
    found = split(schema, lines)
    elements, wholes = trails(found.needs)
    return {
        "why": found.why,
        "alone": _code(found.alone),
        "rest": _code(found.rest),
        "alone_checks": tuple(found.alone_checks),
        "rest_checks": tuple(found.rest_checks),
        "barred": tuple(found.barred),
        "rootless": tuple(found.rootless),
        "not_root": tuple(sorted(found.needs.not_root)),
        "strangers": tuple(sorted(found.needs.strangers)),
        "elements": tuple(elements),
        "wholes": tuple(wholes),
        "labels": tuple(sorted(found.needs.labels)),
        "any_line": found.needs.any_line,
    }


def _code(schema: Schema | None) -> CodeType | None:
    if schema is None:
        return None
    return compile(compile_schema(schema).source, "<rules by line>", "exec", dont_inherit=True, optimize=0)


def loaded(form: dict[str, Any], lines: frozenset[str], whole: RuleSet) -> Form | None:
    """The form for use; None where the set must see the whole document."""
    if form["why"]:
        return None
    return Form(
        lines=lines,
        whole=whole,
        alone=RuleSet(form["alone"]) if form["alone"] else whole,
        rest=RuleSet(form["rest"]) if form["rest"] else None,
        alone_checks=form["alone_checks"],
        rest_checks=form["rest_checks"],
        barred=frozenset(form["barred"]),
        rootless=frozenset(form["rootless"]),
        not_root=frozenset(form["not_root"]),
        strangers=frozenset(form["strangers"]),
        elements=form["elements"],
        wholes=form["wholes"],
        labels=form["labels"],
        any_line=form["any_line"],
    )
