"""Rule contexts and key patterns as text, and their predicates as functions of a node."""

from __future__ import annotations

from typing import Any

from avrop.schematron.compiler.code import NUMBERS, Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import POSITION, Scope, free, parts, variables
from avrop.schematron.compiler.sequences import as_list
from avrop.schematron.compiler.truth import truth
from avrop.schematron.compiler.values import atoms
from avrop.schematron.compiler.xslt import Variables
from avrop.schematron.contexts import Alternative, Part
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused


def tested(e: Emitter, alternative: Alternative, scope: Variables) -> str:
    """The alternative as text, its predicates as names of functions."""
    parts = []
    for part in alternative.parts:
        names = [name for at, p in enumerate(part.predicates) for name in _predicate(e, part, p, scope, at)]
        parts.append(f"Part({part.kind!r}, {part.test!r}, {part.deep}, ({''.join(n + ', ' for n in names)}))")
    return f"Alternative(({', '.join(parts)},), {alternative.rooted})"


def _predicate(e: Emitter, part: Part, tree: x.Expression, scope: Variables, at: int) -> list[str]:
    """The functions a predicate becomes: what the name alone decides is asked apart from the rest."""
    if isinstance(tree, x.Logic) and tree.op == "and":
        named = [operand for operand in tree.operands if _by_name(operand)]
        rest = tuple(operand for operand in tree.operands if not _by_name(operand))
        if named and rest:
            whole = rest[0] if len(rest) == 1 else x.Logic("and", rest)
            return [_function(e, part, operand, scope, at) for operand in (*named, whole)]
    return [_function(e, part, tree, scope, at)]


def _function(e: Emitter, part: Part, tree: x.Expression, outer: Variables, at: int) -> str:
    scope = Scope(Code(part.kind, "1", "n"), outer)
    condition = _condition(e, part, tree, scope, at)
    key = ("predicate", part.kind, tree, "" if not variables(tree) else condition)
    if key in e.unit.named:
        return e.unit.named[key]
    name = e.unit.named[key] = e.fresh("p")
    again = _exactly(e, part, tree, scope, at)
    # XSLT 3.0, 5.5.4: an error in a pattern means that the node does not match. It is not met where the other
    # operand of an `or` settles the matter.
    e.unit.lines.append(f"def {name}(d, n):\n    try: return {condition}\n    except DynamicError: {again}")
    if _by_name(tree):
        e.unit.lines.append(f"BY_NAME.add({name})")
    _switch(e, name, tree, scope)
    return name


def _exactly(e: Emitter, part: Part, tree: x.Expression, scope: Scope, at: int) -> str:
    """What to do after an error: ask again where the order of operands might decide."""
    if e.exact or not _has_logic(tree):
        return "return False"
    e.exact = True
    try:
        condition = _condition(e, part, tree, scope, at)
    finally:
        e.exact = False
    return f"\n        try: return {condition}\n        except DynamicError: return False"


def _has_logic(tree: Any) -> bool:
    return isinstance(tree, x.Logic) or any(_has_logic(part) for part in parts(tree))


def _condition(e: Emitter, part: Part, tree: x.Expression, scope: Scope, at: int) -> str:
    if isinstance(tree, x.Literal) and isinstance(tree.value, int):
        if at or part.kind != "element" or part.test is None or part.test.tag is None:
            raise XPathRefused("a position in a context that is not counted by name")
        return f"d.place(n) == {tree.value}"
    if POSITION in free(tree):
        raise XPathRefused("position() in a context")
    code = e.code(tree, scope)
    if code.item in NUMBERS or code.choice is not None:
        raise XPathRefused("a computed position in a context")
    return truth(e, tree, scope)


def _switch(e: Emitter, name: str, tree: x.Expression, scope: Scope) -> None:
    """`value = 'A'`, where others ask for 'B': the value is computed once, and looked up."""
    match tree:
        case x.Comparison("general", "=", value, x.Literal(str() as key)) if not variables(value):
            pass
        case _:
            return
    code = atoms(e, e.code(value, scope))
    if code.item not in ("string", "untyped"):
        return
    given = ("switch", value)
    if given not in e.unit.named:
        function = e.unit.named[given] = e.fresh("q")
        e.unit.lines.append(
            f"def {function}(d, n):\n    try: return {as_list(e, code)}\n    except DynamicError: return None"
        )
    e.unit.lines.append(f"SWITCH[{name}] = ({e.unit.named[given]}, {key!r})")


def _by_name(tree: x.Expression) -> bool:
    """Whether a predicate asks for nothing but the local name, which the path has settled."""
    match tree:
        case x.Call("fn:not", (inner,)):
            return _by_name(inner)
        case x.Call("fn:ends-with", (x.Call("fn:name" | "fn:local-name", ()), x.Literal(str() as end))):
            return ":" not in end
    return False
