"""How many items there are: what a function wants at most one of, or exactly one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from avrop.schematron.errors import DynamicError
from avrop.schematron.tree import value

E: tuple[Any, ...] = ()
# Sums and products of decimals are exact; only `div` rounds, and does it itself.


def stop(code: str, detail: str = "") -> Any:
    """Raises DynamicError, as an expression."""
    raise DynamicError(code, detail)


def one(items: Sequence[Any]) -> Any:
    """At most one atomic item, or None."""
    if len(items) == 1:
        return items[0]
    if items:
        raise DynamicError("XPTY0004", "more than one item")
    return None


def exactly(items: Sequence[Any]) -> Any:
    """Exactly one item."""
    if len(items) == 1:
        return items[0]
    raise DynamicError("XPTY0004", "not exactly one item")


def must(item: Any) -> Any:
    """The item, which must be there."""
    if item is None:
        raise DynamicError("XPTY0004", "an empty sequence")
    return item


def at_most_one(items: Sequence[Any]) -> Sequence[Any]:
    """fn:zero-or-one. Raises FORG0003."""
    if len(items) > 1:
        raise DynamicError("FORG0003")
    return items


def at(items: Sequence[Any], place: float) -> Sequence[Any]:
    """The item at a computed position, in a sequence of at most one."""
    if place is not None and 1 <= place <= len(items) and place == int(place):
        return items[int(place) - 1 : int(place)]
    return E


def s1(nodes: Sequence[Any]) -> str:
    """The string of at most one node; "" for none. Raises XPTY0004 for more."""
    if len(nodes) == 1:
        node = nodes[0]
        return node.text or value(node)
    if nodes:
        raise DynamicError("XPTY0004", "more than one item")
    return ""


def o1(nodes: Sequence[Any]) -> str | None:
    """The untyped value of at most one node, or None."""
    if len(nodes) == 1:
        node = nodes[0]
        return node.text or value(node)
    if nodes:
        raise DynamicError("XPTY0004", "more than one item")
    return None
