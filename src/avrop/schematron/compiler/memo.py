"""Values of the whole document: computed when first asked for, and kept."""

from __future__ import annotations

from dataclasses import replace

from avrop.schematron.compiler.code import STRINGS, Code
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.compiler.scope import Scope, free, of_document
from avrop.schematron.compiler.sequences import as_list, choice, held, in_order, python, sides
from avrop.schematron.compiler.values import atoms
from avrop.schematron.xpath import ast as x


def keep(e: Emitter, tree: x.Expression) -> Code:
    """The code of an expression that depends on the document alone."""
    grouped = _grouped(e, tree)
    if grouped is not None:
        return grouped
    made = e.forms[type(tree)](e, tree, of_document())
    if (made.card == "1" and made.py in ("d.doc", "d.top")) or made.item == "mixed":
        return made
    return held(made, e.unit.remember(python(e, made)))


def kept(e: Emitter, code: Code) -> Code:
    """A code that depends on the document alone, kept as what `let` names."""
    if code.const is not None:
        return code
    if code.choice is not None:
        condition, a, b = sides(code)
        return choice(e, e.unit.remember(condition), kept(e, a), kept(e, b))
    code = in_order(e, code)
    return held(code, e.unit.remember(python(e, code)))


def _grouped(e: Emitter, tree: x.Expression) -> Code | None:
    """`path[value = 'A']`, where other rules ask the same path for 'B': one index for all of them."""
    parted = last_predicate(tree)
    if parted is None:
        return None
    base_tree, value, key = parted
    base = e.code(base_tree, of_document())
    if not base.nodes or base.card != "*" or not base.plain:
        return None
    if (base_tree, value) not in e.indexes:
        item = e.fresh()
        code = atoms(e, e.code(value, Scope(Code(base.item, "1", item), of_document().variables)))
        if code.item not in STRINGS:
            return None
        source = f"grouped({base.plain}, lambda {item}: {as_list(e, code)})"
        e.indexes[base_tree, value] = e.unit.remember(source)
    name = f"{e.indexes[base_tree, value]}.get({key!r}, E)"
    return Code(base.item, "*", name, ordered=base.ordered, given=base.given, peers=base.peers, plain=name)


def last_predicate(tree: x.Expression) -> tuple[x.Expression, x.Expression, str] | None:
    """(path, value, text) of `path[value = 'text']`, where the value depends on the node alone."""
    last = tree.right if isinstance(tree, x.Path) else tree
    if not isinstance(last, x.Step | x.Filter) or not last.predicates:
        return None
    match last.predicates[-1]:
        case x.Comparison("general", "=", value, x.Literal(str() as key)):
            pass
        case _:
            return None
    if free(value) != {"."}:
        return None
    rest: x.Expression = replace(last, predicates=last.predicates[:-1])
    if isinstance(rest, x.Filter) and not rest.predicates:
        rest = rest.base
    return (x.Path(tree.left, rest) if isinstance(tree, x.Path) else rest), value, key
