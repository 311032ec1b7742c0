"""What is kept of the lines when they have been judged: a tree of what the rules about all lines ask for."""

from __future__ import annotations

from collections.abc import Iterable

from avrop.schematron.contexts import fits
from avrop.schematron.streams.zones import Trail
from avrop.schematron.tree import VOID, Node, Place, Positions
from avrop.schematron.xpath.ast import NameTest

_NO, _ELEMENT, _WHOLE = 0, 1, 2
Parts = dict[Place, list[Node]]
_MOST_PLACES = 20_000


class Wanted:
    """What some sets want of each place. `elements` and `wholes` are trails from the root element down."""

    def __init__(
        self, elements: Iterable[Trail], wholes: Iterable[Trail], labels: Iterable[str], any_line: bool
    ) -> None:
        self._elements, self._wholes = tuple(elements), tuple(wholes)
        self.labels, self.any_line = frozenset(labels), any_line
        self._known: dict[Place, int] = {}

    def of(self, place: Place) -> int:
        """Whether the elements of a place are kept: not for their own sake, without, or with all below them."""
        known = self._known.get(place)
        if known is None:
            if len(self._known) >= _MOST_PLACES:
                self._known.clear()
            known = self._known[place] = self._found(place.path[1:])
        return known

    def _found(self, path: tuple[str, ...]) -> int:
        if any(_lies(trail, path[:end]) for trail in self._wholes for end in range(1, len(path) + 1)):
            return _WHOLE
        return _ELEMENT if any(_lies(trail, path) for trail in self._elements) else _NO


def _lies(trail: Trail, path: tuple[str, ...]) -> bool:
    """Whether a trail leads to the end of a path."""
    if not trail or not path:
        return not trail and not path
    *above, (kind, uri, local) = trail
    if not fits(NameTest(uri, local), path[-1]):
        return False
    if kind == "child":
        return _lies(tuple(above), path[:-1])
    return any(_lies(tuple(above), path[:end]) for end in range(len(path)))


class Kept:
    """The lines as far as they are kept, piece by piece."""

    def __init__(self, wanted: Wanted, root: Node) -> None:
        self._wanted, self._root = wanted, root
        self.lines: list[Node] = []
        self.nodes: list[Node] = []
        self.places: Parts = {}
        # Where siblings of one name are not all kept, what number each had.
        self.positions: Positions = {}
        self._tags: set[str] = set()

    def add(self, lines: list[Node], places: Parts, numbers: Positions) -> None:
        """Keep what is wanted of these lines, and let go of the rest. `numbers` of the lines among all of them."""
        level = {place: self._wanted.of(place) for place in places}
        single = self._singled(lines, places, level)
        self._number(single, level, numbers)
        kept: list[Node] = []
        for place, nodes in places.items():
            here = nodes if level[place] else [node for node in nodes if node in single] if single else []
            if here:
                self.places.setdefault(place, []).extend(here)
                kept.extend(here)
        for node in kept:
            if level[node.place] != _WHOLE:
                self._prune(node, single, level)
        kept.sort(key=_order)
        self.nodes.extend(kept)
        self.lines.extend(line for line in lines if level[line.place] or line in single)
        for place, nodes in places.items():
            if not level[place]:
                for node in nodes:
                    if node not in single:
                        node.parent = VOID

    def _singled(self, lines: list[Node], places: Parts, level: dict[Place, int]) -> set[Node]:
        """Nodes that are kept although their place is not: what lies above others, carries a label, or is a first."""
        single: set[Node] = set()
        if self._wanted.any_line:
            for line in lines:
                if line.tag not in self._tags:
                    self._tags.add(line.tag)
                    single.add(line)
        for place, nodes in places.items():
            if level[place]:
                above = self._above(nodes, level)
            elif self._wanted.labels:
                labels = self._wanted.labels
                found = [node for node in nodes if node.attrs and not labels.isdisjoint(node.attrs)]
                single.update(found)
                above = self._above(found, level)
            else:
                continue
            single.update(above)
        return {node for node in single if not level[node.place]}

    def _above(self, nodes: list[Node], level: dict[Place, int]) -> Iterable[Node]:
        """What lies above nodes of one place and is not kept for its own sake: at the same levels for all of them."""
        if not nodes:
            return
        up, levels = nodes[0].parent, []
        while up is not self._root:
            levels.append(not level[up.place])
            up = up.parent
        for node in nodes if any(levels) else ():
            for wanted in levels:
                node = node.parent
                if wanted:
                    yield node

    def _number(self, single: set[Node], level: dict[Place, int], numbers: Positions) -> None:
        for node in single:
            key = (id(node.parent), node.tag)
            siblings = numbers.get(key)
            nth = siblings[id(node)] if siblings else 1 + node.parent[node.tag].index(node)
            self.positions.setdefault(key, {})[id(node)] = nth

    def _prune(self, node: Node, single: set[Node], level: dict[Place, int]) -> None:
        kids = node.kids
        if kids is None:
            return
        left = [kid for kid in kids if type(kid) is Node and (level[kid.place] or kid in single)]
        if len(left) != len(kids):
            node.kids = left  # type: ignore[assignment]
            node.clear()
            for kid in left:
                node.setdefault(kid.tag, []).append(kid)


def _order(node: Node) -> int:
    return node.order
