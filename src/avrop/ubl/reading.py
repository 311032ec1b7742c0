"""The reading half of a table: one small function per element, made once, called for every element once.

Each gets its element and `out`, the fields of the dataclass that is being filled, in the order its constructor
takes them; the last places of `out` are the rest and a mark per element in between. What no row names, or what
we would spell otherwise, goes into the rest: nothing that was read is lost when it is written (see rest.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from avrop.ubl.kinds import SPACE, Context, DocumentRefused, Reader, escape
from avrop.ubl.location import location
from avrop.ubl.rest import LAST, Attributes, Exact, Kept, Unknown
from avrop.ubl.shape import Node, Row, Shape, attribute_of

Handler = Callable[[etree._Element, list[Any], Context], None]
# tag -> where its values are held in `out`, and whether there may be many; -1: read elsewhere
Places = dict[str, tuple[int, bool]]


def fragment(element: etree._Element) -> str:
    """The element as exclusive canonical XML: it means the same wherever it is put."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False).decode()


class Plan:
    """How a shape's element is read."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        named = {row.field for row in shape.rows}
        own = [f for f in fields(shape.cls) if f.name != "rest"]
        placed = [f for f in own if not f.kw_only]
        self.count = len(placed)
        self.keywords = [(f.name, self.count + i) for i, f in enumerate(f for f in own if f.kw_only)]
        self.slots = {f.name: i for i, f in enumerate(placed)} | dict(self.keywords)
        self.rest = len(self.slots)
        self.size = self.rest + 1
        many = {row.field for row in shape.rows if row.many}
        self.many = [self.slots[name] for name in many]
        self.required = [(self.slots[name], path) for name, path in shape.required]
        self.defaults = [
            (self.slots[f.name], f.default, f.name in named and f.default != "")
            for f in own
            if f.default is not MISSING and f.default is not None and f.name not in many
        ]
        self.absent = _paths_of_defaults(shape)
        self.handlers, self.places = self._children(shape.node)
        self.attributes = [(attribute_of(row), self.slots[row.field]) for row in shape.node.attributes]
        self.own = shape.node.read
        self.own_slot = self.slots[shape.node.row.field] if shape.node.row else -1

    def keep(self, out: list[Any], piece: Kept) -> None:
        """Put a piece into the rest of the dataclass that is being read."""
        if out[self.rest] is None:
            out[self.rest] = []
        out[self.rest].append(piece)

    def _children(self, node: Node) -> tuple[dict[str, Handler], Places]:
        handlers: dict[str, Handler] = {}
        places: Places = {}
        for tag, child in node.children.items():
            places[tag] = self._place(child)
            handlers[tag] = self._handler(child, places[tag][0])
        return handlers, places

    def _place(self, node: Node) -> tuple[int, bool]:
        if node.each is not None:
            return self.slots[node.each], True
        if node.row is not None:
            return self.slots[node.row.field], False
        self.size += 1
        return self.size - 1, False

    def _handler(self, node: Node, slot: int) -> Handler:
        if node.each is not None and node.row is None:
            return _star(self, node, slot)
        if node.row is None:
            return _between(self, node, *self._children(node), slot)
        if node.row.kind == "skip":
            return _skip(slot)
        if node.read is None:
            return _aggregate(self, node, slot)
        attributes = [(attribute_of(row), self.slots[row.field]) for row in node.attributes]
        if node.row.kind == "text" and not node.row.many and not attributes:
            return _text(self, node, slot)
        return _leaf(self, node, slot, node.read, attributes)

    def read(self, element: etree._Element, context: Context, extra: dict[str, object]) -> Any:
        """The dataclass; None where the element holds no field of it. Raises DocumentRefused."""
        out: list[Any] = [None] * self.size
        for name, given in extra.items():
            out[self.slots[name]] = given
        if self.attributes or self.own is not None:
            self._read_own(element, out, context)
        elif element.keys():
            self.keep(out, Attributes("", _spelled(element, ())))
        handlers, rest = self.handlers, self.rest
        for child in element:
            handler = handlers.get(child.tag)
            if handler is not None:
                handler(child, out, context)
            elif type(child.tag) is str:
                self.keep(out, _unknown(child, "", self.places, out))
        if out[rest] is None and not self.required and all(value is None for value in out):
            return None
        return self._made(element, out)

    def _read_own(self, element: etree._Element, out: list[Any], context: Context) -> None:
        """The element's own attributes and text, where the table has rows for them."""
        names = []
        for name, slot in self.attributes:
            value = element.get(name)
            if value:
                out[slot] = value
                names.append(name)
        if self.own is not None:
            value, used = self.own(element, context)
            out[self.own_slot] = value
            if used < 0:
                self.keep(out, Exact("", 0, (value,), escape(element.text or "")))
        if len(names) != len(element.keys()):
            self.keep(out, Attributes("", _spelled(element, names)))

    def _made(self, element: etree._Element, out: list[Any]) -> Any:
        for slot, path in self.required:
            if out[slot] is None:
                raise DocumentRefused("MISSING", location(element), path=path)
        for slot in self.many:
            found = out[slot]
            out[slot] = tuple(found) if found else ()
        for slot, default, named in self.defaults:
            if out[slot] is None:
                out[slot] = default
                if named:
                    path, width = self.absent[slot]
                    self.keep(out, Exact(path, 0, (default,) + (None,) * width, ""))
        if out[self.rest] is None and not self.keywords:
            return self.shape.cls(*out[: self.count])
        keywords = {name: out[slot] for name, slot in self.keywords if out[slot] is not None}
        return self.shape.cls(*out[: self.count], rest=tuple(out[self.rest] or ()), **keywords)


