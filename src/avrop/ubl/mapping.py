"""A table between a document and its dataclass, used in both directions.

A `Shape` lists rows (field, path, kind) in the element order of the XSD. Reading visits every element once;
writing follows the same table. What a table does not name is not read; what it names is never lost: a second
value for a single field, an unreadable number or a missing required field is a `DocumentRefused`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any
from xml.sax.saxutils import quoteattr

from lxml import etree

from avrop.ubl.kinds import (
    KINDS,
    UNWRITABLE,
    Context,
    DocumentRefused,
    Identifier,
    Quantity,
    Reader,
    Writer,
    text_of,
)
from avrop.ubl.location import CAC, CBC, location, long, short

__all__ = [
    "Context",
    "DocumentRefused",
    "Identifier",
    "Quantity",
    "Row",
    "Shape",
    "expect_root",
    "read_shape",
    "text_of",
    "write_document",
    "write_shape",
]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `path` is relative to the shape's element and may end in `/@attribute`.

    `many` collects a tuple; the last step repeats, or the one marked with a star (`cac:PartyName*/cbc:Name`).
    """

    field: str
    path: str
    kind: str = "text"
    many: bool = False
    shape: Shape | None = None


class _Node:
    """An element of a compiled table."""

    __slots__ = ("attributes", "children", "each", "name", "read", "row", "tag", "write")

    def __init__(self, name: str) -> None:
        self.name = name
        self.tag = long(name) if name else ""
        self.children: dict[str, _Node] = {}
        self.row: Row | None = None
        self.read: Reader | None = None
        self.write: Writer | None = None
        self.attributes: list[Row] = []
        self.each: str | None = None

    def child(self, name: str) -> _Node:
        return self.children.setdefault(long(name), _Node(name))


class Shape:
    """A dataclass and the rows that fill it."""

    def __init__(self, cls: type[Any], *rows: Row) -> None:
        self.cls = cls
        self.rows = rows

    @cached_property
    def node(self) -> _Node:
        """The table as a tree of elements, built once."""
        top = _Node("")
        for row in self.rows:
            _plant(top, row)
        return top

    @cached_property
    def required(self) -> tuple[tuple[str, str], ...]:
        """(field, path) of the fields without a default."""
        paths = {row.field: row.path.replace("*", "") for row in self.rows}
        return tuple(
            (f.name, paths[f.name])
            for f in fields(self.cls)
            if f.default is MISSING and f.default_factory is MISSING and f.name in paths
        )


def _plant(top: _Node, row: Row) -> None:
    steps = row.path.split("/") if row.path else []
    attribute = steps.pop()[1:] if steps and steps[-1].startswith("@") else None
    node = top
    for step in steps:
        node = node.child(step.rstrip("*"))
        if step.endswith("*"):
            node.each = row.field
    if row.many and "*" not in row.path:
        node.each = row.field
    if attribute is not None:
        node.attributes.append(row)
        return
    node.row = row
    if row.shape is None:
        node.read, node.write = KINDS[row.kind]


def read_shape(element: etree._Element, shape: Shape, context: Context, **extra: object) -> Any:
    """The dataclass of `shape` from `element`; None where it holds no field of it. Raises DocumentRefused."""
    bag: dict[str, Any] = dict(extra)
    node = shape.node
    if node.attributes:
        _read_attributes(element, node, bag)
    if node.read is not None and node.row is not None:
        bag[node.row.field] = node.read(element, context)
    _fill(element, node, bag, context)
    if not bag and not shape.required:
        return None
    for name, path in shape.required:
        if bag.get(name) is None:
            raise DocumentRefused("MISSING", location(element), path=path)
    for key, value in bag.items():
        if type(value) is list:
            bag[key] = tuple(value)
    return shape.cls(**bag)


def _read_attributes(element: etree._Element, node: _Node, bag: dict[str, Any]) -> None:
    for row in node.attributes:
        value = element.get(row.path.rpartition("@")[2])
        if value:
            bag[row.field] = value


def _fill(element: etree._Element, node: _Node, bag: dict[str, Any], context: Context) -> None:
    children = node.children
    for child in element:
        known = children.get(child.tag)
        if known is None:
            continue
        if known.attributes:
            _read_attributes(child, known, bag)
        row = known.row
        if row is None:
            _fill(child, known, bag, context)
            continue
        value = known.read(child, context) if known.read else read_shape(child, row.shape, context)  # type: ignore[arg-type]
        if value is None:
            continue
        if row.many:
            bag.setdefault(row.field, []).append(value)
        elif row.field in bag and bag[row.field] is not None:
            raise DocumentRefused("REPEATED", location(child))
        else:
            bag[row.field] = value


def write_shape(value: Any, shape: Shape, context: Context) -> str:
    """The content (not the element itself) that `shape`'s table gives for the dataclass `value`."""
    return "".join(_emit(value, shape.node, context))


def _emit(value: Any, node: _Node, context: Context) -> Iterator[str]:
    if node.write is not None and node.row is not None and not node.name:
        inner = getattr(value, node.row.field)
        if inner is not None:
            yield node.write(inner, context)[1]
    for child in node.children.values():
        if child.each is not None:
            for item in getattr(value, child.each):
                yield _repeat(item, child, context)
        elif child.row is None:
            content = "".join(_emit(value, child, context))
            if content:
                yield f"<{child.name}{_attributes(value, child.attributes)}>{content}</{child.name}>"
        else:
            inner = getattr(value, child.row.field)
            if inner is not None:
                yield _element(inner, child, context, _attributes(value, child.attributes))


def _repeat(item: Any, node: _Node, context: Context) -> str:
    """One round of a repeated element: its single branch down to the row."""
    if node.row is not None:
        return _element(item, node, context, "")
    (inner,) = node.children.values()
    return f"<{node.name}>{_repeat(item, inner, context)}</{node.name}>"


def _element(inner: Any, node: _Node, context: Context, attributes: str) -> str:
    if node.write is not None:
        own, text = node.write(inner, context)
        return f"<{node.name}{own}{attributes}>{text}</{node.name}>"
    shape = node.row.shape if node.row else None
    assert shape is not None
    attributes += _attributes(inner, shape.node.attributes)
    content = write_shape(inner, shape, context)
    return f"<{node.name}{attributes}>{content}</{node.name}>" if content else ""


def _attributes(value: Any, rows: list[Row]) -> str:
    parts = []
    for row in rows:
        inner = getattr(value, row.field)
        if inner is not None:
            parts.append(f" {row.path.rpartition('@')[2]}={quoteattr(inner)}")
    return "".join(parts)


def write_document(value: Any, shape: Shape, root: str, currency: str | None) -> bytes:
    """The whole document in UTF-8. `root` is the UBL root (`Invoice`). Raises DocumentRefused."""
    content = write_shape(value, shape, Context(currency))
    bad = UNWRITABLE.search(content)
    if bad:
        raise DocumentRefused("BAD_CHARACTER", "/" + root, character=f"U+{ord(bad[0]):04X}")
    namespace = f"urn:oasis:names:specification:ubl:schema:xsd:{root}-2"
    start = f'<{root} xmlns="{namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{start}{content}</{root}>\n'.encode()


def expect_root(root: etree._Element, *names: str) -> str:
    """The local name of the root, which must be one of `names` in its UBL namespace."""
    qualified = etree.QName(root)
    wanted = f"urn:oasis:names:specification:ubl:schema:xsd:{qualified.localname}-2"
    if qualified.localname not in names or qualified.namespace != wanted:
        raise DocumentRefused("WRONG_ROOT", "/" + short(str(root.tag)), expected=" ".join(names))
    return qualified.localname
