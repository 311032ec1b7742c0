"""`cast as`, `castable as`, `xs:decimal(...)`, and conversion by a function's signature."""

from __future__ import annotations

from avrop.schematron.compiler.code import STRINGS, Code, boolean, fail
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, spread
from avrop.schematron.compiler.values import atoms, optional, to_string
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused

_TYPES = {
    "xs:string": "string", "xs:untypedAtomic": "untyped", "xs:boolean": "boolean", "xs:integer": "integer",
    "xs:int": "integer", "xs:decimal": "decimal", "xs:double": "double", "xs:date": "date",
}  # fmt: skip
# From a string; then from each other type to each. "" is nothing to do, "%" stands for the value.
_FROM_STRING = {"decimal": "dec", "integer": "integer", "double": "dbl", "date": "date", "boolean": "boolean"}
_FROM = {
    "integer": {"decimal": "", "double": "float", "boolean": "bool"},
    "decimal": {"integer": "int", "double": "float", "boolean": "bool"},
    "double": {"integer": "integer_float", "decimal": "dec_float", "boolean": "truth_double"},
    "boolean": {"integer": "int", "decimal": "int", "double": "float"},
    "date": {},
}


def cast_as(e: Emitter, tree: x.Cast, scope: Scope) -> Code:
    """`a cast as xs:t` and `a castable as xs:t`."""
    code = e.code(tree.operand, scope)
    if tree.castable:
        return boolean(_castable(e, code, _type(tree.type), tree.optional))
    return cast(e, atoms(e, code), _type(tree.type), tree.optional)


def constructed(e: Emitter, name: str, argument: x.Expression, scope: Scope) -> Code:
    """`xs:t(a)`"""
    return cast(e, atoms(e, e.code(argument, scope)), _type(name), True)


def _type(name: str) -> str:
    if name not in _TYPES:
        raise XPathRefused(f"type {name}")
    return _TYPES[name]


def _castable(e: Emitter, code: Code, name: str, optional: bool) -> str:
    raw = atoms(e, code)
    if raw.card == "0":
        return str(optional)
    if raw.item not in STRINGS:
        raise XPathRefused(f"{raw.item} castable as xs:{name}")
    if raw.card == "*" or (raw.card == "?" and raw.loop is not None):
        return f"castable_many({as_list(e, raw)}, {name!r}, {optional})"
    return f"castable({raw.py}, {name!r}, {optional})"


def cast(e: Emitter, code: Code, name: str, optional_: bool = True) -> Code:
    """At most one value as another type; exactly one where it is not `optional_`."""
    if code.item == "mixed":
        return spread(e, code, lambda side: cast(e, side, name, optional_))
    one = optional(e, code)
    if one.card == "0":
        return Code(name, "0", "None") if optional_ else Code(name, "1", fail("XPTY0004"))
    function = _caster(one.item, name)
    if one.card == "1" or not optional_:
        py = one.py if one.card == "1" else f"must({one.py})"
        return Code(name, "1", _applied(function, py))
    if not function:
        return Code(name, "?", one.py)
    if function == "dec":
        return Code(name, "?", f"dec_o({one.py})")
    if "%" not in function:
        return Code(name, "?", f"may({function}, {one.py})")
    held = e.fresh()
    return Code(
        name, "?", f"next(({_applied(function, held)} for {held} in ({one.py},) if {held} is not None), None)"
    )


def _applied(function: str, py: str) -> str:
    if "%" in function:
        return function.replace("%", py)
    return f"{function}({py})" if function else py


def _caster(have: str, want: str) -> str:
    """The function from one type to another."""
    if have == want or (have in STRINGS and want in STRINGS):
        return ""
    if want in STRINGS:
        return to_string(have, "%")
    function = _FROM_STRING.get(want) if have in STRINGS else _FROM.get(have, {}).get(want)
    if function is None:
        raise XPathRefused(f"{have} as {want}")
    return function
