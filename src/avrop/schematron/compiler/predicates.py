"""Predicates: by a condition, by a place, and by conditions that count places."""

from __future__ import annotations

from avrop.schematron.compiler.code import NUMBERS, Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import POSITION, Scope, free
from avrop.schematron.compiler.sequences import as_list, looped, named_clauses, sides, sliced
from avrop.schematron.compiler.truth import truth
from avrop.schematron.compiler.values import number
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

_CONDITIONS = frozenset((
    "fn:not", "fn:exists", "fn:empty", "fn:boolean", "fn:contains", "fn:starts-with", "fn:ends-with",
    "fn:matches", "fn:true", "fn:false",
))  # fmt: skip


def may_count(predicates: tuple[x.Expression, ...]) -> bool:
    """Whether a predicate may select by position."""
    return any(POSITION in free(p) or not _is_condition(p) for p in predicates)


def _is_condition(tree: x.Expression) -> bool:
    if isinstance(tree, x.Call):
        return tree.name in _CONDITIONS
    if isinstance(tree, x.Path):
        # `a/string-length()` is a number.
        return isinstance(tree.right, x.Step)
    return isinstance(tree, x.Comparison | x.Logic | x.Step | x.Quantified)


def filtered(e: Emitter, base: Code, predicates: tuple[x.Expression, ...], scope: Scope) -> Code:
    """`base[p][q]`, in the order that `base` has."""
    for predicate in predicates:
        base = _by(e, base, predicate, scope)
    return base


def _by(e: Emitter, base: Code, predicate: x.Expression, scope: Scope) -> Code:
    if base.card == "0":
        return base
    match predicate:
        case x.Literal(int() as place):
            return _nth(e, base, place)
        case x.Call("fn:last", ()):
            return sliced(e, base, f"{as_list(e, base)}[-1:]")
    if POSITION in free(predicate):
        return _counted(e, base, predicate, scope)
    cl, item = named_clauses(e, base)
    here = Scope(Code(base.item, "1", item), scope.variables)
    made = e.code(predicate, here)
    if _settled(made).item in NUMBERS:
        if "." in free(predicate):
            return _counted(e, base, predicate, scope)
        return sliced(e, base, f"at({as_list(e, base)}, {number(e, made).py})")
    condition = truth(e, predicate, here)
    if not cl:
        cl = (f"for {e.fresh()} in ({item},)",)
    return looped(base, (*cl, f"if {condition}"), item)


def _settled(code: Code) -> Code:
    """The code of a predicate, which must be known to be a position or not to be one."""
    if code.choice is not None:
        _, a, b = sides(code)
        if any(_settled(side).item in NUMBERS for side in (a, b)):
            raise XPathRefused("a predicate that is a position or a condition")
    return code


def _nth(e: Emitter, base: Code, place: int) -> Code:
    if place < 1:
        return Code(base.item, "0")
    if base.loop is None and base.card in ("1", "?"):
        return base if place == 1 else Code(base.item, "0")
    return sliced(e, base, f"{as_list(e, base)}[{place - 1}:{place}]")


def _counted(e: Emitter, base: Code, predicate: x.Expression, scope: Scope) -> Code:
    """A predicate that counts: `position()`, `last()` or a number that depends on the item."""
    source, seq, place, item = as_list(e, base), e.fresh(), e.fresh(), e.fresh()
    here = Scope(Code(base.item, "1", item), scope.variables, place, f"len({seq})")
    made = _settled(e.code(predicate, here))
    condition = f"{number(e, made).py} == {place}" if made.item in NUMBERS else truth(e, predicate, here)
    cl = (f"for {seq} in ({source},)", f"for {place}, {item} in enumerate({seq}, 1)", f"if {condition}")
    return looped(base, cl, item)
