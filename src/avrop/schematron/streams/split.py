"""Which rules of a set can be judged line by line, and what must be kept of all lines for the others.

Three ways to judge a check: of a node of the head, once, with what is kept of the lines; of a node of a line, when that
line is there, with the head; and, where it needs other lines as well, of that node in what is kept (`rest`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from avrop.schematron.compiler.rules import _unwanted
from avrop.schematron.compiler.scope import free, parts
from avrop.schematron.contexts import Alternative, alternatives
from avrop.schematron.schema import Check, Let, Pattern, Rule, Schema
from avrop.schematron.streams.reach import LOST, Bound, Reach, names_of
from avrop.schematron.streams.zones import DOC, HEAD, INERT, LABEL, OWN, ROOT, Needs, Trail, Unfit, Zones
from avrop.schematron.xpath import ast as x
from avrop.schematron.xpath.lexer import XPathRefused
from avrop.schematron.xpath.parser import parse

_OF_HEAD: Zones = frozenset((DOC, ROOT, LABEL, HEAD))


@dataclass(slots=True)
class Split:
    """What `split` says. `why` is why the set cannot be judged line by line at all; then nothing else counts.

    `barred`: numbers of the rules that no element of a line may come to; `rootless`: that the root element may not
    come to. `alone` and `rest` are the schema without
    and with nothing but the checks that need other lines, where there are such; None: the schema as it is, and none.
    """

    why: str = ""
    needs: Needs = field(default_factory=Needs)
    barred: list[int] = field(default_factory=list)
    rootless: list[int] = field(default_factory=list)
    alone: Schema | None = None
    rest: Schema | None = None
    # The checks' numbers in the whole schema.
    alone_checks: list[int] = field(default_factory=list)
    rest_checks: list[int] = field(default_factory=list)


def split(schema: Schema, lines: frozenset[str]) -> Split:
    """How a set judges documents whose root has children of these names again and again."""
    try:
        return _Splitter(schema, lines).split()
    except (Unfit, XPathRefused, ValueError, RecursionError) as error:
        return Split(why=str(error) or type(error).__name__)


@dataclass(slots=True)
class _Found:
    """A rule, its contexts, and which of its checks (by place) need other lines."""

    rule: Rule
    contexts: tuple[Alternative, ...]
    rest: list[int] = field(default_factory=list)


class _Splitter:
    def __init__(self, schema: Schema, lines: frozenset[str]) -> None:
        self._schema, self._lines, self._out = schema, lines, Split()
        needs, names = self._out.needs, names_of(schema)
        self._parse = cache(lambda text: parse(text, schema.namespaces))
        roots = frozenset(self._roots())
        # Where contexts lie costs nothing; only what is asked there is needed.
        other = Needs(not_root=needs.not_root, strangers=needs.strangers)
        self._scout = Reach(names, lines, roots, other)
        self._whole = Reach(names, lines, roots, needs)
        self._alone = Reach(names, lines, roots, other, alone=True)
        self._matching = Reach(names, lines, roots, other, alone=True, supposing=True)

    def _roots(self) -> Iterator[str]:
        """The names that an expression or a context says the root has."""
        texts = [let.value for let in self._schema.lets]
        for pattern in self._schema.patterns:
            texts += [let.value for let in pattern.lets]
            for rule in pattern.rules:
                texts += [rule.context, *(let.value for let in rule.lets), *(c.test for c in rule.checks)]
        for text in dict.fromkeys(texts):
            yield from _named_roots(self._parse(text))

    def split(self) -> Split:
        """Rule by rule; the head's needs are gathered on the way."""
        patterns, number = [], 0
        for pattern in self._schema.patterns:
            found = []
            for rule in pattern.rules:
                one = _Found(rule, alternatives(self._parse(rule.context)))
                if not self._rule(one, number):
                    self._bar(one, number)
                found.append(one)
                number += 1
            patterns.append(found)
        for number, one, before in _numbered(patterns):
            if one.rest and not self._kept(one, before):
                self._bar(one, number)
        if any(one.rest for found in patterns for one in found):
            self._schemas(patterns)
        return self._out

    def _bar(self, one: _Found, number: int) -> None:
        if any(context.parts[-1].kind == "attribute" for context in one.contexts):
            # Which elements of a line are barred is asked of their places, of which attributes have none.
            raise Unfit("other lines, asked of an attribute")
        self._out.barred.append(number)
        one.rest = []

    def _rule(self, one: _Found, number: int) -> bool:
        """Fill in `rest`. False where a node of a line must not come to the rule."""
        trails = [self._scout.trail(context) for context in one.contexts]
        ends: Zones = frozenset().union(*(trail[-1][1] for trail in trails))
        head = ends & _OF_HEAD
        if head:
            for trail in trails:
                for part, zones in trail if trail[-1][1] & _OF_HEAD else ():
                    self._whole.predicates(part, zones & _OF_HEAD)
            self._of_head(one, number, head)
        if ends <= _OF_HEAD:
            return True
        own: Zones = frozenset((OWN,))
        try:
            for trail in trails:
                for part, zones in trail if not trail[-1][1] <= _OF_HEAD else ():
                    inner = frozenset(
                        OWN if isinstance(z, tuple) or z == INERT else z for z in zones - {HEAD, LABEL}
                    )
                    self._matching.predicates(part, own if part is trail[-1][0] else inner)
        except Unfit:
            return False
        bound = self._bound(self._alone, one.rule.lets, own, {}, lost=True)
        for place, check in enumerate(one.rule.checks):
            try:
                self._check(self._alone, check, one, own, bound)
            except Unfit:
                one.rest.append(place)
        return not one.rest or any(
            p.test and p.test.tag in self._lines for c in one.contexts for p in c.parts
        )

    def _of_head(self, one: _Found, number: int, here: Zones) -> None:
        """The checks of nodes of the head. The root's own text cannot be asked for."""
        try:
            bound = self._bound(self._whole, one.rule.lets, here, {})
            for check in one.rule.checks:
                self._check(self._whole, check, one, here, bound)
        except Unfit:
            if not here & {DOC, ROOT} or not here - {DOC, ROOT}:
                raise
            self._out.rootless.append(number)
            self._of_head(one, number, here - {DOC, ROOT})

    def _check(self, reach: Reach, check: Check, one: _Found, here: Zones, bound: Bound) -> None:
        selects = [select for _, select in check.message if select]
        test = self._parse(check.test)
        if check.negate and not selects and _unwanted(test, one.contexts):
            return  # An alarm: sounds where such a path is met.
        reach.asked(test, here, bound)
        for select in selects:
            reach.valued(self._parse(select), here, bound)

    def _bound(
        self, reach: Reach, lets: tuple[Let, ...], here: Zones, bound: dict[str, Zones], lost: bool = False
    ) -> dict[str, Zones]:
        for let in lets:
            try:
                bound[let.name] = reach.follow(self._parse(let.value), here, bound)
            except Unfit:
                if not lost:
                    raise
                bound[let.name] = LOST
        return bound

    def _kept(self, one: _Found, before: list[_Found]) -> bool:
        """Whether what is kept of the lines can answer what needs other lines."""
        try:
            for other in (*(other for other in before if _overlap(other, one)), one):
                ends = [
                    self._whole.matched(context, lambda zones: zones - {HEAD, LABEL})
                    for context in other.contexts
                ]
            here: Zones = frozenset().union(*ends) - _OF_HEAD
            lets = _used(one.rule, [one.rule.checks[place] for place in one.rest], self._parse)
            bound = self._bound(self._whole, lets, here, {})
            for place in one.rest:
                self._check(self._whole, one.rule.checks[place], one, here, bound)
        except Unfit:
            return False
        return True

    def _schemas(self, patterns: list[list[_Found]]) -> None:
        """The two schemas, the same rules in both, each with its checks."""
        both: tuple[list[Pattern], list[Pattern]] = ([], [])
        numbers = (self._out.alone_checks, self._out.rest_checks)
        count = 0
        for pattern, found in zip(self._schema.patterns, patterns, strict=True):
            rules: tuple[list[Rule], list[Rule]] = ([], [])
            for one in found:
                for which in (0, 1):
                    places = [p for p in range(len(one.rule.checks)) if (p in one.rest) == bool(which)]
                    checks = tuple(one.rule.checks[place] for place in places)
                    lets = _used(one.rule, list(checks), self._parse)
                    rules[which].append(replace(one.rule, checks=checks, lets=lets))
                    numbers[which].extend(count + place for place in places)
                count += len(one.rule.checks)
            for which in (0, 1):
                both[which].append(replace(pattern, rules=tuple(rules[which])))
        self._out.alone = replace(self._schema, patterns=tuple(both[0]))
        self._out.rest = replace(self._schema, patterns=tuple(both[1]))


