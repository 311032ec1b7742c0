"""Which function makes the code of which kind of expression: the whole grammar that is covered, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avrop.schematron.compiler import arithmetic, casts, comparison, grammar, memo, nodes, truth, values
from avrop.schematron.compiler.emitter import Emitter, Form
from avrop.schematron.compiler.library import LIBRARY
from avrop.schematron.compiler.scope import Unit
from avrop.schematron.xpath import ast as x

FORMS: Mapping[type[Any], Form] = {
    x.Literal: values.literal,
    x.Variable: grammar.variable,
    x.ContextItem: nodes.context_item,
    x.Root: nodes.root,
    x.Step: nodes.step,
    x.Path: nodes.path,
    x.Filter: nodes.filter_,
    x.Call: grammar.call,
    x.Arithmetic: arithmetic.arithmetic,
    x.Negative: arithmetic.negative,
    x.Comparison: comparison.comparison,
    x.Logic: truth.logic,
    x.If: grammar.if_,
    x.For: grammar.for_,
    x.Quantified: grammar.quantified,
    x.Sequence: grammar.sequence,
    x.Range: grammar.range_,
    x.Combine: grammar.combine,
    x.Cast: casts.cast_as,
}


def emitter(exact: bool = False) -> Emitter:
    """An emitter for a new module."""
    return Emitter(Unit(), FORMS, LIBRARY, memo.keep, exact)
