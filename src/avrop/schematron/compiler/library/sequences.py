"""Functions of sequences."""

from __future__ import annotations

from avrop.schematron.compiler.code import STRINGS, Code, integer
from avrop.schematron.compiler.emitter import Arguments, Emitter, Maker
from avrop.schematron.compiler.library.arguments import codes, literal, or_context
from avrop.schematron.compiler.scope import Scope
from avrop.schematron.compiler.sequences import as_list, clauses, in_order, sliced
from avrop.schematron.compiler.values import atoms
from avrop.schematron.xpath.lexer import XPathRefused


def _count(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    if code.card == "0":
        return Code("integer", "1", "0", const=(0,))
    code = in_order(e, code)
    if code.attribute is not None and code.loop is not None:
        owner, name = code.attribute
        return integer(f"sum(1 {' '.join(code.loop[0])} if {name!r} in {owner}.attrs)")
    if code.plain:
        return integer(f"len({code.plain})")
    if code.loop is not None or code.lazy:
        cl, _ = clauses(e, code)
        return integer(f"sum(1 {' '.join(cl)})" if cl else "1")
    return integer(f"len({as_list(e, code)})")


def _reverse(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    code = in_order(e, code)
    if code.choice is not None:
        raise XPathRefused("reverse of one type or another")
    return Code(code.item, "*", f"{as_list(e, code)}[::-1]", ordered=False, given=True, peers=False)


def _distinct(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    raw = atoms(e, in_order(e, code))
    if raw.item not in STRINGS:
        raise XPathRefused(f"distinct-values of {raw.item}")
    cl, item = clauses(e, raw)
    return Code(raw.item, "*", f"list(dict.fromkeys({item} {' '.join(cl)}))") if cl else raw


def _data(e: Emitter, a: Arguments, scope: Scope) -> Code:
    return atoms(e, or_context(e, a, scope))


def _zero_or_one(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    code = in_order(e, code)
    return sliced(e, code, f"at_most_one({as_list(e, code)})")


def _exactly_one(e: Emitter, a: Arguments, scope: Scope) -> Code:
    (code,) = codes(e, a, scope, 1)
    if code.choice is not None:
        raise XPathRefused("exactly-one of one type or another")
    return Code(code.item, "1", f"exactly({as_list(e, in_order(e, code))})")


def _position(_e: Emitter, _a: Arguments, scope: Scope) -> Code:
    if not scope.position:
        raise XPathRefused("position() outside a predicate")
    return integer(scope.position)


def _last(_e: Emitter, _a: Arguments, scope: Scope) -> Code:
    if not scope.last:
        raise XPathRefused("last() outside a predicate")
    return integer(scope.last)


def _key(e: Emitter, a: Arguments, scope: Scope) -> Code:
    name, wanted = codes(e, a, scope, 2)
    made = e.unit.keys.get(literal(name) or "")
    if made is None:
        raise XPathRefused("an unknown key")
    raw = atoms(e, wanted)
    if raw.item not in STRINGS:
        raise XPathRefused("a key of what is no string")
    cl, item = clauses(e, raw)
    found = f"d.{made}.get({item}, E)"
    if not cl:
        return Code("element", "*", found, peers=False)
    node = e.fresh()
    return Code("element", "*", "", ((*cl, f"for {node} in {found}"), node), ordered=False, peers=False)


FUNCTIONS: dict[str, Maker] = {
    "count": _count,
    "reverse": _reverse,
    "distinct-values": _distinct,
    "data": _data,
    "zero-or-one": _zero_or_one,
    "exactly-one": _exactly_one,
    "position": _position,
    "last": _last,
    "key": _key,
}
