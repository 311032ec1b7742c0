"""Looks for documents that show what no document has shown yet: a check that holds, or one that fails.

    python -m avrop.schematron.tests.seek STANDARDS [--sets T01 ...] [--rounds 40] [--seeds 300]

First come all documents as they are and spoiled by seed, then aims at each check left, drawn from its own test. What
is found is written to both_ways.json: a choice of few documents that shows it all.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from avrop.schematron.tests import both_ways, edits
from avrop.schematron.tests.both_ways import Both, Shown
from avrop.schematron.tests.mutate import Step
from avrop.schematron.tests.official import Example
from avrop.schematron.tests.seeker import Seeker

# A document of the choice: its source, its steps, and the sides it is there for.
Chosen = tuple[Example, tuple[Step, ...], set[str]]
Way = tuple[Example, tuple[Step, ...]]
MOST_STEPS, OPEN = 30, 6


def chosen(seeker: Seeker, used: list[Way]) -> list[Way]:
    """Few documents that show all that was found, with the steps of several put together where that does.

    Those in use for other sets come first.
    """
    left, out = set(seeker.found), []
    again = list(_needed(seeker, used, left))
    for example, steps, wanted in sorted(
        _needed(seeker, list(seeker.found.values()), left), key=lambda one: len(one[1])
    ):
        if not _put_together(seeker, out, example, steps, wanted):
            out.append((example, steps, wanted))
    assert not left, f"not shown again: {sorted(left)}"
    return [(example, steps) for example, steps, _ in (*again, *out)]


def _needed(seeker: Seeker, offered: list[Way], left: set[str]) -> Iterator[Chosen]:
    """The documents that show most of what is left, which becomes less."""
    ways = {(example, repr(steps)): steps for example, steps in offered}
    shows = {way: seeker.shows(way[0], steps) for way, steps in ways.items()}
    while ways:
        best = max(ways, key=lambda way: len(shows[way] & left))
        new = shows[best] & left
        if not new:
            return
        left -= new
        yield best[0], ways[best], new


def _put_together(
    seeker: Seeker, out: list[Chosen], example: Example, steps: tuple[Step, ...], wanted: set[str]
) -> bool:
    if not steps:
        return False
    for at in range(len(out) - 1, max(len(out) - 1 - OPEN, -1), -1):
        base, before, there = out[at]
        both = (*before, *(step for step in steps if step not in before))
        if len(both) <= MOST_STEPS and there | wanted <= seeker.shows(base, both):
            out[at] = base, both, there | wanted
            return True
    return False


def main() -> int:
    """The programme."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("standards", type=Path)
    parser.add_argument("--sets", nargs="*", default=[""])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=300)
    options = parser.parse_args()
    judges = Both(options.standards, Path(tempfile.gettempdir()) / "both-ways")
    places = both_ways.by_place(options.standards)
    known = [(places[one.source, one.case], one.steps, one.sets) for one in both_ways.stored()]
    wanted = [name for name in both_ways.NAMES if any(part in name for part in options.sets)]
    kept = [(e, steps, tuple(name for name in sets if name not in wanted)) for e, steps, sets in known]
    kept = [one for one in kept if one[2]]
    for name in wanted:
        seeker = Seeker(options.standards, judges, name)
        seek(seeker, [(e, steps) for e, steps, _ in known if name in e.sets], options.rounds, options.seeds)
        kept = _with(kept, name, seeker)
    both_ways.store([Shown(e.path, e.case, e.sha256, steps, sets) for e, steps, sets in kept])
    return 0


Known = list[tuple[Example, tuple[Step, ...], tuple[str, ...]]]


def _with(known: Known, name: str, seeker: Seeker) -> Known:
    """The documents with a new choice for one set."""
    others = [(e, steps, tuple(n for n in sets if n != name)) for e, steps, sets in known]
    others = [one for one in others if one[2]]
    choice = chosen(seeker, [(e, steps) for e, steps, _ in others if name in e.sets])
    picked = {(e, repr(steps)) for e, steps in choice}
    there = {(e, repr(steps)) for e, steps, _ in others}
    return [
        (e, steps, (*sets, name) if (e, repr(steps)) in picked else sets) for e, steps, sets in others
    ] + [(e, steps, (name,)) for e, steps in choice if (e, repr(steps)) not in there]


def seek(seeker: Seeker, known: list[Way], rounds: int, seeds: int) -> None:
    """Search, telling how far it has come."""
    for example, steps in known:
        seeker.ask(example, steps, edits.apply(example.content, steps))
    seeker.as_they_are(seeds)
    print(seeker.name, len(seeker.checks), "checks;", len(seeker.left()), "sides left", end="", flush=True)
    for at in range(rounds):
        for side in seeker.left():
            if side not in seeker.found:
                seeker.aim(side, at)
        if at in (0, 1, 3, 7, 15, 31, rounds - 1):
            print(";", len(seeker.left()), end="", flush=True)
    print()
    names = {c.number: c for c in seeker.checks}
    for side in seeker.left():
        check = names[int(side[:-1])]
        print(f"  {check.name}{side[-1]} {check.context[:150]} | {check.test[:200]}")


if __name__ == "__main__":
    raise SystemExit(main())
