"""Functions of strings."""

from __future__ import annotations

from avrop.schematron.compiler.code import Code, boolean, integer, string
from avrop.schematron.compiler.emitter import Arguments, Emitter, Maker
from avrop.schematron.compiler.library.arguments import codes, or_context
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, clauses, in_order
from avrop.schematron.compiler.values import as_string, atoms, number, string_of, to_string
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


def _normalize_space(e: Emitter, a: Arguments, scope: Scope) -> Code:
    code = or_context(e, a, scope)
    if not a and not code.nodes:
        return string(f"ns({as_string(e, code)})")
    text = string_of(e, code)
    # `s1(nodes)` takes the string of at most one node; `n1(nodes)` normalises it on the way.
    return string(f"n1{text[2:]}" if text.startswith("s1(") else f"ns({text})")


def _string(e: Emitter, a: Arguments, scope: Scope) -> Code:
    return string(as_string(e, or_context(e, a, scope)))


def _string_length(e: Emitter, a: Arguments, scope: Scope) -> Code:
    code = or_context(e, a, scope)
    return integer(f"len({string_of(e, code) if a else as_string(e, code)})")


def _method(name: str) -> Maker:
    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        (code,) = codes(e, a, scope, 1)
        return string(f"{string_of(e, code)}.{name}()")

    return make


def _contains(e: Emitter, a: Arguments, scope: Scope) -> Code:
    quick = _code_list(e, a, scope)
    if quick:
        return boolean(quick)
    whole, part = codes(e, a, scope, 2)
    return boolean(f"({string_of(e, part)} in {string_of(e, whole)})")


def _code_list(e: Emitter, a: Arguments, scope: Scope) -> str:
    """contains(' A B ', concat(' ', X, ' ')): a code list, looked up instead of searched; "" for anything else."""
    match a:
        case (x.Literal(str() as words), x.Call("fn:concat", (x.Literal(" "), inner, x.Literal(" ")))):
            parts = words.split(" ")
            if parts[0] == parts[-1] == "" and len(parts) > 4 and all(parts[1:-1]):
                known = e.unit.constant(frozenset(parts[1:-1]))
                text = as_string(e, e.code(inner, scope))
                return f"among({text}, {known}, {e.unit.constant(words)})"
    return ""


def _starts_with(e: Emitter, a: Arguments, scope: Scope) -> Code:
    whole, part = codes(e, a, scope, 2)
    return boolean(f"{string_of(e, whole)}.startswith({string_of(e, part)})")


def _ends_with(e: Emitter, a: Arguments, scope: Scope) -> Code:
    match a:
        case (x.Call("fn:name", () | (x.ContextItem(),)), x.Literal(str() as end)) if ":" not in end:
            # What a qualified name ends with, its local name ends with, whatever the prefix.
            a = (x.Call("fn:local-name", ()), a[1])
    whole, part = codes(e, a, scope, 2)
    return boolean(f"{string_of(e, whole)}.endswith({string_of(e, part)})")


def _substring(e: Emitter, a: Arguments, scope: Scope) -> Code:
    text, *places = codes(e, a, scope, 2, 3)
    whole = string_of(e, text)
    if all(place.item == "integer" and place.const and len(place.const) == 1 for place in places):
        start, *length = [place.const[0] for place in places if place.const]
        first = max(start - 1, 0)
        end = str(max(first, start - 1 + length[0])) if length else ""
        return string(f"{whole}[{first}:{end}]")
    return string(f"substring({whole}, {', '.join(_required_number(e, place) for place in places)})")


def _required_number(e: Emitter, code: Code) -> str:
    one = number(e, code)
    if one.choice is not None:
        raise XPathRefused("a place of one type or another")
    return one.py if one.card == "1" else f"must({one.py})"


def _cut(name: str) -> Maker:
    def make(e: Emitter, a: Arguments, scope: Scope) -> Code:
        whole, part = codes(e, a, scope, 2)
        return string(f"{name}({string_of(e, whole)}, {string_of(e, part)})")

    return make


def _translate(e: Emitter, a: Arguments, scope: Scope) -> Code:
    text, old, new = codes(e, a, scope, 3)
    return string(f"translate({string_of(e, text)}, {string_of(e, old, True)}, {string_of(e, new, True)})")


def _concat(e: Emitter, a: Arguments, scope: Scope) -> Code:
    if len(a) < 2:
        raise XPathRefused("concat of less than two")
    return string("(" + " + ".join(as_string(e, e.code(item, scope)) for item in a) + ")")


def _string_join(e: Emitter, a: Arguments, scope: Scope) -> Code:
    items, *glue = codes(e, a, scope, 1, 2)
    raw = atoms(e, in_order(e, items))
    cl, item = clauses(e, raw)
    text = to_string(raw.item, item)
    if not cl:
        return string(text)
    between = string_of(e, glue[0], True) if glue else "''"
    return string(f"{between}.join([{text} {' '.join(cl)}])")


def _to_codepoints(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    name = e.fresh()
    return Code("integer", "*", "", ((f"for {name} in {string_of(e, code)}",), f"ord({name})"))


def _from_codepoints(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    if code.item != "integer":
        raise XPathRefused("codepoints-to-string of what is not xs:integer")
    return string(f"codepoints_to_string({as_list(e, code)})")


FUNCTIONS: dict[str, Maker] = {
    "normalize-space": _normalize_space,
    "string": _string,
    "string-length": _string_length,
    "upper-case": _method("upper"),
    "lower-case": _method("lower"),
    "contains": _contains,
    "starts-with": _starts_with,
    "ends-with": _ends_with,
    "substring": _substring,
    "substring-after": _cut("substring_after"),
    "substring-before": _cut("substring_before"),
    "translate": _translate,
    "concat": _concat,
    "string-join": _string_join,
    "string-to-codepoints": _to_codepoints,
    "codepoints-to-string": _from_codepoints,
}
