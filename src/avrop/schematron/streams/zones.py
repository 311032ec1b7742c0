"""Where an expression may lead in a document of many lines: into its head, into one line, or into all of them.

A *line* is a child of the root element with one of the names that are said to repeat; the *head* is all the rest.
A zone is a name below, or a path into the lines from the root element down: every line, not one of them. What lies
in a zone is too much rather than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from avrop.schematron.contexts import fits
from avrop.schematron.xpath import ast as x

# The document node, the root element, its attributes, the head below it, the line that holds the context node,
# some element of any line, an attribute or text of any line.
DOC, ROOT, LABEL, HEAD, OWN, SOME, INERT = "document", "root", "label", "head", "own", "some", "inert"
# "child" or "below" and the name; "deep" stands for a node and all below it, and is never an end.
Edge = tuple[str, str | None, str | None]
Trail = tuple[Edge, ...]
Zone = str | Trail
Zones = frozenset[Zone]
NONE: Zones = frozenset()
_DEEP: Edge = ("deep", None, None)
ANYWHERE: Zones = frozenset((DOC, ROOT, HEAD, (_DEEP,)))


class Unfit(Exception):
    """An expression that cannot be judged without the whole document, or from one line alone."""


@dataclass(slots=True)
class Needs:
    """What a tree must keep of every line: elements, those with all that is below them, lines if there are any."""

    elements: set[Trail] = field(default_factory=set)
    wholes: set[Trail] = field(default_factory=set)
    any_line: bool = False
    # Elements that carry one of these attributes, wherever they lie.
    labels: set[str] = field(default_factory=set)
    # Names that the document element must not have, for that was taken for granted.
    not_root: set[str] = field(default_factory=set)
    # Names that no element of a line must have, for the same reason.
    strangers: set[str] = field(default_factory=set)


class Walker:
    """Steps from zones to zones. With `alone` no line but the own may be asked: what needs that is Unfit.

    With `supposing` what is sought by its name in the whole document (`//name`) is taken to lie in the head.
    """

    def __init__(
        self, lines: frozenset[str], roots: frozenset[str], needs: Needs, *, alone: bool, supposing: bool
    ) -> None:
        self.lines, self._roots, self.needs = lines, roots, needs
        self.alone, self._supposing = alone, supposing

    def _into(self, trail: Trail) -> Zone:
        if self.alone:
            kind, uri, local = trail[0]
            tag = x.NameTest(uri, local).tag
            if self._supposing and len(trail) == 1 and kind == "below" and tag and tag not in self.lines:
                self.needs.strangers.add(tag)
                return HEAD
            raise Unfit("other lines")
        self.needs.elements.add(trail)
        return trail

    def _is_root(self, test: x.NameTest) -> bool:
        """Whether the document element may have that name; taken for granted of the names of no root."""
        if test.tag is None or test.tag in self._roots:
            return True
        self.needs.not_root.add(test.tag)
        return False

    def may_be_line(self, test: x.NameTest) -> bool:
        """Whether a line may have that name."""
        return any(fits(test, tag) for tag in self.lines)

    def value(self, zones: Zones) -> None:
        """The string value is asked for. Raises Unfit where that is the text of all lines."""
        for zone in zones:
            if zone in (DOC, ROOT, SOME) or (isinstance(zone, tuple) and zone[-1] == _DEEP):
                raise Unfit("the text of all lines")
            if isinstance(zone, tuple):
                self.needs.wholes.add(zone)

    def lines_exist(self, zones: Zones, test: x.NameTest) -> bool:
        """Note that it is asked whether the root element has such children; False where more than that is asked."""
        if self.alone or ROOT not in zones or not self.may_be_line(test):
            return False
        self.needs.any_line = True
        self.step(zones - {ROOT}, x.Step("child", test))
        return True

    def step(self, zones: Zones, step: x.Step) -> Zones:
        """Where an axis and its test lead. Raises Unfit."""
        test = step.test
        if isinstance(test, x.KindTest) and test.kind == "element":
            test = x.NameTest(None, None)
        if isinstance(test, x.KindTest):
            return self._kind(zones, step.axis, test.kind)
        maker = {
            "child": self._child, "attribute": self._attribute, "self": self._self, "parent": self._parent,
            "ancestor": self._above, "ancestor-or-self": self._above_or_self, "descendant": self._below,
            "descendant-or-self": self._below_or_self, "following-sibling": self._beside,
            "preceding-sibling": self._beside, "following": self._beyond, "preceding": self._beyond,
        }.get(step.axis)  # fmt: skip
        if maker is None:
            raise Unfit(f"axis {step.axis}")
        return frozenset(found for zone in zones for found in maker(zone, test))

    def _kind(self, zones: Zones, axis: str, kind: str) -> Zones:
        any_name = x.NameTest(None, None)
        if axis == "child" and kind == "text":
            if zones & {DOC, ROOT}:
                raise Unfit("the text between lines")
            self.value(zones)
            return frozenset(INERT if isinstance(zone, tuple) else zone for zone in zones)
        if kind == "node" and axis == "descendant-or-self":
            return frozenset(found for zone in zones for found in self._deep(zone))
        if kind == "node" and axis in ("self", "parent", "ancestor", "ancestor-or-self"):
            return self.step(zones, x.Step(axis, any_name))
        if axis == "attribute" and kind in ("node", "attribute"):
            return self.step(zones, x.Step(axis, any_name))
        raise Unfit(f"{axis}::{kind}()")

    def _deep(self, zone: Zone) -> Iterable[Zone]:
        if zone == DOC:
            return ANYWHERE
        if zone == ROOT:
            return ROOT, HEAD, (_DEEP,)
        if zone == SOME:
            return ((_DEEP,),)
        return ((*zone, _DEEP),) if isinstance(zone, tuple) else (zone,)

    def _child(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        if zone == DOC:
            if self._is_root(test):
                yield ROOT
        elif zone == ROOT:
            yield from self._below_root(test)
        elif zone == SOME:
            yield self._into((("below", test.uri, test.local),))
        elif isinstance(zone, tuple):
            deep = zone[-1] == _DEEP
            above = zone[:-1] if deep else zone
            yield self._into((*above, ("below" if deep else "child", test.uri, test.local)))
        elif zone in (HEAD, OWN):
            yield zone

    def _below_root(self, test: x.NameTest) -> Iterator[Zone]:
        for tag in sorted(self.lines):
            if fits(test, tag):
                uri, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
                yield self._into((("child", uri, local),))
        if test.tag not in self.lines:
            yield HEAD

    def _attribute(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        if zone == ROOT:
            yield LABEL
        elif isinstance(zone, tuple) and zone[-1] == _DEEP:
            if self.alone or test.tag is None:
                raise Unfit("the attributes of all elements")
            self.needs.labels.add(test.tag)
            yield INERT
        elif isinstance(zone, tuple) or zone == SOME:
            yield INERT
        elif zone in (HEAD, OWN):
            yield zone

    def _self(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        if isinstance(zone, tuple) and zone[-1] == _DEEP:
            yield self._into((*zone[:-1], ("below", test.uri, test.local)))
            yield from (zone[:-1],) if zone[:-1] else ()
        else:
            yield zone

    def _parent(self, zone: Zone, _test: x.NameTest) -> Iterator[Zone]:
        _not_deep(zone)
        if zone == INERT:
            raise Unfit("what lies above")
        if zone == ROOT:
            yield DOC
        elif zone == LABEL:
            yield ROOT
        elif zone in (HEAD, OWN, SOME):
            yield from (zone, ROOT)
        elif isinstance(zone, tuple):
            if zone[-1][0] == "below":
                yield from (SOME, ROOT)
            else:
                yield zone[:-1] or ROOT

    def _above(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        yield from (above for above in self._parent(zone, test) if above not in (ROOT, DOC))
        if isinstance(zone, tuple):
            yield SOME
        if zone not in (DOC, ROOT):
            yield ROOT
        if zone != DOC:
            yield DOC

    def _above_or_self(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        yield zone
        yield from self._above(zone, test)

    def _below(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        if zone == DOC and self._is_root(test):
            yield ROOT
        if zone in (DOC, ROOT):
            yield HEAD
        if zone in (DOC, ROOT, SOME):
            yield self._into((("below", test.uri, test.local),))
        elif isinstance(zone, tuple):
            above = zone[:-1] if zone[-1] == _DEEP else zone
            yield self._into((*above, ("below", test.uri, test.local)))
        elif zone in (HEAD, OWN):
            yield zone

    def _below_or_self(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        if zone != DOC:
            yield from self._self(zone, test)
        yield from self._below(zone, test)

    def _beside(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        if zone in (DOC, ROOT, LABEL):
            return
        _not_deep(zone)
        if zone in (HEAD, OWN):
            yield zone
        elif isinstance(zone, tuple) and len(zone) > 1 and zone[-1][0] == "child":
            yield self._into((*zone[:-1], ("child", test.uri, test.local)))
            return
        else:
            yield self._into((("below", test.uri, test.local),))
        yield from self._below_root(test)

    def _beyond(self, zone: Zone, test: x.NameTest) -> Iterator[Zone]:
        _not_deep(zone)
        yield HEAD
        yield self._into((("below", test.uri, test.local),))


def _not_deep(zone: Zone) -> None:
    """From all elements below one another axis leads on: they would have to be kept, all of them."""
    if isinstance(zone, tuple) and zone[-1] == _DEEP:
        raise Unfit("what lies beside or above all elements")
