"""Sequences in generated Python: as loops, as lists, in document order, and as a choice between two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from avrop.schematron.compiler.code import EXACT, Clauses, Code, is_name
from avrop.schematron.compiler.emitter import Emitter
from avrop.schematron.xpath.lexer import XPathRefused


def clauses(e: Emitter, code: Code) -> tuple[Clauses, str]:
    """The code as comprehension clauses and an item; attributes and texts are real nodes there."""
    if code.choice is not None:
        raise XPathRefused("a sequence of one type or another")
    if code.lazy:
        return _real_nodes(e, code)
    if code.loop is not None:
        return code.loop
    if code.card == "1":
        return (), code.py
    name = e.fresh()
    if code.card == "0":
        return (f"for {name} in E",), name
    if code.card == "?":
        there = ".kids is not None" if code.up else " is not None"
        return (f"for {name} in ({code.py},)", f"if {name}{there}"), name
    return (f"for {name} in {code.py}",), name


def _real_nodes(e: Emitter, code: Code) -> tuple[Clauses, str]:
    before = code.loop[0] if code.loop else ()
    name = e.fresh()
    if code.attribute is not None:
        owner, attribute = code.attribute
        return (*before, f"for {name} in attr_nodes({owner}, {attribute!r})"), name
    return (*before, f"for {name} in text_nodes({code.texts})"), name


def named_clauses(e: Emitter, code: Code, start: str = "c") -> tuple[Clauses, str]:
    """`clauses` with an item that is a name, and so can be written twice; it may still be outside the loop."""
    cl, item = clauses(e, code)
    if is_name(item):
        return cl, item
    name = e.fresh(start)
    return (*cl, f"for {name} in ({item},)"), name


def as_list(e: Emitter, code: Code) -> str:
    """The code as a list or tuple of what it is made of, in the order it has."""
    if code.choice is not None:
        return spread_text(code, lambda side: as_list(e, side))
    if code.card == "0":
        return "E"
    if code.plain:
        return code.plain
    if code.attribute is not None and code.loop is None:
        return f"attr_nodes({code.attribute[0]}, {code.attribute[1]!r})"
    if code.card == "*" and code.loop is None:
        return code.py
    cl, item = clauses(e, code)
    return f"[{item} {' '.join(cl)}]" if cl else f"({item},)"


def in_order(e: Emitter, code: Code) -> Code:
    """The nodes in document order, each once; values and sequences of their own order as they are."""
    if not code.nodes or code.ordered or code.given or (code.card != "*" and code.loop is None):
        return code
    cl, item = clauses(e, code)
    name, source = e.fresh(), f"in_order([{item} {' '.join(cl)}])"
    return Code(code.item, "*", source, ((f"for {name} in {source}",), name), plain=source)


def python(e: Emitter, code: Code) -> str:
    """What a variable of generated code holds: the value, or the list."""
    return code.py if code.single else as_list(e, code)


def held(code: Code, name: str) -> Code:
    """The code once `python` of it is in a variable."""
    if code.single:
        return Code(code.item, code.card, name, ordered=code.ordered, given=code.given, peers=code.peers)
    return Code(code.item, "*", name, ordered=code.ordered, given=code.given, peers=code.peers, plain=name)


# A choice: `if (a) then 1 else 'x'`.


def choice(e: Emitter, condition: str, a: Code, b: Code) -> Code:
    """One of two codes. Of different types it stays a choice until what uses it has settled on one."""
    item = common(a, b)
    if item is None:
        return Code("mixed", "?", choice=(condition, a, b))
    if a.nodes or b.nodes or "*" in (a.card, b.card):
        a, b = in_order(e, a), in_order(e, b)
        py = f"({as_list(e, a)} if {condition} else {as_list(e, b)})"
        return Code(item, "*", py, ordered=a.ordered and b.ordered, given=a.given or b.given,
                    peers=a.peers and b.peers)  # fmt: skip
    left, right = ("None" if side.card == "0" else side.py for side in (a, b))
    card = "1" if a.card == b.card == "1" else "?"
    return Code(item, card, f"({left} if {condition} else {right})")


def sides(code: Code) -> tuple[str, Code, Code]:
    """The condition of a choice, and what it is between."""
    if code.choice is None:
        raise TypeError("no choice")
    return code.choice


def spread(e: Emitter, code: Code, use: Callable[[Code], Code]) -> Code:
    """`use` of each side of a choice."""
    condition, a, b = sides(code)
    return choice(e, condition, use(a), use(b))


def spread_text(code: Code, use: Callable[[Code], str]) -> str:
    """`use` of each side of a choice, where it gives a Python value."""
    condition, a, b = sides(code)
    return f"({use(a)} if {condition} else {use(b)})"


def common(a: Code, b: Code) -> str | None:
    """The type of items that come from either; None where there is none."""
    if "mixed" in (a.item, b.item):
        return None
    if a.card == "0":
        return b.item
    if b.card == "0" or a.item == b.item:
        return a.item
    if a.nodes and b.nodes:
        return "branch" if {a.item, b.item} <= {"element", "document", "branch"} else "node"
    if {a.item, b.item} <= EXACT:
        return "decimal"
    return None


def looped(code: Code, cl: Clauses, item: str) -> Code:
    """A selection from `code` as a loop: what was known of the whole no longer holds."""
    return replace(
        code, card="*", py="", loop=(cl, item), plain="", attribute=None, texts=None, const=None, up=False,
        source="", text_of="",
    )  # fmt: skip


def sliced(e: Emitter, code: Code, source: str) -> Code:
    """A selection from `code` that is a list already."""
    name = e.fresh()
    return replace(looped(code, (f"for {name} in {source}",), name), py=source, plain=source)
