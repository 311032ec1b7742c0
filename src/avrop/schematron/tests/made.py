"""Documents made for one rule: what its expressions name, none, once or twice, with values that hurt."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from avrop.schematron.compiler.scope import parts
from avrop.schematron.contexts import Alternative
from avrop.schematron.tests.table import POISON
from avrop.schematron.xpath import ast as x

_PLAIN = (
    "0",
    "1",
    "2",
    "10.00",
    "0.10",
    "25",
    "100",
    "NO",
    "2026-01-01",
    "2026-12-31",
    "abc",
    "12.345",
    "7" * 20,
    "Text of more than one word",
    # Numbers with a right check digit: GLN, and of organisations in NO, SE, BE, AU.
    "7300010000001",
    "984661185",
    "5567321707",
    "0410032613",
    "51824753556",
    "NO984661185MVA",
)


@dataclass(eq=False)
class Spot:
    """An element that some expression names. `must`: the rule is about it, or about something below it."""

    tag: str
    parent: Spot | None = None
    kids: dict[str, Spot] = field(default_factory=dict)
    attributes: dict[str, Spot] = field(default_factory=dict)
    must: bool = False
    # Texts it is compared with somewhere.
    likes: dict[str, None] = field(default_factory=dict)

    def kid(self, tag: str) -> Spot:
        if self.parent is None and self.kids and tag not in self.kids:
            # A document has one element.
            return Spot(tag, self)
        return self.kids.setdefault(tag, Spot(tag, self))

    def attribute(self, name: str) -> Spot:
        return self.attributes.setdefault(name, Spot(name, self))


Bound = dict[str, list[Spot]]


def walk(tree: Any, here: Spot, top: Spot, bound: Bound) -> list[Spot]:
    """Make the spots that an expression names from `here`; the ones it ends at."""
    match tree:
        case x.Step():
            ends = _step(tree, here)
            for end in ends:
                for predicate in tree.predicates:
                    walk(predicate, end, top, bound)
            return ends
        case x.Path(left, right):
            return [end for spot in walk(left, here, top, bound) for end in walk(right, spot, top, bound)]
        case x.Filter(base, predicates):
            ends = walk(base, here, top, bound)
            for end in ends:
                walk(predicates, end, top, bound)
            return ends
        case x.Root():
            return [top]
        case x.ContextItem():
            return [here]
        case x.Variable(name):
            return bound.get(name, [])
        case x.For(bindings, body) | x.Quantified(_, bindings, body):
            inner = dict(bound)
            for name, sequence in bindings:
                inner[name] = walk(sequence, here, top, inner)
            return walk(body, here, top, inner)
        case x.Comparison(_, _, left, right):
            for one, other in ((left, right), (right, left)):
                wanted = dict.fromkeys(literals(other))
                for end in walk(one, here, top, bound):
                    end.likes.update(wanted)
            return []
    items = tree if isinstance(tree, tuple) else parts(tree)
    return [end for part in items for end in walk(part, here, top, bound)]


def _step(step: x.Step, here: Spot) -> list[Spot]:
    tag = step.test.tag if isinstance(step.test, x.NameTest) else None
    match step.axis:
        case "attribute":
            return [here.attribute(tag)] if tag else list(here.attributes.values())
        case "self" | "descendant-or-self" | "ancestor-or-self":
            return [here]
        case "parent" | "ancestor":
            return [here.parent or here]
        case "child" | "descendant":
            return [here.kid(tag)] if tag else list(here.kids.values())[:3]
    return [here.parent.kid(tag)] if tag and here.parent is not None else []


def context(alternative: Alternative, top: Spot, root: str, bound: Bound) -> Spot:
    """The spot that a rule is about, with what lies above it."""
    spot = top
    if not alternative.rooted or (alternative.parts and alternative.parts[0].deep):
        spot = next(iter(top.kids.values()), None) or top.kid(root)
        spot.must = True
    for part in alternative.parts:
        if part.kind == "attribute" and part.test is not None and part.test.tag:
            spot.attribute(part.test.tag).must = True
        elif part.kind == "element":
            tag = part.test.tag if part.test is not None else None
            if spot.tag != tag or spot.parent is not top:
                spot = spot.kid(tag or (f"{{{part.test.uri}}}Any" if part.test and part.test.uri else "any"))
            spot.must = True
        for predicate in part.predicates:
            walk(predicate, spot, top, bound)
    return spot


def literals(tree: Any) -> Iterator[str]:
    """The texts and numbers an expression names; of a code list some."""
    if isinstance(tree, x.Call) and tree.name in ("fn:true", "fn:false"):
        yield tree.name.removeprefix("fn:")
    if isinstance(tree, x.Literal):
        words = str(tree.value).replace(",", " ").split()
        yield from words[:4]
        yield str(tree.value)[:40]
    for part in tree if isinstance(tree, tuple) else parts(tree):
        yield from literals(part)


def documents(top: Spot, known: tuple[str, ...], count: int, seed: str) -> list[str]:
    """`count` documents with the spots below `top`."""
    rng = random.Random(seed)
    return [_document(top, known, rng) for _ in range(count)]


def _document(top: Spot, known: tuple[str, ...], rng: random.Random) -> str:
    spot = next(iter(top.kids.values()), None) or Spot("r")
    return etree.tostring(_element(spot, known, rng), encoding="unicode")


def _element(spot: Spot, known: tuple[str, ...], rng: random.Random) -> etree._Element:
    element = etree.Element(spot.tag)
    for name, attribute in sorted(spot.attributes.items()):
        if rng.random() < 0.85:
            element.set(name, _value(attribute, known, rng))
    for kid in spot.kids.values():
        times = rng.choice((1, 1, 1, 1, 2)) if kid.must else rng.choice((0, 1, 1, 1, 1, 2))
        for _ in range(times):
            element.insert(rng.randint(0, len(element)), _element(kid, known, rng))
    if not len(element):
        element.text = _value(spot, known, rng)
    return element


def _value(spot: Spot, known: tuple[str, ...], rng: random.Random) -> str:
    choice = rng.random()
    if spot.likes and rng.random() < 0.7:
        return rng.choice(tuple(spot.likes))
    if known and choice < 0.45:
        return rng.choice(known)
    return rng.choice(_PLAIN if choice < 0.75 else POISON)