def _paths_of_defaults(shape: Shape) -> dict[int, tuple[str, int]]:
    """slot -> (path, number of attribute rows) of every leaf, for what is not said (`Exact` with no text)."""
    found: dict[int, tuple[str, int]] = {}
    order = [f.name for f in fields(shape.cls) if f.name != "rest" and not f.kw_only]
    order += [f.name for f in fields(shape.cls) if f.name != "rest" and f.kw_only]

    def walk(node: Node) -> None:
        if node.row is not None:
            found[order.index(node.row.field)] = (node.path, len(node.attributes))
        for row in node.attributes:
            found.setdefault(order.index(row.field), (row.path, 0))
        for child in node.children.values():
            walk(child)

    walk(shape.node)
    return found


@cache
def plan_of(shape: Shape) -> Plan:
    """The plan of a shape, made when it is first read."""
    return Plan(shape)


def _spelled(element: etree._Element, known: tuple[str, ...] | list[str]) -> str:
    """The attributes that no row names, with the namespaces they need."""
    parts = []
    for name, value in element.items():
        if name in known:
            continue
        qualified = etree.QName(str(name))
        if qualified.namespace is None:
            parts.append(f" {name}={quoteattr(str(value))}")
            continue
        prefix = next((p for p, uri in element.nsmap.items() if p and uri == qualified.namespace), "xml")
        if prefix != "xml":
            parts.append(f" xmlns:{prefix}={quoteattr(qualified.namespace)}")
        parts.append(f" {prefix}:{qualified.localname}={quoteattr(str(value))}")
    return "".join(dict.fromkeys(parts))


def _unknown(child: etree._Element, inside: str, places: Places, out: list[Any]) -> Unknown:
    """An element no row names, behind the nearest element before it that one does name."""
    before = next((str(e.tag) for e in child.itersiblings(preceding=True) if e.tag in places), "")
    count = _held(out, *places[before]) if before else LAST
    return Unknown(inside, before, count, fragment(child))


def _held(out: list[Any], slot: int, many: bool) -> int:
    return len(out[slot] or ()) if many else int(out[slot] is not None)


def _inside(node: Node) -> str:
    return node.path.rpartition("/")[0]


def _take(out: list[Any], slot: int, many: bool, value: Any, child: etree._Element) -> int:
    """Put a value in its place; its number there. Raises DocumentRefused REPEATED for a second single one."""
    if many:
        if out[slot] is None:
            out[slot] = []
        out[slot].append(value)
        return len(out[slot]) - 1
    if out[slot] is not None:
        raise DocumentRefused("REPEATED", location(child))
    out[slot] = value
    return 0


def _skip(slot: int) -> Handler:
    """An element that is read elsewhere: it is only seen that there is one."""

    def handler(child: etree._Element, out: list[Any], context: Context) -> None:
        out[slot] = []

    return handler


