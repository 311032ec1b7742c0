"""The effective boolean value, as a Python condition."""

from __future__ import annotations

from avrop.schematron.compiler.code import NUMBERS, STRINGS, Clauses, Code, boolean, fail
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope, parts
from avrop.schematron.compiler.sequences import as_list, spread_text
from avrop.schematron.compiler.values import string_of
from avrop.schematron.xpath import ast as x


def logic(e: Emitter, tree: x.Logic, scope: Scope) -> Code:
    """`and` and `or`."""
    return boolean(truth(e, tree, scope))


def truth(e: Emitter, tree: x.Expression, scope: Scope) -> str:
    """The effective boolean value of an expression."""
    match tree:
        case x.Logic(op, operands):
            return _logic(e, op, operands, scope)
        case x.Call("fn:not", (inner,)):
            return f"(not {truth(e, inner, scope)})"
        case x.Call("fn:boolean", (inner,)):
            return truth(e, inner, scope)
        case x.Call("fn:exists", (inner,)):
            return exists(e, e.code(inner, scope))
        case x.Call("fn:empty", (inner,)):
            return f"(not {exists(e, e.code(inner, scope))})"
        case x.Comparison("general", "=" | "!=" as op, x.Call("fn:normalize-space") as left, x.Literal("")):
            there = truth(e, left, scope)
            return there if op == "!=" else f"(not {there})"
        case x.Call("fn:normalize-space", inner) if len(inner) < 2:
            code = e.code(inner[0] if inner else x.ContextItem(), scope)
            if code.nodes:
                return f"bool({string_of(e, code)}.strip(WHITE))"
    return truth_of(e, e.code(tree, scope))


def _logic(e: Emitter, op: str, operands: tuple[x.Expression, ...], scope: Scope) -> str:
    conditions = [truth(e, operand, scope) for operand in operands]
    if not e.exact:
        return "(" + f" {op} ".join(conditions) + ")"
    # An error in one operand does not count where another settles the matter: XPath leaves the order open, and
    # the oracle asks the cheap operand first. A function of the schema is never the cheap one.
    made = conditions[0]
    for operand, condition in zip(operands[1:], conditions[1:], strict=True):
        made = (
            f"({made} {op} {condition})"
            if _costly(operand)
            else f"{op}_(lambda: {made}, lambda: {condition})"
        )
    return made


def _costly(tree: x.Expression) -> bool:
    if isinstance(tree, x.Call) and not tree.name.startswith(("fn:", "xs:")):
        return True
    return any(_costly(part) for part in parts(tree))


def truth_of(e: Emitter, code: Code) -> str:
    """The effective boolean value of a code."""
    if code.item == "mixed":
        return spread_text(code, lambda side: truth_of(e, side))
    if code.nodes:
        return exists(e, code)
    if code.card == "0":
        return "False"
    if code.card in ("1", "?") and code.loop is None:
        return _of_one(code)
    if code.item in STRINGS:
        return f"truth_strings({as_list(e, code)})"
    if code.item in NUMBERS or code.item == "boolean":
        return f"truth_numbers({as_list(e, code)})"
    return fail("FORG0006")


def _of_one(code: Code) -> str:
    if code.item == "boolean":
        return f"({code.py})"
    if code.item == "double":
        return f"truth_double({code.py})"
    if code.item in STRINGS or code.item in NUMBERS:
        return f"bool({code.py})"
    return fail("FORG0006") if code.card == "1" else f"({code.py} is not None and {fail('FORG0006')})"


def exists(e: Emitter, code: Code) -> str:
    """Whether a sequence has an item."""
    if code.item == "mixed":
        return spread_text(code, lambda side: exists(e, side))
    if code.up:
        return f"({code.py}.kids is not None)"
    if code.card == "0":
        return "False"
    if code.attribute is not None:
        owner, name = code.attribute
        return any_of(code.loop[0] if code.loop else (), f"{name!r} in {owner}.attrs")
    if code.texts is not None and code.loop is not None:
        return any_of((*code.loop[0], f"for {(name := e.fresh())} in texts({code.texts})"), "True")
    if code.loop is not None:
        return _loop_runs(code.loop[0])
    if code.card == "1":
        return "True"
    if code.card == "?":
        return f"({code.py} is not None)"
    if code.py.startswith("elems("):
        return f"has_elems{code.py[5:]}"
    return f"bool({code.py})"


def _loop_runs(cl: Clauses) -> str:
    if not cl:
        return "True"
    last = cl[-1]
    if last.startswith("for ") and last.endswith(", E)") and ".get(" in last:
        owner, _, key = last.partition(" in ")[2][:-4].partition(".get(")
        if "(" not in owner:
            return any_of(cl[:-1], f"{key} in {owner}")
    return any_of(cl, "True")


def any_of(cl: Clauses, condition: str) -> str:
    """Whether a condition holds for one of the items of a loop."""
    if not cl:
        return f"({condition})"
    if condition == "True" and cl[-1].startswith("if "):
        return f"any({cl[-1][3:]} {' '.join(cl[:-1])})" if len(cl) > 1 else f"({cl[-1][3:]})"
    return f"any({condition} {' '.join(cl)})"