def _numbered(patterns: list[list[_Found]]) -> Iterator[tuple[int, _Found, list[_Found]]]:
    """Every rule with its number and those of its pattern that come before it."""
    number = 0
    for found in patterns:
        for place, one in enumerate(found):
            yield number, one, found[:place]
            number += 1


def _overlap(one: _Found, other: _Found) -> bool:
    """Whether a node may match both, as far as the last names tell."""
    return any(_alike(a.parts[-1].test, b.parts[-1].test) for a in one.contexts for b in other.contexts)


def _alike(one: x.NameTest | None, other: x.NameTest | None) -> bool:
    if one is None or other is None:
        return True
    same_space = one.uri is None or other.uri is None or one.uri == other.uri
    return same_space and (one.local is None or other.local is None or one.local == other.local)


def _used(rule: Rule, checks: list[Check], parsed: object) -> tuple[Let, ...]:
    """The rule's variables that these checks need."""
    wanted: set[str] = set()
    for check in checks:
        for text in (check.test, *(select for _, select in check.message if select)):
            wanted |= free(parsed(text))  # type: ignore[operator]
    kept = []
    for let in reversed(rule.lets):
        if f"${let.name}" in wanted:
            wanted |= free(parsed(let.value))  # type: ignore[operator]
            kept.append(let)
    return tuple(reversed(kept))


def _named_roots(tree: object) -> Iterator[str]:
    match tree:
        case x.Path(x.Root(), x.Step("child", x.NameTest() as test)) if test.tag:
            yield test.tag
    for part in parts(tree):
        yield from _named_roots(part)


def trails(needs: Needs) -> tuple[list[Trail], list[Trail]]:
    """(elements, wholes) in a fixed order."""
    order = {trail: str(trail) for trail in needs.elements | needs.wholes}
    return sorted(needs.elements, key=order.__getitem__), sorted(needs.wholes, key=order.__getitem__)
