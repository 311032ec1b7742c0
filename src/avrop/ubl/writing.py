"""The writing half of a table: one small function per element, made once, in the order of the rows.

Everything is added to one list of strings. Where the dataclass brings a rest, each element first asks it for
the way it was spelled, and what no row names is put back behind the element it followed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from avrop.ubl.kinds import Context, escape, quoted
from avrop.ubl.rest import Lookup
from avrop.ubl.shape import Node, Row, Shape, attribute_of

Emit = Callable[[Any, list[str], Context, Lookup | None], None]
Item = Callable[[Any, int, list[str], Context, Lookup | None], None]


class Branch:
    """A child of an element of the table: `emit` writes all of it; `item` one value of a repeated one."""

    __slots__ = ("emit", "field", "item", "tag")

    def __init__(self, tag: str, emit: Emit, field: str | None = None, item: Item | None = None) -> None:
        self.tag, self.emit, self.field, self.item = tag, emit, field, item


class Plan:
    """How a dataclass becomes the content of an element."""

    def __init__(self, shape: Shape) -> None:
        top = shape.node
        self.attributes = _attributes(top.attributes)
        self.write = _content(top)
        self.own: Callable[[Any, list[str], Context, Lookup | None], None] | None = None
        if top.row is not None and top.write is not None:
            self.own = _own_text(top)

    def element(self, name: str, value: Any, out: list[str], context: Context) -> None:
        """The element `name` for `value`; nothing where it has no content."""
        kept = Lookup(value.rest) if value.rest else None
        start = f"<{name}"
        if self.attributes is not None:
            start += self.attributes(value)
        if kept is not None:
            start += kept.attributes.get("", "")
        at = len(out)
        out.append(start + ">")
        self.content(value, out, context, kept)
        if len(out) == at + 1:
            out.pop()
        else:
            out.append(f"</{name}>")

    def content(self, value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        """What stands inside the element."""
        if self.own is not None:
            self.own(value, out, context, kept)
        self.write(value, out, context, kept)


@cache
def plan_of(shape: Shape) -> Plan:
    """The plan of a shape, made when it is first written."""
    return Plan(shape)


def _attributes(rows: list[Row]) -> Callable[[Any], str] | None:
    if not rows:
        return None
    pairs = [(attribute_of(row), attrgetter(row.field)) for row in rows]

    def spell(value: Any) -> str:
        given = [(name, get(value)) for name, get in pairs]
        return "".join(f" {name}={quoted(inner)}" for name, inner in given if inner is not None)

    return spell


def _own_text(top: Node) -> Emit:
    assert top.row is not None and top.write is not None
    get, write = attrgetter(top.row.field), top.write

    def emit(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        inner = get(value)
        if inner is None:
            return
        spelled = kept.spelled("", 0, (inner,)) if kept is not None else None
        out.append(write(inner, context)[1:] if spelled is None else spelled)

    return emit


def _content(node: Node) -> Emit:
    """The children of an element, in order, and between them what was kept."""
    branches = [_branch(child) for child in node.children.values()]
    emits = [branch.emit for branch in branches]
    inside = node.path

    def emit(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        if kept is None:
            for one in emits:
                one(value, out, context, None)
            return
        out.extend(xml for _, xml in kept.unknown.get((inside, ""), ()))
        for branch in branches:
            pieces = kept.unknown.get((inside, branch.tag))
            if pieces is None:
                branch.emit(value, out, context, kept)
            else:
                _mixed(branch, pieces, value, out, context, kept)

    return emit


def _mixed(
    branch: Branch,
    pieces: list[tuple[int, str]],
    value: Any,
    out: list[str],
    context: Context,
    kept: Lookup,
) -> None:
    """A known element's occurrences and, each behind its number of them, the pieces kept."""
    waiting = list(pieces)

    def until(count: int) -> None:
        while waiting and waiting[0][0] <= count:
            out.append(waiting.pop(0)[1])

    until(0)
    if branch.item is None or branch.field is None:
        branch.emit(value, out, context, kept)
    else:
        for index, inner in enumerate(getattr(value, branch.field)):
            branch.item(inner, index, out, context, kept)
            until(index + 1)
    out.extend(xml for _, xml in waiting)


