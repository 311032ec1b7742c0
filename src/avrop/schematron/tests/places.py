"""The nodes that an expression names, found in a document as far as names tell, and made where they are missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from lxml import etree

from avrop.schematron.compiler.scope import parts
from avrop.schematron.contexts import Alternative, Part, fits
from avrop.schematron.tests import edits
from avrop.schematron.tests.made import _PLAIN
from avrop.schematron.tests.mutate import Step
from avrop.schematron.tests.words import NUMBERS, ODD, of_context
from avrop.schematron.xpath import ast as x

# An element and the name of an attribute of it; None is the document.
Target = tuple[etree._Element | None, str]
DOCUMENT: Target = (None, "")
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass
class Bound:
    """What a variable stands for: an expression of a place, or places."""

    tree: Any = None
    here: Target = DOCUMENT
    env: Mapping[str, Bound] = field(default_factory=dict)
    ends: list[Target] | None = None


Env = Mapping[str, Bound]
Parents = Mapping[str, list[str]]


class Places:
    """One attempt at a document: `root` is changed as `steps` grows."""

    def __init__(self, root: etree._Element, rng: Random, parents: Parents, words: tuple[str, ...]) -> None:
        self.root, self.rng, self.parents, self.words = root, rng, parents, words
        self.steps: list[Step] = []
        self._depth = 0

    def do(self, *step: Any) -> None:
        """Take a step and keep it."""
        edits.take(self.root, list(step))
        self.steps.append(list(step))

    def chance(self, of: float) -> bool:
        """True so often."""
        return self.rng.random() < of

    def aim(self, tree: Any, want: bool, here: Target, env: Env) -> None:
        """Make an expression true, or false."""
        raise NotImplementedError

    def word(self) -> str:
        """Some text: of the set's own, a plain one, or an odd one."""
        draw = self.rng.random()
        if draw < 0.45 and self.words:
            return self.rng.choice(self.words)
        if draw < 0.6:
            return self.rng.choice(NUMBERS)
        return self.rng.choice(_PLAIN if draw < 0.8 else ODD)

    def reach(self, alternative: Alternative, env: Env) -> Target:
        """The node of a rule's context, made where it is missing."""
        here: Target = DOCUMENT
        for at, part in enumerate(alternative.parts):
            here = self._part(here, part, at == 0 and not alternative.rooted)
            for predicate in part.predicates:
                self.aim(predicate, True, here, env)
        return here

    def _part(self, here: Target, part: Part, anywhere: bool) -> Target:
        element, _ = here
        if part.kind == "document":
            return DOCUMENT
        tag = part.test.tag if part.test is not None else None
        if part.kind == "attribute":
            holder = element if element is not None else self.rng.choice(list(self.root.iter(etree.Element)))
            if tag and tag not in holder.attrib:
                self.do("set", edits.path(holder, tag), self.word())
            return holder, tag or next(iter(holder.attrib), "")
        if part.kind == "text":
            return here
        if anywhere or part.deep:
            return self._anywhere(self.root if element is None else element, part)
        if element is None:
            return self.root, ""
        known = [kid for kid in element if isinstance(kid.tag, str) and fits(part.test, kid.tag)]
        if known:
            return self.rng.choice(known), ""
        return self._make(element, tag), ""

    def _anywhere(self, top: etree._Element, part: Part) -> Target:
        known = [e for e in top.iter(etree.Element) if fits(part.test, str(e.tag))]
        tag = part.test.tag if part.test is not None else None
        if known and self.chance(0.9 if tag else 1):
            return self.rng.choice(known), ""
        return self._make(self._parent_for(tag or "any"), tag), ""

    def _parent_for(self, tag: str) -> etree._Element:
        """An element that has such children in some document, made with what lies above it."""
        ways = self.parents.get(tag)
        if not ways:
            return self.root
        way = self.rng.choice(ways)
        if way != ".":
            self.do("make", way)
        found, _ = edits.find(self.root, way, False)
        return self.root if found is None else found

    def _make(self, element: etree._Element, tag: str | None) -> etree._Element:
        tag = tag or f"{{{edits.SPACES['cbc']}}}Stranger"
        new = (edits.path(element) + "/").removeprefix("./") + edits.short(tag)
        number = len(element.findall(tag)) + 1
        self.do("make", new if number == 1 else f"{new}[{number}]")
        return element.findall(tag)[-1]

    def ends(self, tree: Any, here: Target, env: Env, make: bool) -> list[Target]:
        """The nodes of a path, as far as names tell; with `make` there is one afterwards."""
        self._depth += 1
        try:
            return self._ends(tree, here, env, make) if self._depth < 60 else []
        finally:
            self._depth -= 1

    def _ends(self, tree: Any, here: Target, env: Env, make: bool) -> list[Target]:
        if of_context(tree):
            return [here]
        match tree:
            case x.ContextItem():
                return [here]
            case x.Root():
                return [DOCUMENT]
            case x.Step("child", x.NameTest() as test, predicates) if (
                make and predicates and test.tag and here[0] is not None and not here[1] and self.chance(0.3)
            ):
                # One more, rather than another of those there.
                return self._filtered([(self._make(here[0], test.tag), "")], predicates, env, make)
            case x.Step():
                return self._filtered(self._step(tree, here, make), tree.predicates, env, make)
            case x.Path(left, right):
                return [
                    end
                    for one in self.ends(left, here, env, make)
                    for end in self.ends(right, one, env, make)
                ]
            case x.Filter(base, predicates):
                return self._filtered(self.ends(base, here, env, make), predicates, env, make)
            case x.Variable(name):
                bound = env.get(name)
                if bound is None:
                    return []
                return (
                    bound.ends
                    if bound.ends is not None
                    else self.ends(bound.tree, bound.here, bound.env, make)
                )
            case x.For(bindings, body):
                return self.ends(body, here, self._bind(bindings, here, env, make), make)
        inner = list(parts(tree))
        if isinstance(tree, x.Literal | x.Quantified) or not inner:
            return []
        if make and isinstance(tree, x.Combine | x.Sequence | x.If):
            inner = [self.rng.choice(inner)]
        return [end for part in inner for end in self.ends(part, here, env, make)]

    def _bind(self, bindings: Any, here: Target, env: Env, make: bool) -> Env:
        inner = dict(env)
        for name, sequence in bindings:
            found = self.ends(sequence, here, inner, make)
            if found and self.chance(0.5):
                found = [self.rng.choice(found)]
            inner[name] = Bound(ends=found) if found else Bound(sequence, here, dict(inner))
        return inner

    def _filtered(self, found: list[Target], predicates: Any, env: Env, make: bool) -> list[Target]:
        for predicate in predicates:
            if isinstance(predicate, x.Literal) and isinstance(predicate.value, int):
                found = found[predicate.value - 1 : predicate.value]
            elif make and found:
                if self.chance(0.6):
                    found = [self.rng.choice(found)]
                for one in found:
                    self.aim(predicate, True, one, env)
        return found

    def _step(self, step: x.Step, here: Target, make: bool) -> list[Target]:
        element, attribute = here
        test = step.test if isinstance(step.test, x.NameTest) else None
        tag = test.tag if test else None
        if element is None:
            fit = [self.root] if step.axis == "child" and fits(test, str(self.root.tag)) else []
            fit = list(self.root.iter(etree.Element)) if step.axis.startswith("descendant") else fit
            found = [e for e in fit if fits(test, str(e.tag))]
            if not found and make and tag and step.axis == "descendant":
                found = [self._make(self._parent_for(tag), tag)]
            return [(e, "") for e in found] + (
                [DOCUMENT] if step.axis == "descendant-or-self" and not test else []
            )
        if step.axis == "attribute":
            names = [n for n in element.attrib if fits(test, n)]
            if not names and make and test and test.local:
                name = tag or f"{{{_INSTANCE}}}{test.local}"
                self.do("set", edits.path(element, name), self.word())
                names = [name]
            return [(element, n) for n in names]
        if isinstance(step.test, x.KindTest) and step.test.kind == "text":
            return [here]
        found = [e for e in self._along(step.axis, element, attribute) if fits(test, str(e.tag))]
        if not found and make and tag:
            if step.axis == "child":
                found = [self._make(element, tag)]
            elif step.axis == "descendant":
                found = [self._make(self._parent_for(tag), tag)]
        return [(e, "") for e in found]

    def _along(self, axis: str, element: etree._Element, attribute: str) -> list[etree._Element]:
        above = element if attribute else element.getparent()
        match axis:
            case "child":
                found = list(element)
            case "parent":
                found = [] if above is None else [above]
            case "self":
                found = [element]
            case "descendant" | "descendant-or-self":
                found = list(element.iter())[axis == "descendant" :]
            case "ancestor" | "ancestor-or-self":
                found = ([element] if axis == "ancestor-or-self" else []) + list(element.iterancestors())
            case "following-sibling" | "preceding-sibling":
                found = list(element.itersiblings(preceding=axis == "preceding-sibling"))
            case _:
                found = list(self.root.iter())
        return [e for e in found if isinstance(e.tag, str)]
