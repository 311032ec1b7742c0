"""Judging a document of many lines piece by piece: in the memory of one piece and of what is kept of the others.

The findings are those of the whole tree, in the same order. Where that cannot be promised, None is the answer, and
the caller builds the whole tree: a set or document that does not fit, or rules that end in an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from avrop.schematron.errors import DynamicError, NotPlainXml
from avrop.schematron.hits import Hit
from avrop.schematron.ruleset import Found, Judgement, RuleSet, Sounded, calculating
from avrop.schematron.streams.cuts import Content, Cut, cut
from avrop.schematron.streams.keep import Kept, Parts, Wanted
from avrop.schematron.streams.zones import Trail
from avrop.schematron.tree import VOID, Node, Place, Positions, Tree, read

# Bytes of a piece: some hundred lines.
PIECE = 100_000
# (document order, check's number, finding)
Told = tuple[float, int, Hit]


class Unfitting(Exception):
    """This document must be judged as a whole."""


@dataclass(slots=True)
class Form:
    """A set as it judges line by line; `split.Split` says what the fields mean."""

    lines: frozenset[str]
    whole: RuleSet
    alone: RuleSet
    rest: RuleSet | None
    alone_checks: Sequence[int]
    rest_checks: Sequence[int]
    barred: frozenset[int]
    rootless: frozenset[int]
    not_root: frozenset[str]
    strangers: frozenset[str]
    elements: tuple[Trail, ...]
    wholes: tuple[Trail, ...]
    labels: tuple[str, ...]
    any_line: bool
    # Places in lines that have been looked at and are open to all their rules.
    open: set[Place] = field(default_factory=set)

    def check_place(self, place: Place) -> None:
        """Raises Unfitting where a rule could come to an element of a line that needs more than it can have."""
        if place in self.open:
            return
        if place.path[-1] in self.strangers:
            raise Unfitting(place.path)
        for chain in self.whole.plan(place).chains.values():
            if any(rule.number in self.barred for rule, _ in chain):
                raise Unfitting(place.path)
        if len(self.open) > 20_000:
            self.open.clear()
        self.open.add(place)


class _Judge:
    """One set, and what it has found so far."""

    def __init__(self, form: Form, head: Tree) -> None:
        self._form = form
        self._alone = form.alone.begin(head)
        self._alone.later = head.nodes[0]
        self._told: list[Told] = []

    def lines(self, places: Parts, numbers: Positions) -> None:
        """Judge the lines of a piece by what they and the head say."""
        d, alone, sounded = self._alone, self._form.alone, Sounded()
        for place, nodes in places.items():
            self._form.check_place(place)
            alone.visit(d, place, nodes, sounded)
        if d.hits or sounded:
            known = dict(numbers)
            self._tell(alone, [*d.hits, *sounded.values()], self._form.alone_checks, known)
            d.hits = []

    def end(self, tree: Tree, head: Parts, kept: Kept) -> list[Hit]:
        """Judge the head, and what else needs to know of all lines."""
        form, sounded = self._form, Sounded()
        d, root = form.whole.begin(tree), tree.nodes[0]
        self._check_root(d, root)
        form.whole.at_document(d)
        for place, nodes in head.items():
            form.whole.visit(d, place, nodes, sounded)
        for pattern, rule, check in self._alone.waiting:
            number = form.alone_checks[check] if form.alone_checks else check
            if form.whole.match(d, root, pattern) == rule:
                sounded[number, id(root)] = (number, root, None)
        self._tell(form.whole, [*d.hits, *sounded.values()], (), kept.positions)
        if form.rest is not None:
            self._rest(form.rest, tree, kept)
        self._told.sort(key=lambda told: told[:2])
        return [hit for _, _, hit in self._told]

    def _rest(self, rest: RuleSet, tree: Tree, kept: Kept) -> None:
        d, sounded = rest.begin(tree), Sounded()
        for place, nodes in kept.places.items():
            rest.visit(d, place, nodes, sounded)
        self._tell(rest, [*d.hits, *sounded.values()], self._form.rest_checks, kept.positions)

    def _check_root(self, d: Judgement, root: Node) -> None:
        for node in (d.doc, root):
            for pattern in self._form.whole.plan(node.place).chains:
                if self._form.whole.match(d, node, pattern) in self._form.rootless:
                    raise Unfitting

    def _tell(self, rules: RuleSet, found: list[Found], checks: Sequence[int], known: Positions) -> None:
        for check, node, text in found:
            number = checks[check] if checks else check
            self._told.append((node.order, number, rules.told(check, node, text, known)))


def judge(
    content: Content, forms: Sequence[Form], piece: int = PIECE, prefixes: bool = False
) -> list[list[Hit]] | None:
    """What each set finds, or None. All forms have the same lines; the content is UTF-8."""
    parts = cut(content, forms[0].lines)
    if parts is None:
        return None
    try:
        with calculating():
            return _Pieces(parts, forms, prefixes).judge(piece)
    except (Unfitting, DynamicError, NotPlainXml):
        return None


class _Pieces:
    """One document, from piece to piece."""

    def __init__(self, parts: Cut, forms: Sequence[Form], prefixes: bool) -> None:
        self._parts, self._prefixes, self._lines = parts, prefixes, forms[0].lines
        self._head = read(parts.head(), prefixes=prefixes)
        self._root = self._head.nodes[0]
        if self._root.kids is None:
            # With lines below it, it is no leaf.
            self._root.kids, self._root.text = [], ""
        if any(self._root.tag in form.not_root for form in forms):
            raise Unfitting
        self._judges = [_Judge(form, self._head) for form in forms]
        self._kept = Kept(_wanted(forms), self._root)
        self._count = len(self._head.nodes)
        self._counts: dict[str, int] = {}

    def judge(self, size: int) -> list[list[Hit]]:
        try:
            for piece in self._parts.pieces(size):
                self._add(read(piece, prefixes=self._prefixes))
            return self._end()
        finally:
            self._head.close()
            for node in self._kept.nodes:
                node.parent = VOID

    def _add(self, tree: Tree) -> None:
        try:
            lines, places = self._moved(tree)
            numbers = self._numbers(lines)
            for judge in self._judges:
                judge.lines(places, numbers)
        except BaseException:
            tree.close()
            raise
        self._kept.add(lines, places, numbers)

    def _moved(self, tree: Tree) -> tuple[list[Node], Parts]:
        """The piece's lines below the one root, numbered on from those before."""
        top, shift = tree.nodes[0], self._count - 1
        lines = [kid for kid in top.kids or () if type(kid) is Node]
        if any(line.tag not in self._lines for line in lines):
            raise Unfitting
        for line in lines:
            line.parent = self._root
        top.parent = VOID  # or it would hold its document, its document would hold it, and both the lines.
        for node in tree.nodes:
            node.order += shift
        self._count += len(tree.nodes) - 1
        return lines, {place: nodes for place, nodes in tree.places.items() if len(place.path) > 1}

    def _numbers(self, lines: list[Node]) -> Positions:
        """What number each line has among all of its name."""
        found: Positions = {}
        for line in lines:
            number = self._counts[line.tag] = self._counts.get(line.tag, 0) + 1
            found.setdefault((id(self._root), line.tag), {})[id(line)] = number
        return found

    def _end(self) -> list[list[Hit]]:
        kept, root, head = self._kept, self._root, dict(self._head.places)
        for line in kept.lines:
            root.setdefault(line.tag, []).append(line)
        root.kids = [*(root.kids or ()), *kept.lines]
        whole = Tree(self._head.document, [*self._head.nodes, *kept.nodes], {**head, **kept.places})
        return [judge.end(whole, head, kept) for judge in self._judges]


def _wanted(forms: Sequence[Form]) -> Wanted:
    return Wanted(
        dict.fromkeys(trail for form in forms for trail in form.elements),
        dict.fromkeys(trail for form in forms for trail in form.wholes),
        (label for form in forms for label in form.labels),
        any(form.any_line for form in forms),
    )
