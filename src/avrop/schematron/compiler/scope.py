"""What a generated module shares, where an expression stands in it, and what an expression depends on."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from avrop.schematron.compiler.code import Code
from avrop.schematron.xpath import ast as x

Function = Callable[[list[Code]], Code]


@dataclass(frozen=True, slots=True)
class Scope:
    """The context item, the variables in sight, and the Python of position() and last() inside a predicate."""

    here: Code | None
    variables: ChainMap[str, Code]
    position: str = ""
    last: str = ""


def of_document() -> Scope:
    """The scope of an expression that depends on the document alone."""
    return Scope(Code("document", "1", "d.doc"), ChainMap())


@dataclass(slots=True)
class Unit:
    """One generated module: its lines so far, and the names it has given."""

    lines: list[str] = field(default_factory=list)
    # What has a name already: a constant by its text, a predicate or pattern by a key of its own.
    named: dict[object, str] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    # fn:name() is asked for, so the tree must know the document's prefixes.
    prefixes: bool = False
    _names: int = 0

    def fresh(self, start: str = "c") -> str:
        """A name that is used nowhere else in the module."""
        self._names += 1
        return f"{start}{self._names}"

    def constant(self, value: object, start: str = "K") -> str:
        """The name of a value that is the same for every document; sets are written sorted."""
        text = f"frozenset({sorted(value)!r})" if isinstance(value, frozenset) else repr(value)
        return self.define(("constant", text), start, text)

    def define(self, key: object, start: str, text: str) -> str:
        """The name of what `key` stands for, defined as `text` when it is first asked for."""
        if key not in self.named:
            name = self.named[key] = self.fresh(start)
            self.lines.append(f"{name} = {text}")
        return self.named[key]

    def remember(self, source: str) -> str:
        """A value of the whole document, computed when first asked for: `d.name`."""
        if source not in self.remembered:
            name = self.remembered[source] = self.fresh("m")
            self.lines.append(f"def {name}(d): return {source}")
            self.lines.append(f"MEMO[{name!r}] = {name}")
        return f"d.{self.remembered[source]}"


_OF_CONTEXT = frozenset((
    "fn:string", "fn:normalize-space", "fn:string-length", "fn:number", "fn:name", "fn:local-name",
    "fn:namespace-uri", "fn:data",
))  # fmt: skip
POSITION = "position()"
_FOCUS = frozenset((".", POSITION))
Names = frozenset[str]


def free(tree: x.Expression) -> Names:
    """What a value depends on beside the document: `.` (the context), `position()` and variables (`$x`)."""
    match tree:
        case x.Variable(name):
            return frozenset((f"${name}",))
        case x.ContextItem():
            return frozenset(".")
        case x.Step(_, _, predicates):
            return frozenset(".") | _in_predicates(predicates)
        case x.Path(left, right):
            return free(left) | (free(right) - _FOCUS)
        case x.Filter(base, predicates):
            return free(base) | _in_predicates(predicates)
        case x.Call(name, arguments):
            return _of_call(name, arguments)
        case x.For(bindings, body) | x.Quantified(_, bindings, body):
            return _in_bindings(bindings, body)
    return frozenset().union(*(free(part) for part in parts(tree)))


def _of_call(name: str, arguments: tuple[x.Expression, ...]) -> Names:
    own: Names = frozenset()
    if name in ("fn:position", "fn:last"):
        own = frozenset((POSITION,))
    elif not arguments and name in _OF_CONTEXT:
        own = frozenset(".")
    return own.union(*(free(argument) for argument in arguments))


def _in_predicates(predicates: tuple[x.Expression, ...]) -> Names:
    return frozenset[str]().union(*(free(predicate) - _FOCUS for predicate in predicates))


def _in_bindings(bindings: tuple[tuple[str, x.Expression], ...], body: x.Expression) -> Names:
    found: Names = frozenset()
    bound: set[str] = set()
    for name, sequence in bindings:
        found |= free(sequence) - bound
        bound.add(f"${name}")
    return found | (free(body) - bound)


def variables(tree: x.Expression) -> bool:
    """Whether a value depends on variables."""
    return any(name.startswith("$") for name in free(tree))


def parts(tree: Any) -> Iterator[Any]:
    """The expressions an expression is directly made of."""
    if isinstance(tree, tuple):
        for item in tree:
            yield from (item,) if is_dataclass(item) else parts(item)
    elif is_dataclass(tree):
        for part in fields(tree):
            value = getattr(tree, part.name)
            yield from (value,) if is_dataclass(value) else parts(value)


def of_whole(tree: Any) -> bool:
    """Whether an expression starts from the document: only then does keeping its value save anything."""
    if isinstance(tree, x.Root) or (isinstance(tree, x.Call) and tree.name == "fn:key"):
        return True
    return any(of_whole(part) for part in parts(tree))
