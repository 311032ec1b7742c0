"""`=`, `eq` and `is`, and their kin."""

from __future__ import annotations

from collections.abc import Callable

from avrop.schematron.compiler.arithmetic import if_both, promoted
from avrop.schematron.compiler.code import NUMBERS, STRINGS, Code, boolean, fail
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, clauses, spread, spread_text
from avrop.schematron.compiler.truth import any_of
from avrop.schematron.compiler.values import atoms, optional, value
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

Convert = Callable[[str], str]
Relation = Callable[[str, str], str]
_SYMBOL = {"=": "==", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPERATOR = {
    "==": "operator.eq", "!=": "operator.ne", "<": "operator.lt", "<=": "operator.le", ">": "operator.gt",
    ">=": "operator.ge",
}  # fmt: skip
_PAIR = {"==": "eq_o", "!=": "ne_o", "<": "lt_o", "<=": "le_o", ">": "gt_o", ">=": "ge_o"}
# An untyped value against a number: the oracle has a total order of its own for that (runtime/truth.py).
_TO_NUMBER = {"==": "u_eq", "!=": "u_ne", "<": "u_lt", "<=": "u_le", ">": "u_gt", ">=": "u_ge"}
_OF_NODES = {"is": "same_node", "<<": "before", ">>": "after"}


def comparison(e: Emitter, tree: x.Comparison, scope: Scope) -> Code:
    """A comparison of any of the three kinds."""
    a, b = e.code(tree.left, scope), e.code(tree.right, scope)
    op = _SYMBOL.get(tree.op, tree.op)
    if tree.kind == "node":
        return _nodes(e, tree.op, a, b)
    return _values(e, op, a, b) if tree.kind == "value" else boolean(general(e, op, a, b))


def _nodes(e: Emitter, op: str, a: Code, b: Code) -> Code:
    if not (a.nodes or a.card == "0") or not (b.nodes or b.card == "0"):
        raise XPathRefused(f"{op} of what is no node")
    return Code("boolean", "?", f"opt({_OF_NODES[op]}, one({as_list(e, a)}), one({as_list(e, b)}))")


def _values(e: Emitter, op: str, left: Code, right: Code) -> Code:
    """`eq`: at most one value on each side, and nothing where one is missing."""
    a, b = optional(e, left), optional(e, right)
    if a.item == "mixed":
        return spread(e, a, lambda side: _values(e, op, side, b))
    if b.item == "mixed":
        return spread(e, b, lambda side: _values(e, op, a, side))
    if "0" in (a.card, b.card):
        return Code("boolean", "0")
    kinds = {("string" if code.item == "untyped" else code.item) for code in (a, b)}
    if not (len(kinds) == 1 or kinds <= NUMBERS):
        return _unlike(e, a, b)
    kind = "double" if "double" in kinds else next(iter(kinds))
    left_py, right_py = promoted(a, kind), promoted(b, kind)
    if a.card == b.card == "1":
        return boolean(f"({left_py} {op} {right_py})")
    return Code("boolean", "?", if_both(e, _OPERATOR[op], left_py, right_py))


def _unlike(e: Emitter, a: Code, b: Code) -> Code:
    """Values that cannot be compared: an error, but not where one is missing."""
    if a.card == b.card == "1":
        return boolean(fail("XPTY0004"))
    return Code("boolean", "?", if_both(e, "mismatch", a.py, b.py))


def general(e: Emitter, op: str, left: Code, right: Code) -> str:
    """`=` and its kin over sequences, as a Python condition."""
    if left.item == "mixed":
        return spread_text(left, lambda side: general(e, op, side, right))
    if right.item == "mixed":
        return spread_text(right, lambda side: general(e, op, left, side))
    if "0" in (left.card, right.card):
        return "False"
    quick = (_has(e, left, right) or _has(e, right, left)) if op == "==" else ""
    if quick:
        return quick
    a, b = atoms(e, left), atoms(e, right)
    converters = _converters(a.item, b.item)
    if converters is None:
        if a.card == b.card == "1":
            return fail("XPTY0004")
        return f"any_pair({as_list(e, a)}, {as_list(e, b)}, mismatch)"
    return _compared(e, op, a, converters[0], b, converters[1])


def _compared(e: Emitter, op: str, a: Code, of_a: Convert, b: Code, of_b: Convert) -> str:
    relation = _relation(op, a, b)
    if a.one and b.one:
        return f"({relation(of_a(a.py), of_b(b.py))})"
    if _at_most_one(a) and _at_most_one(b) and not (a.one and b.one):
        return _both(e, op, a, of_a, b, of_b, relation)
    if b.one:
        return _against(e, a, of_a, b, of_b(b.py), relation)
    if a.one:
        return _against(e, b, of_b, a, of_a(a.py), lambda many, one: relation(one, many))
    if _at_most_one(b):
        return _against_optional(e, a, of_a, b, of_b, relation)
    if _at_most_one(a):
        return _against_optional(e, b, of_b, a, of_a, lambda many, one: relation(one, many))
    cl, item = clauses(e, a)
    # The right side is gone through anew for each item of the left one.
    held, inner = e.fresh(), e.fresh()
    return any_of(
        (f"for {held} in ({as_list(e, b)},)", *cl, f"for {inner} in {held}"),
        relation(of_a(item), of_b(inner)),
    )


def _at_most_one(code: Code) -> bool:
    return code.card in ("1", "?") and bool(code.py)


def _relation(op: str, a: Code, b: Code) -> Relation:
    """How two comparable items are compared."""
    if a.item == "untyped" and b.item in NUMBERS:
        return lambda left, right: _to_number(op, left, right, b)
    if b.item == "untyped" and a.item in NUMBERS:
        return lambda left, right: _to_number(_TURNED[op], right, left, a)
    return lambda left, right: f"{left} {op} {right}"


def _to_number(op: str, untyped: str, number: str, numbers: Code) -> str:
    """By the oracle's own order, but where it looks for the least or greatest of several numbers."""
    if op in ("==", "!=") or _at_most_one(numbers):
        return f"{_TO_NUMBER[op]}({untyped}, {number})"
    return f"dbl({untyped}) {op} {number}"


def _both(e: Emitter, op: str, a: Code, of_a: Convert, b: Code, of_b: Convert, relation: Relation) -> str:
    """Two values that may be missing."""
    if of_a("v") == "v" and of_b("v") == "v" and relation("a", "b") == f"a {op} b":
        if e.exact:
            return f"bool(opt_(lambda: {a.py}, lambda: {b.py}, {_OPERATOR[op]}))"
        return f"{_PAIR[op]}({a.py}, {b.py})"
    one, two = e.fresh(), e.fresh()
    cl = (
        f"for {one} in ({a.py},)",
        f"if {one} is not None",
        f"for {two} in ({b.py},)",
        f"if {two} is not None",
    )
    return any_of(cl, relation(of_a(one), of_b(two)))


def _against(e: Emitter, many: Code, convert: Convert, code: Code, one: str, relation: Relation) -> str:
    """A sequence against one value, which is computed before it."""
    cl, item = clauses(e, many)
    if code.const is not None or one.isidentifier():
        return any_of(cl, relation(convert(item), one))
    held = e.fresh()
    return any_of((f"for {held} in ({one},)", *cl), relation(convert(item), held))


def _against_optional(
    e: Emitter, many: Code, convert: Convert, one: Code, of_one: Convert, relation: Relation
) -> str:
    """A sequence against a value that may be missing."""
    held = e.fresh()
    cl, item = clauses(e, many)
    return any_of(
        (f"for {held} in ({one.py},)", f"if {held} is not None", *cl), relation(convert(item), of_one(held))
    )


def _has(e: Emitter, nodes: Code, other: Code) -> str:
    """`cbc:ID = 'X'` and `cbc:ID = ('X', 'Y')` without a generator of their own; "" where that does not fit."""
    if other.item not in STRINGS and not other.nodes:
        return ""
    if other.const is not None and len(other.const) > 1:
        return _has_among(e, nodes, e.unit.constant(frozenset(other.const)))
    if nodes.plain and nodes.nodes and other.one:
        return f"has({nodes.plain}, {value(other.py) if other.nodes else other.py})"
    return ""


def _has_among(e: Emitter, nodes: Code, allowed: str) -> str:
    if nodes.plain and nodes.nodes:
        return f"has_among({nodes.plain}, {allowed})"
    a = atoms(e, nodes)
    if a.item not in STRINGS:
        return ""
    if a.one:
        return f"({a.py} in {allowed})"
    cl, item = clauses(e, a)
    return any_of(cl, f"{item} in {allowed}")


def _converters(a: str, b: str) -> tuple[Convert, Convert] | None:
    """How items of two types become comparable; None where they never do."""
    if a == b or (a in STRINGS and b in STRINGS):
        return str, str
    if a == "untyped":
        if b in NUMBERS:
            return str, str
        return (_call(b), str) if b in ("boolean", "date") else None
    if b == "untyped":
        turned = _converters(b, a)
        return (turned[1], turned[0]) if turned else None
    if a in NUMBERS and b in NUMBERS:
        if "double" not in (a, b):
            return str, str
        return (str if a == "double" else _call("float")), (str if b == "double" else _call("float"))
    return None


def _call(function: str) -> Convert:
    return lambda py: f"{function}({py})"
