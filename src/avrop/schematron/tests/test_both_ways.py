"""Every check of the official sets is seen to hold and to fail, and Saxon sees the same.

The documents are those of both_ways.json, which `python -m avrop.schematron.tests.seek` finds: official ones as they
are, spoiled, or edited on purpose. What cannot be seen both ways is argued in one_sided.py, one line each.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from avrop.schematron.tests import edits
from avrop.schematron.tests.both_ways import NAMES, Both, Check, by_place, stored
from avrop.schematron.tests.official import Answer, Judges
from avrop.schematron.tests.one_sided import ARGUED, STOPS, argued, constant
from avrop.schematron.tests.seeker import Seeker

pytestmark = pytest.mark.shared
STORED = stored()


@pytest.fixture(scope="module")
def both(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(shared / "standards", tmp_path_factory.mktemp("both"))


@pytest.fixture(scope="module")
def judges(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Judges:
    return Judges(shared / "standards", tmp_path_factory.mktemp("rules"))


def _findings(answer: Answer, checks: list[Check]) -> Answer:
    """What the set itself says, taken out of the answer of its doubled form."""
    if isinstance(answer, str):
        return answer
    found = Counter[tuple[str, str]]()
    for (side, at), times in answer.items():
        check = checks[int(side[:-1])]
        if side[-1] == check.fires:
            found[check.id, at] += times
    return found


def _seen(both: Both, judges: Judges, standards: Path, name: str) -> set[str]:
    """The sides that Saxon saw in the set's documents, where we saw the same."""
    seen: set[str] = set()
    for shown in (one for one in STORED if name in one.sets):
        content = shown.content(standards)
        ours, theirs = both.answers(content, name)
        where = f"{shown.source}#{shown.case} {list(shown.steps)}"
        assert ours == theirs, where
        assert judges.ours(content, name) == _findings(theirs, both.checks(name)), where
        seen |= {side for side, _ in theirs} if not isinstance(theirs, str) else set()
    return seen


@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
def test_every_check_is_seen_to_hold_and_to_fail(both: Both, judges: Judges, shared: Path, name: str) -> None:
    stem, checks = Path(name).stem, both.checks(name)
    seen = _seen(both, judges, shared / "standards", name)
    missing = {c.name: [side[-1] for side in c.sides() if side not in seen] for c in checks}
    left = [f"{c.name}{sign}" for c in checks for sign in missing[c.name] if sign not in argued(stem, c)]
    whole = sum(1 for signs in missing.values() if not signs)
    fixed = sum(1 for c in checks if constant(c) in missing[c.name])
    print(
        f"\n{stem}: {len(checks)} checks, both ways {whole}, constant {fixed}, argued {len(ARGUED.get(stem, {}))}, "
        f"uncovered {len(left)}; {sum(name in one.sets for one in STORED)} documents"
    )
    assert not left, f"neither shown nor argued: {left}"
    known = {c.name: c for c in checks}
    for argument in ARGUED.get(stem, {}):
        assert argument[-1] in missing[argument[:-1]], f"{argument} is shown after all"
        assert constant(known[argument[:-1]]) != argument[-1], f"{argument} need not be argued"


@pytest.mark.parametrize("name", [name for name in NAMES if ARGUED.get(Path(name).stem, {}).keys() & STOPS])
def test_what_stands_twice_and_cannot_be_read_then_stops_either_engine(
    judges: Judges, shared: Path, name: str
) -> None:
    example = by_place(shared / "standards")["peppol/billing/2026.5/examples/base-example.xml", -1]
    for argument in ARGUED[Path(name).stem].keys() & STOPS:
        path = STOPS[argument][0]
        content = edits.apply(example.content, [["set", path, "30"], ["again", path]])
        assert judges.ours(content, name) == "error", argument
        assert judges.saxons(content, [name]) == ["error"], argument


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
def test_documents_aimed_at_every_check_get_the_same_findings(
    both: Both, judges: Judges, shared: Path, name: str
) -> None:
    seeker, found = Seeker(shared / "standards", both, name), []
    seeker.as_they_are(0)
    for check in seeker.checks:
        for side in check.sides():
            example, steps = seeker.aimed(side, seed=-1)
            different = judges.differences(edits.apply(example.content, steps), [name])
            found += [f"{example.path}#{example.case} {list(steps)}: {one}" for one in different]
    assert not found, "\n".join(found[:5])
