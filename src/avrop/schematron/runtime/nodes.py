"""Nodes and the axes between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from avrop.schematron.runtime.items import E, one
from avrop.schematron.tree import VOID, Attribute, Node, Text, last_of, value


def texts(node: Any) -> Sequence[str]:
    """The text nodes of an element, as values."""
    kids = node.kids
    if kids is None:
        return (node.text,) if node.text else E
    return [kid for kid in kids if type(kid) is str]


def text_nodes(node: Any) -> list[Text]:
    """The text nodes of an element."""
    if node.kids is None:
        return [Text(node, 0, node.text)] if node.text else []
    return [Text(node, place, kid) for place, kid in enumerate(node.kids) if type(kid) is str]


def t1(node: Any) -> str:
    """The string of an element's only text node, "" where it has none. Raises XPTY0004 for several."""
    if node.kids is None:
        return str(node.text)
    return str(one(texts(node)) or "")


def elems(node: Any) -> Sequence[Any]:
    """The element children."""
    kids = node.kids
    return [kid for kid in kids if type(kid) is Node] if kids else E


def has_elems(node: Any) -> bool:
    """Whether an element has element children."""
    kids = node.kids
    return kids is not None and any(type(kid) is Node for kid in kids)


def attr_nodes(node: Any, name: str) -> Sequence[Any]:
    """The attribute of that name as a node, in a sequence of at most one."""
    return (Attribute(node, name),) if name in node.attrs else E


def all_attrs(node: Any) -> list[Any]:
    """All attributes as nodes."""
    return [Attribute(node, name) for name in node.attrs]


def named(nodes: Iterable[Any], uri: str | None, local: str | None) -> list[Any]:
    """The nodes that fit a name test with an open part."""
    if uri is None:
        if local is None:
            return list(nodes)
        return [n for n in nodes if n.tag.rpartition("}")[2] == local]
    start = f"{{{uri}}}"
    if uri == "":
        return [n for n in nodes if not n.tag.startswith("{")]
    return [n for n in nodes if n.tag.startswith(start)]


def all_kids(node: Any) -> list[Any]:
    """Children of every kind that the tree keeps: elements and text nodes."""
    if node.kids is None:
        return list(text_nodes(node))
    return [kid if type(kid) is Node else Text(node, i, kid) for i, kid in enumerate(node.kids)]


def descendants(node: Any) -> list[Any]:
    """Elements below a node, in document order."""
    found: list[Any] = []
    stack = [node]
    while stack:
        here = stack.pop()
        if here is not node:
            found.append(here)
        if here.kids:
            stack.extend(kid for kid in reversed(here.kids) if type(kid) is Node)
    return found


def descendants_or_self(node: Any) -> list[Any]:
    """The node (of any kind) and the elements below it."""
    return [node, *descendants(node)] if type(node) is Node else [node]


def everything(node: Any) -> list[Any]:
    """The node (of any kind), and the elements and text nodes below it, in document order."""
    found, stack = [], [node]
    while stack:
        here = stack.pop()
        found.append(here)
        if type(here) is Node:
            stack.extend(reversed(all_kids(here)))
    return found


def ancestors(node: Any) -> list[Any]:
    """Elements and document above, nearest first."""
    found = []
    node = node.parent
    while node is not VOID:
        found.append(node)
        node = node.parent
    return found


def following_siblings(node: Any) -> list[Any]:
    """Later element siblings, in document order."""
    if type(node) is Attribute or node.parent is VOID:
        return []
    order = node.order
    return [n for n in elems(node.parent) if n.order > order]


def preceding_siblings(node: Any) -> list[Any]:
    """Earlier element siblings, nearest first."""
    if type(node) is Attribute or node.parent is VOID:
        return []
    order = node.order
    return [n for n in elems(node.parent) if n.order < order][::-1]


def preceding(node: Any, nodes: Sequence[Any]) -> list[Any]:
    """Of `nodes` (in document order) those before `node` and not above it, nearest first."""
    above = set(map(id, ancestors(node)))
    order = node.order
    return [n for n in nodes if n.order < order and id(n) not in above][::-1]


def following(node: Any, nodes: Sequence[Any]) -> list[Any]:
    """Of `nodes` (in document order) those after `node` and not below it."""
    end = last_of(node).order if type(node) is Node else node.order
    return [n for n in nodes if n.order > end]


def in_order(nodes: Iterable[Any]) -> list[Any]:
    """Document order, each node once."""
    return sorted(set(nodes), key=_order)


def _order(node: Any) -> float:
    return float(node.order)


def document_of(node: Any) -> Any:
    """The root of the tree a node is in."""
    while node.parent is not VOID:
        node = node.parent
    return node


def above(node: Any) -> Any:
    """The parent, or the empty element above a document."""
    return node.parent


def grouped(nodes: Iterable[Any], values: Callable[[Any], Iterable[str]]) -> dict[str, list[Any]]:
    """The nodes by each of their values, in their order."""
    index: dict[str, list[Any]] = {}
    for node in nodes:
        for text in values(node):
            held = index.get(text)
            if held is None:
                index[text] = [node]
            elif held[-1] is not node:
                held.append(node)
    return index


def has(nodes: Iterable[Any], text: str) -> bool:
    """Whether one of the nodes has that string value. A loop: a generator would cost more than the look."""
    for node in nodes:  # noqa: SIM110
        if (node.text or value(node)) == text:
            return True
    return False


def has_among(nodes: Iterable[Any], allowed: frozenset[str]) -> bool:
    """Whether one of the nodes has one of these string values."""
    for node in nodes:  # noqa: SIM110
        if (node.text or value(node)) in allowed:
            return True
    return False


def local_name(node: Any) -> str:
    """fn:local-name of a node or None."""
    return "" if node is None or type(node) is Text else str(node.tag.rpartition("}")[2])


def namespace_uri(node: Any) -> str:
    """fn:namespace-uri."""
    if node is None or type(node) is Text or not node.tag.startswith("{"):
        return ""
    return str(node.tag[1:].partition("}")[0])


def same_node(left: Any, right: Any) -> bool:
    """`is`."""
    return bool(left == right)


def before(left: Any, right: Any) -> bool:
    """`<<`."""
    return bool(left.order < right.order)


def after(left: Any, right: Any) -> bool:
    """`>>`."""
    return bool(left.order > right.order)
