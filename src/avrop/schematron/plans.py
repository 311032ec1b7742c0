"""What a rule set asks at each place: worked out once a place, kept for every document after.

So a rule whose context cannot fit the path of names costs nothing, and a check that only says "not allowed
here" is asked where the path exists at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from avrop.schematron.contexts import Alternative, fits, placements
from avrop.schematron.steps import Residual, Step, Switch, asker, plan
from avrop.schematron.tables import Rule, Test
from avrop.schematron.tree import Node, Place

# (levels up to the context, pattern, rule, check) of what a path or attribute sets off.
Sounding = tuple[int, int, int, int]
Chain = list[tuple[Rule, Test | None]]


class Plan:
    """For one place: the patterns' steps for the element, its text nodes and its attributes, and its alarms."""

    __slots__ = ("alarms", "attributes", "busy", "chains", "path", "steps", "texts")

    path: tuple[str, ...]
    chains: dict[int, tuple[tuple[Rule, Test | None], ...]]
    steps: tuple[tuple[Step, ...], ...]
    texts: tuple[tuple[Step, ...], ...]
    alarms: tuple[Sounding, ...]
    # name -> (alarms, steps); filled as names are met.
    attributes: dict[str, tuple[tuple[Sounding, ...], tuple[tuple[Step, ...], ...]]]
    busy: bool


class Planner:
    """Makes the plans of one rule set."""

    def __init__(self, rules: list[Rule], by_name: set[Test], switch: Switch) -> None:
        self._by_name, self._switch = by_name, switch
        self._last: dict[str, list[Rule]] = {}
        self._open: list[Rule] = []
        for number, rule in enumerate(rules):
            rule.number = number
            self._file(rule)
        # By kind and name of what sets it off, None where that is any name: a new place asks few of them.
        self._alarmed: dict[tuple[str, str | None], list[tuple[Rule, int, Alternative]]] = {}
        for rule in rules:
            for alarm in rule.alarms:
                for target in alarm.targets:
                    last = target.parts[-1]
                    key = (last.kind, last.test.tag if last.test else None)
                    self._alarmed.setdefault(key, []).append((rule, alarm.check, target))
        self._special = [
            rule
            for rule in rules
            if any(a.parts[-1].kind in ("attribute", "text") for a in rule.alternatives)
        ]

    def _file(self, rule: Rule) -> None:
        """By the name a context ends with; contexts that end with any name are tried everywhere."""
        ends = [a.parts[-1] for a in rule.alternatives]
        names = {end.test.tag if end.kind == "element" and end.test else None for end in ends}
        if None in names:
            self._open.append(rule)
        for name in names - {None}:
            if rule not in self._open:
                self._last.setdefault(name or "", []).append(rule)

    def plan(self, place: Place) -> Plan:
        """What to ask at a place."""
        path = place.path
        made = Plan()
        made.path, made.attributes = path, {}
        tag = path[-1] if path else ""
        rules = sorted([*self._last.get(tag, ()), *self._open], key=lambda rule: rule.number)
        chains = self._chains(rules, path, "element" if path else "document", "")
        made.chains = {pattern: tuple(chain) for pattern, chain in chains.items()}
        made.steps = plan(chains.values())
        made.texts = plan(self._chains(self._special, path, "text", "").values())
        made.alarms = self._alarms(path, None)
        made.busy = bool(made.steps or made.alarms or made.texts)
        return made

    def learn(self, made: Plan, name: str) -> None:
        """What an attribute of that name sets off and is asked at the plan's place."""
        chains = self._chains(self._special, made.path, "attribute", name)
        made.attributes[name] = (self._alarms(made.path, name), plan(chains.values()))

    def _chains(self, rules: list[Rule], path: tuple[str, ...], kind: str, name: str) -> dict[int, Chain]:
        """pattern -> its rules that may match here, up to the first that does so without further question."""
        chains: dict[int, Chain] = {}
        closed: set[int] = set()
        for rule in rules:
            if rule.pattern in closed:
                continue
            left = self._settled(residuals(rule.alternatives, path, kind, name), path[-1] if path else "")
            if not left:
                continue
            done = () in left
            chains.setdefault(rule.pattern, []).append((rule, None if done else asker(left, self._switch)))
            if done:
                closed.add(rule.pattern)
        return chains

    def _settled(self, found: Iterable[Residual], tag: str) -> list[Residual]:
        """The residuals without what the element's name has answered already."""
        node = Node()
        node.tag = tag
        settled = []
        for residual in found:
            named = [test for levels, test in residual if levels == 0 and test in self._by_name]
            if all(test(None, node) for test in named):
                settled.append(tuple(part for part in residual if part[0] or part[1] not in self._by_name))
        return settled

    def _alarms(self, path: tuple[str, ...], attribute: str | None) -> tuple[Sounding, ...]:
        """What the path, or its attribute, sets off in the rules of the elements above it (and its own)."""
        kind, name = ("element", path[-1] if path else "") if attribute is None else ("attribute", attribute)
        found: dict[Sounding, None] = {}
        for rule, check, target in (
            *self._alarmed.get((kind, name), ()),
            *self._alarmed.get((kind, None), ()),
        ):
            for depth in range(len(path)):
                reached = path if target.rooted else path[depth + 1 :]
                if _reaches(target, reached, attribute) and self._matches(rule, path[: depth + 1]):
                    found[len(path) - 1 - depth, rule.pattern, rule.number, check] = None
        return tuple(found)

    def _matches(self, rule: Rule, path: tuple[str, ...]) -> bool:
        return next(residuals(rule.alternatives, path), None) is not None


def residuals(
    found: Iterable[Alternative], path: tuple[str, ...], kind: str = "element", name: str = ""
) -> Iterator[Residual]:
    """What is still to be asked, for each way a context lies on the path. () is: nothing, it matches."""
    for alternative in found:
        last = alternative.parts[-1]
        if last.kind != kind or (kind == "attribute" and not fits(last.test, name)):
            continue
        own = 0 if kind in ("element", "document") else 1
        tests = tuple((0, test) for test in last.predicates)
        parts = alternative.parts[:-1] if own or kind == "document" else alternative.parts
        if not parts:
            yield tests
            continue
        upper = Alternative(parts, alternative.rooted)
        ends = range(len(path)) if own and last.deep else [len(path) - 1]
        for end in ends:
            for levels in placements(upper, path[: end + 1]):
                asked = [
                    (len(path) - 1 - level + own, test)
                    for part, level in zip(parts, levels, strict=True)
                    for test in part.predicates
                ]
                yield (*asked, *(tests if own else ()))


def _reaches(target: Alternative, path: tuple[str, ...], attribute: str | None) -> bool:
    """Whether a plain path, from where `path` begins, ends at its end or at the attribute there."""
    last = target.parts[-1]
    if (last.kind == "attribute") != (attribute is not None):
        return False
    if attribute is None:
        return bool(path) and _lies(target.parts, path)
    if not fits(last.test, attribute):
        return False
    parts = target.parts[:-1]
    if not parts:
        return last.deep or not path
    ends = range(1, len(path) + 1) if last.deep else [len(path)]
    return any(_lies(parts, path[:end]) for end in ends)


def _lies(parts: Any, path: tuple[str, ...]) -> bool:
    return next(placements(Alternative(parts, True), path), None) is not None
