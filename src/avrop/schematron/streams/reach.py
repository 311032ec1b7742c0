"""What an expression asks of a document, told by its zones: the static side of judging line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from avrop.schematron.compiler.library import LIBRARY
from avrop.schematron.compiler.scope import parts
from avrop.schematron.compiler.xslt import spaces_of
from avrop.schematron.contexts import Alternative, Part, alternatives
from avrop.schematron.schema import Let, Schema
from avrop.schematron.source import XSL
from avrop.schematron.streams.zones import (
    ANYWHERE,
    DOC,
    INERT,
    LABEL,
    NONE,
    ROOT,
    Needs,
    Unfit,
    Walker,
    Zones,
)
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.parser import parse

Bound = Mapping[str, Zones]
_TRUTHS = frozenset(("fn:not", "fn:boolean", "fn:exists", "fn:empty"))
# They ask for a node's name, or how many there are, and not what it says.
_NAMES = frozenset(("fn:name", "fn:local-name", "fn:namespace-uri", "fn:count"))
# They give the nodes that they are given.
_NODES = frozenset(("fn:reverse", "fn:zero-or-one", "fn:exactly-one", "fn:one-or-more", "fn:subsequence"))
_KNOWN = frozenset(LIBRARY) | _TRUTHS | _NAMES | _NODES | {"fn:position", "fn:last", "fn:key"}
# Of a variable that cannot be followed.
LOST: Zones = frozenset(("lost",))
_LEAF = x.Call("fn:not", (x.Step("child", x.NameTest(None, None)),))


@dataclass(slots=True)
class Names:
    """What expressions of a schema refer to: variables of schema and patterns, functions, keys."""

    spaces: Mapping[str, str]
    lets: dict[str, list[Let]] = field(default_factory=dict)
    functions: dict[str, etree._Element] = field(default_factory=dict)
    keys: dict[str, etree._Element] = field(default_factory=dict)


def names_of(schema: Schema) -> Names:
    """The names of a schema. Of several variables of one name all count."""
    names = Names(schema.namespaces)
    for let in (*schema.lets, *(let for pattern in schema.patterns for let in pattern.lets)):
        names.lets.setdefault(let.name, []).append(let)
    for element in schema.functions:
        prefix, _, local = (element.get("name") or "").rpartition(":")
        names.functions[f"{{{spaces_of(element, schema.namespaces).get(prefix, '')}}}{local}"] = element
    for element in schema.keys:
        names.keys[element.get("name") or ""] = element
    return names


class Reach:
    """Follows expressions. `alone` and `supposing` as `Walker` says."""

    def __init__(
        self, names: Names, lines: frozenset[str], roots: frozenset[str], needs: Needs, *,
        alone: bool = False, supposing: bool = False,
    ) -> None:  # fmt: skip
        self._names = names
        self._walker = Walker(lines, roots, needs, alone=alone, supposing=supposing)
        self._known: dict[str, Zones] = {}
        self._open: set[object] = set()

    def asked(self, tree: x.Expression, here: Zones, bound: Bound) -> None:
        """Whether it is true is asked for: of nodes, whether there are any. Raises Unfit."""
        match tree:
            case x.Step("child", test, ()) if self._any_line(here, test):
                return
            case x.Path(left, x.Step("child", test, ())) if self._any_line(
                self.follow(left, here, bound), test
            ):
                return
        self.follow(tree, here, bound)

    def _any_line(self, here: Zones, test: x.NameTest | x.KindTest) -> bool:
        if isinstance(test, x.KindTest):
            return False
        return self._walker.lines_exist(here, test)

    def valued(self, tree: x.Expression, here: Zones, bound: Bound) -> Zones:
        """Its value is asked for; the zones of the nodes. Raises Unfit."""
        found = self.follow(tree, here, bound)
        self._walker.value(found)
        return found

    def follow(self, tree: x.Expression, here: Zones, bound: Bound) -> Zones:
        """The zones of the nodes that an expression gives; none where it gives values. Raises Unfit."""
        match tree:
            case x.Literal():
                return NONE
            case x.ContextItem():
                return here
            case x.Root():
                return frozenset((DOC,))
            case x.Variable(name):
                return self._bound(name, bound)
            case x.Step():
                return self._filtered(self._walker.step(here, tree), tree.predicates, bound)
            case x.Path(left, right):
                return self.follow(right, self.follow(left, here, bound), bound)
            case x.Filter(base, predicates):
                return self._filtered(self.follow(base, here, bound), predicates, bound)
            case x.Logic("and", operands) if _LEAF in operands:
                return self._of_leaves(operands, here, bound)
            case x.Call(name, arguments):
                return self._call(name, arguments, here, bound)
            case x.For(bindings, body) | x.Quantified(_, bindings, body):
                inner = dict(bound)
                for name, sequence in bindings:
                    inner[name] = self.follow(sequence, here, inner)
                if isinstance(tree, x.For):
                    return self.follow(body, here, inner)
                self.asked(body, here, inner)
                return NONE
        return self._composed(tree, here, bound)

    def _composed(self, tree: x.Expression, here: Zones, bound: Bound) -> Zones:
        match tree:
            case x.Logic(_, operands):
                for operand in operands:
                    self.asked(operand, here, bound)
                return NONE
            case x.If(test, then, otherwise):
                self.asked(test, here, bound)
                return self.follow(then, here, bound) | self.follow(otherwise, here, bound)
            case x.Sequence(items):
                return frozenset[object]().union(*(self.follow(item, here, bound) for item in items))  # type: ignore[return-value]
            case x.Combine(_, left, right):
                return self.follow(left, here, bound) | self.follow(right, here, bound)
            case x.Comparison("node", _, left, right):
                self.follow(left, here, bound)
                self.follow(right, here, bound)
                return NONE
            case x.Comparison() | x.Arithmetic() | x.Negative() | x.Range() | x.Cast():
                for part in parts(tree):
                    self.valued(part, here, bound)
                return NONE
        raise Unfit(type(tree).__name__)

    def _filtered(self, found: Zones, predicates: tuple[x.Expression, ...], bound: Bound) -> Zones:
        for predicate in predicates:
            self.asked(predicate, found, bound)
        return found

    def _of_leaves(self, operands: tuple[x.Expression, ...], here: Zones, bound: Bound) -> Zones:
        """`not(*) and ...`: of the root element, which has lines, it is false whatever the others say."""
        self.asked(_LEAF, here, bound)
        for operand in operands:
            if operand != _LEAF:
                self.asked(operand, here - {DOC, ROOT}, bound)
        return NONE

    def _bound(self, name: str, bound: Bound) -> Zones:
        if name not in bound:
            return self._let(name)
        if bound[name] == LOST:
            raise Unfit(f"${name}")
        return bound[name]

    def _let(self, name: str) -> Zones:
        if name not in self._known:
            if name in self._open or name not in self._names.lets:
                raise Unfit(f"${name}")
            self._open.add(name)
            zones = [
                self.follow(parse(let.value, self._names.spaces), frozenset((DOC,)), {})
                for let in self._names.lets[name]
            ]
            self._open.discard(name)
            self._known[name] = NONE.union(*zones)
        return self._known[name]

    def _call(self, name: str, arguments: tuple[x.Expression, ...], here: Zones, bound: Bound) -> Zones:
        if name.startswith("{"):
            return self._function(name, arguments, here, bound)
        if name == "fn:key":
            return self._key(arguments, here, bound)
        if name in _TRUTHS:
            for argument in arguments:
                self.asked(argument, here, bound)
            return NONE
        if name in _NAMES:
            for argument in arguments:
                self.follow(argument, here, bound)
            return NONE
        if not name.startswith("xs:") and name not in _KNOWN:
            raise Unfit(name)
        found = [self.valued(argument, here, bound) for argument in arguments]
        if not arguments and name not in ("fn:position", "fn:last", "fn:true", "fn:false"):
            self._walker.value(here)
        return NONE.union(*found) if name in _NODES else NONE

    def _key(self, arguments: tuple[x.Expression, ...], here: Zones, bound: Bound) -> Zones:
        first, *rest = arguments
        for argument in rest:
            self.valued(argument, here, bound)
        if not isinstance(first, x.Literal) or str(first.value) not in self._names.keys or len(rest) != 1:
            raise Unfit("key()")
        element = self._names.keys[str(first.value)]
        spaces = spaces_of(element, self._names.spaces)
        found = NONE
        for alternative in alternatives(parse(element.get("match") or "", spaces)):
            found |= self.matched(alternative)
        self.valued(parse(element.get("use") or "", spaces), found, {})
        return found

    def matched(
        self, alternative: Alternative, keep: Callable[[Zones], Zones] = lambda zones: zones
    ) -> Zones:
        """Where a context can match, its predicates asked there. `keep`: in which of a part's zones they are asked."""
        trail = self.trail(alternative)
        for part, found in trail:
            self.predicates(part, keep(found))
        return trail[-1][1]

    def predicates(self, part: Part, here: Zones) -> None:
        """A context's predicates, asked of its part. Raises Unfit."""
        for predicate in part.predicates if here else ():
            if isinstance(predicate, x.Literal):
                self._counted(part, here)
            self.asked(predicate, here, {})

    def trail(self, alternative: Alternative) -> list[tuple[Part, Zones]]:
        """The parts of a context with the zones in which each can lie."""
        found = frozenset((DOC,)) if alternative.rooted else ANYWHERE
        trail = []
        for part in alternative.parts:
            found = self._part(found, part)
            trail.append((part, found))
        return trail

    def _part(self, above: Zones, part: Part) -> Zones:
        if part.kind == "document":
            return frozenset((DOC,))
        if part.kind == "text":
            raise Unfit("a text as a context")
        test = part.test or x.NameTest(None, None)
        if part.deep:
            above = self._walker.step(above, x.Step("descendant-or-self", x.KindTest("node")))
        if part.kind == "attribute" and any(isinstance(zone, tuple) for zone in above):
            inner = frozenset(zone for zone in above if not isinstance(zone, tuple))
            return self._walker.step(inner, x.Step("attribute", test)) | {INERT}
        return self._walker.step(above, x.Step("child" if part.kind == "element" else "attribute", test))

    def _counted(self, part: Part, here: Zones) -> None:
        """A position in a context: of a line it is one among all lines."""
        if part.test is None or self._walker.may_be_line(part.test) or here & {INERT, LABEL}:
            raise Unfit("a position among lines")

    def _function(self, name: str, arguments: tuple[x.Expression, ...], here: Zones, bound: Bound) -> Zones:
        given = [self.valued(argument, here, bound) for argument in arguments]
        element = self._names.functions.get(name)
        if element is None:
            raise Unfit(name)
        key = (name, tuple(given))
        if key in self._open:
            if NONE.union(*given):
                raise Unfit(f"{name} calls itself with nodes")
            return NONE
        self._open.add(key)
        try:
            params = [param.get("name") or "" for param in element.findall(f"{{{XSL}}}param")]
            inner = dict(zip(params, given, strict=True))
            return self._body(element, inner, spaces_of(element, self._names.spaces)) | NONE.union(*given)
        finally:
            self._open.discard(key)

    def _body(
        self, elements: Iterable[etree._Element], bound: dict[str, Zones], spaces: Mapping[str, str]
    ) -> Zones:
        """The zones of a function's result. Whatever is said in it counts."""
        found = NONE
        for element in elements:
            if not isinstance(element.tag, str):
                continue
            select = element.get("select") or element.get("test")
            given = self.valued(parse(select, spaces), NONE, bound) if select else NONE
            given |= self._body(element, dict(bound), spaces)
            if etree.QName(element).localname == "variable":
                bound[element.get("name") or ""] = given
            else:
                found |= given
        return found
