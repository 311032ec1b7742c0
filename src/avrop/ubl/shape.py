"""A table between an element and a dataclass: its rows, and the tree of elements they make."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any

from avrop.ubl.kinds import KINDS, Reader, Writer
from avrop.ubl.location import long


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table. `path` is relative to the shape's element and may end in `/@attribute`.

    `many` collects a tuple; the last step repeats, or the one marked with a star (`cac:PartyName*/cbc:Name`).
    Kind `skip`: the element is known, and read and written elsewhere (streams.py).
    `first`: the standard allows several and the first is what we use; the others are kept unread.
    """

    field: str
    path: str
    kind: str = "text"
    many: bool = False
    shape: Shape | None = None
    first: bool = False


class Node:
    """An element of a table. `path` leads to it from the shape's element; `each`: the field it repeats for."""

    __slots__ = ("attributes", "children", "each", "name", "path", "read", "row", "tag", "write")

    def __init__(self, name: str, path: str, namespace: str) -> None:
        self.name = name
        self.path = path
        self.tag = long(name) if ":" in name else f"{{{namespace}}}{name}"
        self.children: dict[str, Node] = {}
        self.row: Row | None = None
        self.read: Reader | None = None
        self.write: Writer | None = None
        self.attributes: list[Row] = []
        self.each: str | None = None

    def child(self, name: str, namespace: str) -> Node:
        node = Node(name, f"{self.path}/{name}" if self.path else name, namespace)
        return self.children.setdefault(node.tag, node)


class Shape:
    """A dataclass and the rows that fill it, in the element order of the XSD.

    Names without a prefix are elements of `namespace` (Peppol's reports); those of UBL have theirs.
    """

    def __init__(self, cls: type[Any], *rows: Row, namespace: str = "") -> None:
        self.cls = cls
        self.rows = rows
        self.namespace = namespace

    @cached_property
    def node(self) -> Node:
        """The table as a tree of elements, built once."""
        top = Node("", "", "")
        for row in self.rows:
            self._plant(top, row)
        return top

    def _plant(self, top: Node, row: Row) -> None:
        steps = row.path.split("/") if row.path else []
        attribute = steps.pop() if steps and steps[-1].startswith("@") else None
        node = top
        for step in steps:
            node = node.child(step.rstrip("*"), self.namespace)
            if step.endswith("*"):
                node.each = row.field
        if row.many and "*" not in row.path:
            node.each = row.field
        if attribute is not None:
            node.attributes.append(row)
            return
        node.row = row
        if row.shape is None and row.kind != "skip":
            node.read, node.write = KINDS[row.kind]

    @cached_property
    def required(self) -> tuple[tuple[str, str], ...]:
        """(field, path) of the fields without a default."""
        paths = {row.field: row.path.replace("*", "") for row in self.rows}
        return tuple(
            (f.name, paths[f.name])
            for f in fields(self.cls)
            if f.default is MISSING and f.default_factory is MISSING and f.name in paths
        )


def attribute_of(row: Row) -> str:
    """The attribute's name at the end of the row's path."""
    return row.path.rpartition("@")[2]
