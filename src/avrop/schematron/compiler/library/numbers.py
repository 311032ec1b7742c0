"""Functions of numbers, and the two truths."""

from __future__ import annotations

from avrop.schematron.compiler.code import EXACT, NUMBERS, STRINGS, Code, boolean
from avrop.schematron.compiler.emitter import Arguments, Emitter, Maker
from avrop.schematron.compiler.library.arguments import codes, or_context
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import clauses, in_order, spread
from avrop.schematron.compiler.truth import exists, truth
from avrop.schematron.compiler.values import atoms, number, optional
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


def _constant(py: str) -> Maker:
    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        codes(e, a, scope, 0)
        return boolean(py)

    return make


def _condition(name: str) -> Maker:
    """A function that `truth` knows."""

    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        if len(a) != 1:
            raise XPathRefused(f"{name} of {len(a)}")
        return boolean(truth(e, x.Call(f"fn:{name}", a), scope))

    return make


def _number(e: Emitter, a: Arguments, scope: Scope) -> Code:
    return _as_number(e, optional(e, or_context(e, a, scope)))


def _as_number(e: Emitter, one: Code) -> Code:
    if one.item == "mixed":
        return spread(e, one, lambda side: _as_number(e, side))
    if one.card == "0":
        return Code("double", "1", "number(None)")
    if one.item in STRINGS:
        return Code("double", "1", f"number({one.py})")
    if one.item not in NUMBERS and one.item != "boolean":
        raise XPathRefused(f"number of {one.item}")
    if one.card != "1":
        return Code("double", "1", f"number_o({one.py})")
    return Code("double", "1", one.py if one.item == "double" else f"float({one.py})")


def _sum(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    raw = atoms(e, in_order(e, code))
    if raw.card == "0":
        return Code("integer", "1", "0", const=(0,))
    function = {"untyped": "sum_double", "double": "sum_number", **dict.fromkeys(EXACT, "total")}.get(
        raw.item
    )
    if function is None:
        raise XPathRefused(f"sum of {raw.item}")
    item = "double" if raw.item == "untyped" else raw.item
    filled = exists(e, raw) if item == "double" else ""
    return Code(item, "1", f"{function}({_each(e, raw)})", filled=filled)


def _each(e: Emitter, raw: Code, convert: str = "") -> str:
    cl, item = clauses(e, raw)
    item = f"{convert}({item})" if convert else item
    return f"({item} {' '.join(cl)})" if cl else f"({item},)"


def _extreme(least: bool) -> Maker:
    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        (code,) = codes(e, a, scope, 1)
        raw = atoms(e, in_order(e, code))
        if raw.item == "untyped":
            return Code("double", "?", f"greatest({_each(e, raw, 'dbl')}, {least})")
        if raw.item not in NUMBERS:
            raise XPathRefused(f"max of {raw.item}")
        return Code(raw.item, "?", f"greatest({_each(e, raw)}, {least})")

    return make


def _rounding(integer: str, decimal: str, double: str) -> Maker:
    functions = {"integer": integer, "decimal": decimal, "double": double}

    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        (code,) = codes(e, a, scope, 1)
        return rounded(e, number(e, code))

    def rounded(e: Emitter, one: Code) -> Code:
        if one.item == "mixed":
            return spread(e, one, lambda side: rounded(e, side))
        if one.card == "0":
            return one
        function = functions[one.item]
        if not function:
            return Code(one.item, one.card, one.py)
        return Code(
            one.item, one.card, f"{function}({one.py})" if one.card == "1" else f"may({function}, {one.py})"
        )

    return make


FUNCTIONS: dict[str, Maker] = {
    "true": _constant("True"),
    "false": _constant("False"),
    **{name: _condition(name) for name in ("not", "boolean", "exists", "empty")},
    "number": _number,
    "sum": _sum,
    "max": _extreme(False),
    "min": _extreme(True),
    "round": _rounding("", "round_decimal", "round_double"),
    "floor": _rounding("", "floor_decimal", "floor_double"),
    "ceiling": _rounding("", "ceiling_decimal", "ceiling_double"),
    "abs": _rounding("abs", "abs", "abs"),
}
