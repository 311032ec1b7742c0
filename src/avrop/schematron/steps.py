"""A pattern's rules at one place, in order: the first whose test holds is the one that asks.

A test is what a context's predicates still want to know of a node whose path of names fits already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from avrop.schematron.tables import Body, Rule, Test

# (levels up, test): to be asked of the element that many levels above. All of them must hold.
Residual = tuple[tuple[int, Test], ...]
# What a predicate asks for when it is `value = 'text'`: (function of the value, text).
Switch = dict[Test, tuple[Any, str]]
Step = tuple[Any, Any]

# Stands where a body would: the test itself gives the body to run.
CHOOSES: Any = object()


class Asker:
    """A test. `cases` are (value function, text, remaining test) where it is a switch."""

    __slots__ = ("_test", "cases")

    def __init__(self, test: Test, cases: tuple[tuple[Any, str, Test | None], ...]) -> None:
        self._test, self.cases = test, cases

    def __call__(self, d: Any, node: Any) -> bool:
        return self._test(d, node)


def holds(d: Any, node: Any, residual: Residual) -> bool:
    """Whether all that is left to ask holds."""
    for levels, test in residual:
        above = node
        for _ in range(levels):
            above = above.parent
        if not test(d, above):
            return False
    return True


def asker(residuals: Iterable[Residual], switch: Switch) -> Test:
    """One test of several ways in which a context may fit."""
    ways = tuple(dict.fromkeys(residuals))
    cases = []
    for way in ways:
        if not way or way[0][0] != 0 or way[0][1] not in switch:
            return _plain(ways)
        cases.append((*switch[way[0][1]], _plain((way[1:],)) if len(way) > 1 else None))
    if len({case[0] for case in cases}) > 1:
        return _plain(ways)
    return Asker(_plain(ways), tuple(cases))


def _plain(ways: tuple[Residual, ...]) -> Test:
    if len(ways) > 1:
        return lambda d, node: any(holds(d, node, way) for way in ways)
    (only,) = ways
    if [levels for levels, _ in only] == [0]:
        return only[0][1]
    if [levels for levels, _ in only] == [0, 0]:
        first, second = only[0][1], only[1][1]
        return lambda d, node: first(d, node) and second(d, node)
    return lambda d, node: holds(d, node, only)


def plan(chains: Iterable[list[tuple[Rule, Test | None]]]) -> tuple[tuple[Step, ...], ...]:
    """The steps of each pattern, without what cannot lead to a finding."""
    made = []
    for chain in chains:
        steps: list[Step] = [(test, rule.body) for rule, test in chain]
        while steps and steps[-1][1] is None:
            steps.pop()
        if steps:
            made.append(_switched(steps))
    return tuple(made)


def _switched(steps: list[Step]) -> tuple[Step, ...]:
    """Neighbouring steps that ask one value for different texts, as one step that looks it up."""
    out: list[Step] = []
    run: list[Step] = []
    for step in [*steps, (None, None)]:
        cases = getattr(step[0], "cases", None)
        if run and (cases is None or run[0][0].cases[0][0] is not cases[0][0]):
            out.extend([_look_up(run)] if len(run) > 1 else run)
            run = []
        if cases is None:
            out.append(step)
        else:
            run.append(step)
    return tuple(out[:-1])


def _look_up(run: list[Step]) -> Step:
    value, steps = run[0][0].cases[0][0], tuple(run)
    table: dict[str, list[tuple[Test | None, Body | None]]] = {}
    for test, body in run:
        for _, text, rest in test.cases:
            table.setdefault(text, []).append((rest, body))

    def ask(d: Any, node: Any) -> Body | None:
        """The body to run, or None where no rule of the run matches."""
        texts = value(d, node)
        if not texts:
            return None
        if len(texts) > 1:
            # Which rule comes first decides, not which text.
            return next((body or _nothing for test, body in steps if test(d, node)), None)
        for rest, body in table.get(texts[0], ()):
            if rest is None or rest(d, node):
                return body or _nothing
        return None

    return ask, CHOOSES


def _nothing(d: Any, node: Any) -> None:
    """A rule without checks still ends its pattern's chain."""


def ask(d: Any, node: Any, chain: tuple[Step, ...]) -> None:
    """Run the first rule of a pattern that matches the node."""
    for test, body in chain:
        if body is CHOOSES:
            body = test(d, node)
            if body is not None:
                body(d, node)
                return
        elif test is None or test(d, node):
            if body is not None:
                body(d, node)
            return
