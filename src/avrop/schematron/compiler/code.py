"""A piece of generated Python and what is known of it before it runs: item type, how many, in what order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# "branch" is an element or the document: what can stand above a node.
NODES = frozenset(("element", "attribute", "text", "document", "branch", "node"))
EXACT = frozenset(("integer", "decimal"))
NUMBERS = frozenset(("integer", "decimal", "double"))
STRINGS = frozenset(("string", "untyped"))

Clauses = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """`py` is a value (card "1"), a value or None ("?"), a sequence ("*") or () ("0").

    `item` is a node kind of NODES, an atomic type (string, untyped, integer, decimal, double, boolean, date),
    or "mixed": then `choice` holds (condition, one code, the other), and the type is settled by what uses it.
    """

    item: str
    card: str
    py: str = ""
    # Instead of `py`: comprehension clauses and the expression of an item.
    loop: tuple[Clauses, str] | None = None
    # Nodes in document order without repeats. What is not, is brought into it where it matters, unless `given`:
    # then the order is the expression's own, as in `(b, a)`, and repeats count.
    ordered: bool = True
    given: bool = False
    # No node stands above another, so children of all are in order when the nodes are.
    peers: bool = True
    # A step whose results lie below the node it starts from.
    down: bool = False
    # A node's parent: never None, but the void above a document, which has no kids.
    up: bool = False
    # The values, where they are known beforehand.
    const: tuple[Any, ...] | None = None
    # (owner, name) of an attribute, or the owner of text nodes, that need not be made to be used.
    attribute: tuple[str, str] | None = None
    texts: str | None = None
    # The whole as a list that is there already, such as `n.get(T1, E)`: helpers are given it as it is.
    plain: str = ""
    # Of values: the list of the nodes they were taken from, or the element whose own text they are.
    source: str = ""
    text_of: str = ""
    choice: tuple[str, Code, Code] | None = None
    # Of fn:sum: the condition that there is something to sum. The sum of nothing is the integer 0.
    filled: str = ""

    @property
    def nodes(self) -> bool:
        """Whether the items are nodes."""
        return self.item in NODES

    @property
    def lazy(self) -> bool:
        """Attributes or text nodes that are not made yet."""
        return self.attribute is not None or self.texts is not None

    @property
    def single(self) -> bool:
        """`py` is the value itself, or None."""
        return self.card in ("1", "?") and self.loop is None and self.attribute is None and not self.up

    @property
    def one(self) -> bool:
        """`py` is the value, and it is there."""
        return self.card == "1" and self.loop is None


def boolean(py: str) -> Code:
    """An xs:boolean that is always there."""
    return Code("boolean", "1", py)


def string(py: str) -> Code:
    """An xs:string that is always there."""
    return Code("string", "1", py)


def integer(py: str) -> Code:
    """An xs:integer that is always there."""
    return Code("integer", "1", py)


def fail(why: str) -> str:
    """Python that raises the dynamic error of that name."""
    return f"stop({why!r})"


def is_name(py: str) -> bool:
    """Whether Python text is a name or a dotted name, which may be written twice without being run twice."""
    return py.replace(".", "").isidentifier()
