"""Turns expression trees into Code: holds what that needs to know, and sends each kind of tree to its maker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from avrop.schematron.compiler.code import Code
from avrop.schematron.compiler.scope import Scope, Unit, free, of_whole
from avrop.schematron.xpath import ast as x

Arguments = tuple[x.Expression, ...]
Form = Callable[["Emitter", Any, Scope], Code]
Maker = Callable[["Emitter", Arguments, Scope], Code]
Keeper = Callable[["Emitter", x.Expression], Code]


@dataclass(slots=True)
class Emitter:
    """One for each generated module. `forms.emitter` puts it together.

    With `exact` nothing is evaluated before it is asked for: slower, and right also where an error decides.
    """

    unit: Unit
    forms: Mapping[type[Any], Form]
    library: Mapping[str, Maker]
    keep: Keeper
    exact: bool = False
    # How often an expression occurs in the whole schema, and whether the rule at hand is asked of many nodes.
    uses: Mapping[x.Expression, int] = field(default_factory=dict)
    often: bool = True
    known: dict[x.Expression, Code] = field(default_factory=dict)
    indexes: dict[tuple[x.Expression, x.Expression], str] = field(default_factory=dict)

    def fresh(self, start: str = "c") -> str:
        """A name that is used nowhere else in the module."""
        return self.unit.fresh(start)

    def code(self, tree: x.Expression, scope: Scope) -> Code:
        """The code of `tree`; what depends on the document alone is computed once a document.

        Raises XPathRefused for what is not covered.
        """
        if not self._worth_keeping(tree):
            return self.forms[type(tree)](self, tree, scope)
        known = self.known.get(tree)
        if known is None:
            known = self.known[tree] = self.keep(self, tree)
        return known

    def _worth_keeping(self, tree: x.Expression) -> bool:
        return (
            not self.exact
            and isinstance(tree, x.Path | x.Call | x.Filter)
            and (self.often or self.uses.get(tree, 2) > 1)
            and not free(tree)
            and of_whole(tree)
        )
