"""The rest of the grammar: variables, `if`, `for`, `some` and `every`, sequences, ranges, sets of nodes, calls."""

from __future__ import annotations

from dataclasses import replace

from avrop.schematron.compiler.casts import constructed
from avrop.schematron.compiler.code import STRINGS, Clauses, Code, boolean, fail
from avrop.schematron.compiler.comparison import general
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope, free
from avrop.schematron.compiler.sequences import as_list, choice, clauses, common, in_order
from avrop.schematron.compiler.truth import truth
from avrop.schematron.compiler.values import optional
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

Bindings = tuple[tuple[str, x.Expression], ...]


def variable(_e: Emitter, tree: x.Variable, scope: Scope) -> Code:
    """`$x`"""
    if tree.name not in scope.variables:
        raise XPathRefused(f"variable ${tree.name}")
    return scope.variables[tree.name]


def if_(e: Emitter, tree: x.If, scope: Scope) -> Code:
    """`if (a) then b else c`"""
    return choice(e, truth(e, tree.test, scope), e.code(tree.then, scope), e.code(tree.otherwise, scope))


def _bound(e: Emitter, bindings: Bindings, scope: Scope) -> tuple[Clauses, Scope]:
    """The loops of `for $a in ..., $b in ...`, and the scope inside them."""
    found: Clauses = ()
    inner = replace(scope, variables=scope.variables.new_child())
    for name, sequence in bindings:
        made = in_order(e, e.code(sequence, inner))
        cl, item = clauses(e, made)
        if not item.isidentifier() or not cl:
            held = e.fresh("v")
            cl, item = (*cl, f"for {held} in ({item},)"), held
        found += cl
        inner.variables[name] = Code(made.item, "1", item)
    return found, inner


def for_(e: Emitter, tree: x.For, scope: Scope) -> Code:
    """`for $a in b return c`: the results one after the other, as they come."""
    cl, inner = _bound(e, tree.bindings, scope)
    made = in_order(e, e.code(tree.body, inner))
    more, item = clauses(e, made)
    return Code(made.item, "*", "", (cl + more, item), ordered=False, given=True, peers=False)


def quantified(e: Emitter, tree: x.Quantified, scope: Scope) -> Code:
    """`some` and `every`."""
    quick = _membership(e, tree, scope)
    if quick:
        return boolean(quick)
    cl, inner = _bound(e, tree.bindings, scope)
    condition = truth(e, tree.body, inner)
    return boolean(f"{'any' if tree.kind == 'some' else 'all'}({condition} {' '.join(cl)})")


def _membership(e: Emitter, tree: x.Quantified, scope: Scope) -> str:
    """`some $code in (known values) satisfies E = $code` is `E in {...}`; "" where it is something else."""
    body = tree.body
    if tree.kind != "some" or len(tree.bindings) != 1 or not isinstance(body, x.Comparison) or body.op != "=":
        return ""
    name, sequence = tree.bindings[0]
    made = e.code(sequence, scope)
    if not made.const or made.item not in STRINGS:
        return ""
    sides = [side for side in (body.left, body.right) if side != x.Variable(name)]
    if len(sides) != 1 or f"${name}" in free(sides[0]):
        return ""
    # Twice the first value: a set of one is still looked up as a set.
    return general(e, "==", e.code(sides[0], scope), replace(made, const=(*made.const, *made.const[:1])))


def sequence(e: Emitter, tree: x.Sequence, scope: Scope) -> Code:
    """`(a, b)`: in the order given, repeats and all."""
    items = [e.code(item, scope) for item in tree.items]
    items = [in_order(e, code) for code in items if code.card != "0"]
    if not items:
        return Code("string", "0")
    item: str | None = items[0].item
    for other in items[1:]:
        item = common(Code(item or "", "*"), other)
        if item is None:
            raise XPathRefused(f"a sequence of {items[0].item} and {other.item}")
    if item == "mixed" or item is None:
        raise XPathRefused("a sequence of one type or another")
    if all(code.const is not None for code in items):
        values = tuple(v for code in items for v in code.const or ())
        return Code(item, "*", e.unit.constant(values), const=values)
    listed = ", ".join(f"*{as_list(e, code)}" for code in items)
    return Code(item, "*", f"({listed},)", ordered=False, given=True, peers=False)


def range_(e: Emitter, tree: x.Range, scope: Scope) -> Code:
    """`1 to 5`"""
    a, b = optional(e, e.code(tree.first, scope)), optional(e, e.code(tree.last, scope))
    if a.item != "integer" or b.item != "integer" or not a.card == b.card == "1":
        raise XPathRefused("a range of what is not xs:integer")
    return Code("integer", "*", f"range({a.py}, {b.py} + 1)")


def combine(e: Emitter, tree: x.Combine, scope: Scope) -> Code:
    """`a | b`, `a intersect b`, `a except b`"""
    a, b = e.code(tree.left, scope), e.code(tree.right, scope)
    if not (a.nodes or a.card == "0") or not (b.nodes or b.card == "0"):
        return Code("node", "*", fail("XPTY0004"))
    item = common(a, b) or "node"
    left, right = as_list(e, a), as_list(e, b)
    if tree.op != "union":
        sign = "&" if tree.op == "intersect" else "-"
        return Code(item, "*", f"in_order(set({left}) {sign} set({right}))", peers=False)
    name, source = e.fresh(), f"(*{left}, *{right})"
    return Code(item, "*", source, ((f"for {name} in {source}",), name), ordered=False, peers=False)


def call(e: Emitter, tree: x.Call, scope: Scope) -> Code:
    """A function of the schema, of the library, or a type's constructor."""
    own = e.unit.functions.get(tree.name)
    if own is not None:
        return own([e.code(argument, scope) for argument in tree.arguments])
    maker = e.library.get(tree.name)
    if maker is not None:
        return maker(e, tree.arguments, scope)
    if tree.name.startswith("xs:") and len(tree.arguments) == 1:
        return constructed(e, tree.name, tree.arguments[0], scope)
    raise XPathRefused(f"function {tree.name}")
