"""Values of nodes, and what functions and operators ask of them: one string, one number, at most one item."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from avrop.schematron.compiler.code import EXACT, NUMBERS, STRINGS, Code, fail, integer, string
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, clauses, in_order, spread, spread_text
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


def literal(e: Emitter, tree: x.Literal, _scope: Scope) -> Code:
    """A string or number as it was written."""
    value = tree.value
    if isinstance(value, str):
        return replace(string(repr(value)), const=(value,))
    if isinstance(value, int):
        return replace(integer(repr(value)), const=(value,))
    if isinstance(value, Decimal):
        return Code("decimal", "1", e.unit.constant(value), const=(value,))
    return Code("double", "1", repr(value), const=(value,))


def value(item: str) -> str:
    """The string value of a node. Most are leaves, whose text is the value."""
    return f"({item}.text or value({item}))"


def atoms(e: Emitter, code: Code) -> Code:
    """The typed values of a sequence: nodes become untyped."""
    if code.item == "mixed":
        return spread(e, code, lambda side: atoms(e, side))
    if not code.nodes:
        return code
    if code.card == "0":
        return Code("untyped", "0")
    if code.attribute is not None:
        return _of_attribute(e, code, *code.attribute)
    if code.texts is not None and code.ordered:
        return _of_texts(e, code, code.texts)
    if code.one:
        return Code("untyped", "1", value(code.py))
    code = in_order(e, code)
    listed = as_list(e, code)
    if code.card == "?" and code.loop is None:
        name = e.fresh()
        loop = (f"for {name} in {listed}",), value(name)
        return Code("untyped", "?", f"o1({listed})", loop, source=listed)
    cl, item = clauses(e, code)
    return Code("untyped", "*", "", (cl, value(item)), source=listed)


def _of_attribute(e: Emitter, code: Code, owner: str, name: str) -> Code:
    get = f"{owner}.attrs.get({name!r})"
    if code.loop is None:
        return Code("untyped", "?", get)
    item = e.fresh()
    return Code(
        "untyped", "*", "", ((*code.loop[0], f"for {item} in ({get},)", f"if {item} is not None"), item)
    )


def _of_texts(e: Emitter, code: Code, owner: str) -> Code:
    item, listed = e.fresh(), f"texts({owner})"
    if code.loop is None:
        return Code("untyped", "*", listed, ((f"for {item} in {listed}",), item), text_of=owner)
    return Code("untyped", "*", "", ((*code.loop[0], f"for {item} in {listed}"), item))


def optional(e: Emitter, code: Code) -> Code:
    """At most one value: the code as a value or None. Fails at run time for more."""
    if code.item == "mixed":
        return spread(e, code, lambda side: optional(e, side))
    code = atoms(e, code)
    if code.card == "1" and code.loop is None:
        return code
    if code.card == "0":
        return Code(code.item, "0", "None")
    if code.card == "?":
        return replace(code, loop=None)
    if code.source:
        return Code("untyped", "?", f"o1({code.source})")
    return Code(code.item, "?", f"one({as_list(e, code)})")


def string_of(e: Emitter, code: Code, required: bool = False) -> str:
    """An argument that must be `xs:string?`: "" for none; `required` where `xs:string` is asked for."""
    if code.item == "mixed":
        return spread_text(code, lambda side: string_of(e, side, required))
    raw = atoms(e, code)
    if raw.card == "0":
        return fail("XPTY0004") if required else "''"
    if raw.item not in STRINGS:
        return _not_a_string(e, raw, required)
    if raw.one:
        return raw.py
    if required:
        return f"must({optional(e, raw).py})"
    if raw.text_of:
        return f"t1({raw.text_of})"
    if raw.source:
        return f"s1({raw.source})"
    if raw.card == "?":
        return f"({raw.py} or '')"
    return f"(one({as_list(e, raw)}) or '')"


def _not_a_string(e: Emitter, raw: Code, required: bool) -> str:
    """An error, but not where there is no value at all."""
    if raw.one or required:
        return fail("XPTY0004")
    return f"('' if {optional(e, raw).py} is None else {fail('XPTY0004')})"


def as_string(e: Emitter, code: Code) -> str:
    """fn:string of at most one item of any type."""
    if code.item == "mixed":
        return spread_text(code, lambda side: as_string(e, side))
    raw = atoms(e, code)
    if raw.item in STRINGS or raw.card == "0":
        return string_of(e, raw)
    one = optional(e, raw)
    if one.card == "1":
        return to_string(one.item, one.py)
    name = e.fresh()
    return f"next(({to_string(one.item, name)} for {name} in ({one.py},) if {name} is not None), '')"


def to_string(item: str, py: str) -> str:
    """xs:string of one value."""
    if item in STRINGS:
        return py
    if item in EXACT:
        return f"str_decimal({py})"
    function = {"double": "str_double", "boolean": "str_bool"}.get(item)
    if function is not None:
        return f"{function}({py})"
    if item == "date":
        return f"{py}.text"
    raise XPathRefused(f"string of {item}")


def said(e: Emitter, code: Code) -> str:
    """xsl:value-of: every item as a string, a space between."""
    if code.item == "mixed":
        return spread_text(code, lambda side: said(e, side))
    raw = atoms(e, in_order(e, code))
    if raw.card == "0" or (raw.card in ("1", "?") and raw.loop is None):
        return as_string(e, raw)
    name = e.fresh()
    # XSLT 3.0, 5.7.2: text nodes beside each other become one.
    between = "" if code.item == "text" else " "
    return f"{between!r}.join([{to_string(raw.item, name)} for {name} in {as_list(e, raw)}])"


def number(e: Emitter, code: Code) -> Code:
    """An operand of arithmetic: at most one; untyped becomes xs:double."""
    if code.item == "mixed":
        return spread(e, code, lambda side: number(e, side))
    one = optional(e, code)
    if one.card == "0":
        return Code("double", "0", "None")
    if one.item == "untyped":
        return Code("double", one.card, f"dbl({one.py})" if one.card == "1" else f"dbl_o({one.py})")
    if one.item not in NUMBERS:
        return Code("double", "1", fail("XPTY0004"))
    return one