def _text(plan: Plan, node: Node, slot: int) -> Handler:
    """A plain text, once: by far the most frequent."""
    inside, path, tag, keep = _inside(node), node.path, node.tag, plan.keep
    assert node.row is not None
    first = node.row.first

    def handler(child: etree._Element, out: list[Any], context: Context) -> None:
        text = child.text
        value = text.strip(SPACE) if text else None
        if not value or (first and out[slot] is not None):
            keep(out, Unknown(inside, tag, _held(out, slot, False), fragment(child)))
            return
        if out[slot] is not None:
            raise DocumentRefused("REPEATED", location(child))
        out[slot] = value
        if value is not text or child.keys() or len(child):
            keep(out, Exact(path, 0, (value,), fragment(child)))

    return handler


def _leaf(plan: Plan, node: Node, slot: int, read: Reader, attributes: list[tuple[str, int]]) -> Handler:
    inside, path, tag, keep = _inside(node), node.path, node.tag, plan.keep
    assert node.row is not None
    many = node.row.many

    def handler(child: etree._Element, out: list[Any], context: Context) -> None:
        value, used = read(child, context)
        if value is None:
            keep(out, Unknown(inside, tag, _held(out, slot, many), fragment(child)))
            return
        index = _take(out, slot, many, value, child)
        for name, at in attributes:
            given = child.get(name)
            if given:
                out[at] = given
                used += 1
        if used != len(child.keys()) or len(child):
            spelled = (value, *(out[at] for _, at in attributes))
            keep(out, Exact(path, index, spelled, fragment(child)))

    return handler


def _aggregate(plan: Plan, node: Node, slot: int) -> Handler:
    """An element that is a dataclass of its own."""
    assert node.row is not None and node.row.shape is not None
    many, read = node.row.many, plan_of(node.row.shape).read
    inside, tag, keep = _inside(node), node.tag, plan.keep
    nothing: dict[str, object] = {}

    def handler(child: etree._Element, out: list[Any], context: Context) -> None:
        value = read(child, context, nothing)
        if value is None:
            keep(out, Unknown(inside, tag, _held(out, slot, many), fragment(child)))
        else:
            _take(out, slot, many, value, child)

    return handler


def _between(plan: Plan, node: Node, handlers: dict[str, Handler], places: Places, mark: int) -> Handler:
    """An element whose children are fields of the same dataclass. A second one that holds fields is refused."""
    inside, path, tag, keep = _inside(node), node.path, node.tag, plan.keep

    def fill(child: etree._Element, out: list[Any], context: Context) -> None:
        for inner in child:
            handler = handlers.get(inner.tag)
            if handler is not None:
                handler(inner, out, context)
            elif type(inner.tag) is str:
                keep(out, _unknown(inner, path, places, out))

    def handler(child: etree._Element, out: list[Any], context: Context) -> None:
        if out[mark]:
            trial: list[Any] = [None] * plan.size
            fill(child, trial, context)
            if any(value is not None for value in trial[: plan.rest]):
                raise DocumentRefused("REPEATED", location(child))
            keep(out, Unknown(inside, tag, 1, fragment(child)))
            return
        if not len(child):
            keep(out, Unknown(inside, tag, 0, fragment(child)))
            return
        out[mark] = True
        if child.keys():
            keep(out, Attributes(path, _spelled(child, ())))
        fill(child, out, context)

    return handler


def _star(plan: Plan, node: Node, slot: int) -> Handler:
    """A repeated element with one value somewhere below it; kept whole where it holds anything else."""
    inside, path, tag, keep = _inside(node), node.path, node.tag, plan.keep
    steps, last = [], node
    while last.row is None:
        (last,) = last.children.values()
        steps.append(last.tag)
    row: Row = last.row
    leaf, whole = last.read, plan_of(row.shape).read if row.shape else None

    def handler(child: etree._Element, out: list[Any], context: Context) -> None:
        element, alike = child, True
        for step in steps:
            found = [e for e in element.findall(step) if len(e) or (e.text or "").strip(SPACE)]
            if len(found) > 1:
                raise DocumentRefused("REPEATED", location(found[1]))
            alike = alike and len(element) == 1 and not element.keys()
            if not found:
                break
            element = found[0]
        else:
            value, used = leaf(element, context) if leaf else (whole(element, context, {}), None)  # type: ignore[misc]
            if value is not None:
                index = _take(out, slot, True, value, child)
                if used is not None:
                    alike = alike and used == len(element.keys()) and not len(element)
                if not alike:
                    keep(out, Exact(path, index, (value,), fragment(child)))
                return
        keep(out, Unknown(inside, tag, _held(out, slot, True), fragment(child)))

    return handler
