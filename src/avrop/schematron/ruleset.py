"""A compiled rule set, and how it judges a tree: one walk, each element asked what its path can be asked."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, localcontext
from types import CodeType
from typing import Any

from avrop.schematron import runtime
from avrop.schematron.contexts import Alternative, Part
from avrop.schematron.errors import DynamicError
from avrop.schematron.hits import Hit
from avrop.schematron.plans import Plan, Planner, residuals
from avrop.schematron.runtime.nodes import text_nodes
from avrop.schematron.runtime.numbers import EXACT
from avrop.schematron.steps import CHOOSES, Residual, ask, holds
from avrop.schematron.tables import Alarm, Lazy, Message, Rule
from avrop.schematron.tree import Attribute, Node, Place, Positions, Text, Tree, location, uncollected, value
from avrop.schematron.xpath.ast import KindTest, NameTest

# As many as there are places (`tree.Places`): more than any honest document has.
_MOST_PLANS = 20_000

# A check that failed: its number, its node, and its text where that depends on the document.
Found = tuple[int, Any, str | None]
# Alarms that were heard, each once.
Sounded = dict[tuple[int, int], Found]


class _Kept:
    """A value of a document that is made when first read; then it stands in the instance and is found first."""

    def __init__(self, name: str, make: Callable[[Any], Any]) -> None:
        self._name, self._make = name, make

    def __get__(self, judgement: Any, owner: Any) -> Any:
        made = judgement.__dict__[self._name] = self._make(judgement)
        return made


class Judgement:
    """One document under one set. Generated code knows it as `d`."""

    def __init__(self, tree: Tree) -> None:
        self.doc, self.nodes, self.top = tree.document, tree.nodes, tree.nodes[0]
        self.hits: list[Found] = []
        # Where the document comes in pieces: the root element, at which no alarm is heard before all of them are
        # there, and the (pattern, rule, check) that wait for that.
        self.later: Node | None = None
        self.waiting: dict[tuple[int, int, int], None] = {}
        self._tags: dict[str, list[Node]] | None = None

    def hit(self, check: int, node: Any, text: str | None = None) -> None:
        """A check failed."""
        self.hits.append((check, node, text))

    def tags(self, tag: str) -> list[Node]:
        """All elements of that name, in document order."""
        if self._tags is None:
            index: dict[str, list[Node]] = {}
            for node in self.nodes:
                if node.tag in index:
                    index[node.tag].append(node)
                else:
                    index[node.tag] = [node]
            self._tags = index
        return self._tags.get(tag) or []

    def name(self, node: Any) -> str:
        """fn:name: with the prefix the document uses."""
        if node is None or type(node) is Text:
            return ""
        local = str(node.tag.rpartition("}")[2])
        if type(node) is Node:
            prefix = node.prefix
        else:
            prefixes = getattr(node.parent.attrs, "prefixes", None)
            prefix = prefixes[node.tag] if prefixes else ""
        return f"{prefix}:{local}" if prefix else local

    def place(self, node: Any) -> int:
        """The position among siblings of the same name, from 1."""
        return int(node.parent[node.tag].index(node)) + 1

    def matching(self, found: Iterable[Alternative]) -> Iterable[Any]:
        """The elements that match one of the contexts."""
        # What is left to ask depends on the place alone, and a document has few of them.
        known: dict[Place, tuple[Residual, ...]] = {}
        for node in self.nodes:
            left = known.get(node.place)
            if left is None:
                left = known[node.place] = tuple(residuals(found, node.place.path))
            if left and any(holds(self, node, residual) for residual in left):
                yield node


@contextmanager
def calculating() -> Iterator[None]:
    """Around whatever asks rules. Raises DynamicError."""
    try:
        with uncollected(), localcontext(EXACT):
            yield
    except (ArithmeticError, RecursionError, ValueError) as error:
        # Numbers or recursion beyond what Python holds: an error of the expression, not of the program.
        raise DynamicError("FOAR0002", str(error)) from None


class RuleSet:
    """The rules of one generated module.

    `refused` maps the places of patterns it does not cover to why. `prefixes`: it must see trees with prefixes.
    """

    def __init__(self, code: CodeType) -> None:
        memo: dict[str, Callable[[Any], Any]] = {}
        space: dict[str, Any] = {
            **runtime.names(), "MEMO": memo, "BY_NAME": set(), "SWITCH": {}, "PREFIXES": False, "Rule": Rule,
            "Alarm": Alarm, "Message": Message, "Part": Part, "Alternative": Alternative, "NameTest": NameTest,
            "KindTest": KindTest, "Lazy": Lazy, "Decimal": Decimal, "DynamicError": DynamicError, "Node": Node,
            "re": re, "operator": operator, "value": value,
        }  # fmt: skip
        exec(code, space)
        self._checks: list[Message] = space["CHECKS"]
        self.refused: dict[int, str] = space["REFUSED"]
        self.prefixes: bool = space["PREFIXES"]
        self._planner = Planner(space["RULES"], space["BY_NAME"], space["SWITCH"])
        self._plans: dict[Place, Plan] = {}
        self._judgement = type("Judgement", (Judgement,), {n: _Kept(n, make) for n, make in memo.items()})

    def judge(self, tree: Tree) -> list[Hit]:
        """The findings: in document order, of one node in that of the rules. Raises DynamicError where they stop."""
        with calculating():
            hits = self._run(tree)
        if not hits:
            return []
        hits.sort(key=lambda hit: (hit[1].order, hit[0]))
        known: Positions = {}
        return [self.told(*hit, known) for hit in hits]

    def begin(self, tree: Tree) -> Judgement:
        """The judgement of a document about which nothing has been asked."""
        begun: Judgement = self._judgement(tree)
        return begun

    def told(self, check: int, node: Any, text: str | None, known: Positions) -> Hit:
        message = self._checks[check]
        said = message.text if text is None else text
        return Hit(message.id, message.flag, location(node, known), " ".join((said or "").split()))

    def plan(self, place: Place) -> Plan:
        """What is asked at a place."""
        known = self._plans.get(place)
        if known is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            known = self._plans[place] = self._planner.plan(place)
        return known

    def _run(self, tree: Tree) -> list[Found]:
        d = self._judgement(tree)
        sounded: Sounded = {}
        self.at_document(d)
        for place, nodes in tree.places.items():
            self.visit(d, place, nodes, sounded)
        return [*d.hits, *sounded.values()]

    def at_document(self, d: Judgement) -> None:
        """Ask what is asked of the document node."""
        for chain in self.plan(d.doc.place).steps:
            ask(d, d.doc, chain)

    def visit(self, d: Judgement, place: Place, nodes: list[Node], sounded: Sounded) -> None:
        """Ask all elements of a place."""
        plan = self._plans.get(place) or self.plan(place)
        for chain in plan.steps:
            self._walk(d, nodes, chain)
        if plan.alarms:
            for node in nodes:
                self._sound(d, node, plan.alarms, sounded)
        if plan.texts:
            for node in nodes:
                for text in text_nodes(node):
                    for chain in plan.texts:
                        ask(d, text, chain)
        for node in nodes:
            if node.attrs:
                self._attributes(d, node, plan, sounded)

    def _walk(self, d: Judgement, nodes: list[Node], chain: Any) -> None:
        """`ask` of each node, without a call for each."""
        if len(chain) == 1 and chain[0][0] is None:
            body = chain[0][1]
            for node in nodes:
                body(d, node)
            return
        for node in nodes:
            for test, body in chain:
                if body is CHOOSES:
                    body = test(d, node)
                    if body is not None:
                        body(d, node)
                        break
                elif test is None or test(d, node):
                    if body is not None:
                        body(d, node)
                    break

    def _attributes(self, d: Judgement, node: Node, plan: Plan, sounded: Sounded) -> None:
        known = plan.attributes
        for name in node.attrs:
            if name not in known:
                if len(known) > 1_000:
                    known.clear()
                self._planner.learn(plan, name)
            alarms, steps = known[name]
            if alarms:
                self._sound(d, node, alarms, sounded)
            if steps:
                attribute = Attribute(node, name)
                for chain in steps:
                    ask(d, attribute, chain)

    def match(self, d: Judgement, node: Node, pattern: int) -> int:
        """The number of the pattern's rule that matches, or -1."""
        for candidate, test in self.plan(node.place).chains.get(pattern, ()):
            if test is None or test(d, node):
                return candidate.number
        return -1

    def _sound(self, d: Judgement, node: Node, alarms: Any, sounded: Sounded) -> None:
        """An alarm counts where its rule is the one that matched the element above."""
        for levels, pattern, rule, check in alarms:
            above = node
            for _ in range(levels):
                above = above.parent
            if above is d.later:
                d.waiting[pattern, rule, check] = None
            elif self.match(d, above, pattern) == rule:
                sounded[check, id(above)] = (check, above, None)