def _nothing(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
    """An element that is written elsewhere."""


def _branch(node: Node) -> Branch:
    if node.row is not None and node.row.kind == "skip":
        return Branch(node.tag, _nothing)
    if node.each is not None:
        item = _item(node)
        return Branch(node.tag, _all_of(node.each, item), node.each, item)
    if node.row is None:
        return Branch(node.tag, _between(node))
    if node.write is None:
        assert node.row.shape is not None
        return Branch(node.tag, _aggregate(node, node.row.shape))
    return Branch(node.tag, _leaf(node))


def _all_of(field: str, item: Item) -> Emit:
    get = attrgetter(field)

    def emit(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        for index, inner in enumerate(get(value)):
            item(inner, index, out, context, kept)

    return emit


def _item(node: Node) -> Item:
    """One value of a repeated element: the element, or the single branch from it down to the value."""
    names, last = [node.name], node
    while last.row is None:
        (last,) = last.children.values()
        names.append(last.name)
    before = "".join(f"<{name}>" for name in names[:-1])
    behind = "".join(f"</{name}>" for name in reversed(names[:-1]))
    name, write, path = names[-1], last.write, node.path
    plan = plan_of(last.row.shape) if last.row.shape is not None else None

    def item(inner: Any, index: int, out: list[str], context: Context, kept: Lookup | None) -> None:
        if kept is not None:
            spelled = kept.spelled(path, index, (inner,))
            if spelled is not None:
                out.append(spelled)
                return
        if write is not None:
            out.append(f"{before}<{name}{write(inner, context)}</{name}>{behind}")
            return
        assert plan is not None
        if before:
            out.append(before)
        plan.element(name, inner, out, context)
        if behind:
            out.append(behind)

    return item


def _between(node: Node) -> Emit:
    content, start, end, path = _content(node), f"<{node.name}", f"</{node.name}>", node.path
    attributes = _attributes(node.attributes)

    def emit(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        at = len(out)
        opening = start + attributes(value) if attributes is not None else start
        if kept is not None:
            opening += kept.attributes.get(path, "")
        out.append(opening + ">")
        content(value, out, context, kept)
        if len(out) == at + 1:
            out.pop()
        else:
            out.append(end)

    return emit


def _aggregate(node: Node, shape: Shape) -> Emit:
    assert node.row is not None
    get, name, plan = attrgetter(node.row.field), node.name, plan_of(shape)

    def emit(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        inner = get(value)
        if inner is not None:
            plan.element(name, inner, out, context)

    return emit


def _leaf(node: Node) -> Emit:
    assert node.row is not None and node.write is not None
    get, write, path = attrgetter(node.row.field), node.write, node.path
    start, end = f"<{node.name}", f"</{node.name}>"
    attributes = _attributes(node.attributes)
    others = [attrgetter(row.field) for row in node.attributes]

    def emit(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        inner = get(value)
        if inner is None:
            return
        if kept is not None:
            spelled = kept.spelled(path, 0, (inner, *(other(value) for other in others)))
            if spelled is not None:
                if spelled:
                    out.append(spelled)
                return
        if attributes is not None:
            out.append(f"{start}{attributes(value)}{write(inner, context)}{end}")
        else:
            out.append(f"{start}{write(inner, context)}{end}")

    def text(value: Any, out: list[str], context: Context, kept: Lookup | None) -> None:
        inner = get(value)
        if not inner:
            return
        if kept is not None:
            emit(value, out, context, kept)
        else:
            out.append(f"{start}>{escape(inner)}{end}")

    return text if node.row.kind == "text" and attributes is None else emit
