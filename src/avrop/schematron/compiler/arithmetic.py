"""`+ - * div idiv mod`: exact where both sides are, xs:double where one is."""

from __future__ import annotations

from dataclasses import replace

from avrop.schematron.compiler.code import NUMBERS, Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import choice, spread
from avrop.schematron.compiler.values import number
from avrop.schematron.xpath import ast as x

_FUNCTIONS = {
    "+": dict.fromkeys(NUMBERS, "add"),
    "-": dict.fromkeys(NUMBERS, "subtract"),
    "*": dict.fromkeys(NUMBERS, "multiply"),
    "div": {"integer": "divide", "decimal": "divide", "double": "divide_double"},
    "idiv": {"integer": "idiv", "decimal": "idiv", "double": "idiv_double"},
    "mod": {"integer": "mod_integer", "decimal": "mod_decimal", "double": "mod_double"},
}


def arithmetic(e: Emitter, tree: x.Arithmetic, scope: Scope) -> Code:
    """`a + b` and its kin."""
    return _of(e, tree.op, e.code(tree.left, scope), e.code(tree.right, scope))


def negative(e: Emitter, tree: x.Negative, scope: Scope) -> Code:
    """`-a`. The negative of a double zero is another zero, so this is no subtraction."""
    return _negative(e, number(e, e.code(tree.operand, scope)))


def _negative(e: Emitter, one: Code) -> Code:
    if one.item == "mixed":
        return spread(e, one, lambda side: _negative(e, side))
    if one.card == "0":
        return one
    return Code(one.item, one.card, f"(-{one.py})" if one.card == "1" else f"may(operator.neg, {one.py})")


def _of(e: Emitter, op: str, left: Code, right: Code) -> Code:
    a, b = number(e, left), number(e, right)
    if a.item == "mixed":
        return spread(e, a, lambda side: _of(e, op, side, b))
    if b.item == "mixed":
        return spread(e, b, lambda side: _of(e, op, a, side))
    if "0" in (a.card, b.card):
        return Code("double", "0", "None")
    if a.filled and b.item == "decimal":
        return _of(e, op, _or_zero(e, a), b)
    if b.filled and a.item == "decimal":
        return _of(e, op, a, _or_zero(e, b))
    kind = next(k for k in ("double", "decimal", "integer") if k in (a.item, b.item))
    result = {"div": "decimal" if kind == "integer" else kind, "idiv": "integer"}.get(op, kind)
    left_py, right_py = promoted(a, kind), promoted(b, kind)
    function = _FUNCTIONS[op][kind]
    if a.card != "1" or b.card != "1":
        return Code(result, "?", if_both(e, function, left_py, right_py))
    if op in ("+", "-", "*"):
        return Code(result, "1", f"({left_py} {op} {right_py})")
    return Code(result, "1", f"{function}({left_py}, {right_py})")


def _or_zero(e: Emitter, total: Code) -> Code:
    """A sum of untyped values beside an exact number: of none it is exact, too, and so is what comes of it."""
    return choice(e, total.filled, replace(total, filled=""), Code("integer", "1", "0", const=(0,)))


def if_both(e: Emitter, function: str, left: str, right: str) -> str:
    """A function of two values that may be missing; the right one is not asked for without the left."""
    if e.exact:
        return f"opt_(lambda: {left}, lambda: {right}, {function})"
    return f"opt({function}, {left}, {right})"


def promoted(code: Code, kind: str) -> str:
    """A number as the `kind` in which it is calculated or compared."""
    if kind != "double" or code.item == "double":
        return code.py
    if code.const is not None:
        return repr(float(code.const[0]))
    return f"float({code.py})" if code.card == "1" else f"float_o({code.py})"
