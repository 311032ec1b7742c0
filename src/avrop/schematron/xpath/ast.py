"""What an XPath expression says, as a tree. Names are resolved; nothing is evaluated here.

Element and attribute names are Clark names (`{uri}local`); `*` stands for any namespace or any local name.
Functions are named `fn:x` and `xs:x` for the standard's own, by Clark name for a schema's.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class NameTest:
    """`cbc:ID`, `cbc:*`, `*:ID` or `*`. `uri` and `local` are None where anything fits."""

    uri: str | None
    local: str | None

    @property
    def tag(self) -> str | None:
        """The Clark name; None where a part is open."""
        if self.uri is None or self.local is None:
            return None
        return f"{{{self.uri}}}{self.local}" if self.uri else self.local


@dataclass(frozen=True, slots=True)
class KindTest:
    """`node()`, `text()`, `comment()`, `processing-instruction()`, `element()`, `attribute()`, `document-node()`."""

    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Literal:
    """A string, or a number: int is xs:integer, Decimal xs:decimal, float xs:double.

    1, 1.0 and 1e0 are three literals, though Python takes them for one.
    """

    value: str | int | Decimal | float

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Literal) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[type, str]:
        return type(self.value), repr(self.value)


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`"""

    name: str


@dataclass(frozen=True, slots=True)
class ContextItem:
    """`.`"""


@dataclass(frozen=True, slots=True)
class Root:
    """A leading `/`: the root of the tree that holds the context node."""


@dataclass(frozen=True, slots=True)
class Step:
    """`axis::test[p]`"""

    axis: str
    test: NameTest | KindTest
    predicates: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """`left/right`: `right` for each node of `left`."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[p]...` where base is no step."""

    base: Expression
    predicates: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`op`: + - * div idiv mod."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    """`-a`"""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Comparison:
    """`kind`: general (= != < <= > >=), value (eq ne lt le gt ge) or node (is << >>)."""

    kind: str
    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more operands."""

    op: str
    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class If:
    """`if (a) then b else c`"""

    test: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class For:
    """`for $a in b return c`"""

    bindings: tuple[tuple[str, Expression], ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some` or `every`."""

    kind: str
    bindings: tuple[tuple[str, Expression], ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Sequence:
    """`(a, b)`; `()` has no items."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """`1 to 5`"""

    first: Expression
    last: Expression


@dataclass(frozen=True, slots=True)
class Combine:
    """`|` (union), `intersect` or `except` of two node sequences."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Cast:
    """`cast as` and `castable as`. `optional` is the `?`."""

    operand: Expression
    type: str
    optional: bool
    castable: bool


Expression = (
    Literal
    | Variable
    | ContextItem
    | Root
    | Step
    | Path
    | Filter
    | Call
    | Arithmetic
    | Negative
    | Comparison
    | Logic
    | If
    | For
    | Quantified
    | Sequence
    | Range
    | Combine
    | Cast
)
