"""Whether each check of the official sets is seen to hold and to fail, and Saxon's word for it.

A set is asked in a form where each check stands twice: as "n-", which speaks where its test is false, and as "n+",
which speaks where it is true. So the answer of either engine tells what was asked of which node with which result.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from avrop.schematron.source import SCH
from avrop.schematron.tests.edits import apply
from avrop.schematron.tests.mutate import Step
from avrop.schematron.tests.official import SETS, Answer, Example, Judges, examples

NAMES = tuple(dict.fromkeys(name for names in SETS.values() for name in names))
_ASSERT, _REPORT = f"{{{SCH}}}assert", f"{{{SCH}}}report"
_FILE = Path(__file__).parent / "both_ways.json"


@dataclass(frozen=True, slots=True)
class Check:
    """An assert or report. `name` is its id, with `#2` for the second of that id in the set."""

    number: int
    name: str
    id: str
    context: str
    test: str
    fires: str  # the sign under which the set itself speaks

    def sides(self) -> tuple[str, str]:
        """Its two answers."""
        return f"{self.number}+", f"{self.number}-"


def checks(tree: etree._Element) -> list[Check]:
    """All checks of a loaded set."""
    found, ids = [], Counter[str]()
    for number, element in enumerate(tree.iter(_ASSERT, _REPORT)):
        name, rule = element.get("id") or "", element.getparent()
        ids[name] += 1
        own = name if ids[name] == 1 else f"{name}#{ids[name]}"
        context = "" if rule is None else rule.get("context") or ""
        sign = "-" if element.tag == _ASSERT else "+"
        found.append(Check(number, own, name, context, element.get("test") or "", sign))
    return found


def doubled(tree: etree._Element) -> etree._Element:
    """The set with each check in both forms."""
    tree = deepcopy(tree)
    for number, element in enumerate(list(tree.iter(_ASSERT, _REPORT))):
        other = etree.Element(_REPORT if element.tag == _ASSERT else _ASSERT, test=element.get("test") or "")
        for one in (element, other):
            one.set("id", f"{number}{'-' if one.tag == _ASSERT else '+'}")
        element.addnext(other)
    return tree


class Both(Judges):
    """Both engines with the sets in their doubled form."""

    def _tree(self, name: str) -> etree._Element:
        return doubled(super()._tree(name))

    def answers(self, content: bytes, name: str) -> tuple[Answer, Answer]:
        """Our answer and Saxon's; where they differ Saxon's first (`_afresh`)."""
        (theirs,), ours = self.saxons(content, [name]), self.ours(content, name)
        return ours, theirs if ours == theirs else self._afresh(content, name)

    def plain_tree(self, name: str) -> etree._Element:
        """The set as it is published."""
        return super()._tree(name)

    @cache  # noqa: B019
    def checks(self, name: str) -> list[Check]:
        """The checks of a set."""
        return checks(self.plain_tree(name))


@dataclass(frozen=True, slots=True)
class Shown:
    """A document that shows something: where it is from, what is done to it, and to which sets it is shown."""

    source: str
    case: int
    sha256: str
    steps: tuple[Step, ...]
    sets: tuple[str, ...]

    def content(self, standards: Path) -> bytes:
        """The document itself."""
        example = by_place(standards)[self.source, self.case]
        assert example.sha256 == self.sha256, f"{self.source} is another file now"
        return apply(example.content, self.steps)


@cache
def by_place(standards: Path) -> dict[tuple[str, int], Example]:
    """The documents of the collection by path and case."""
    return {(one.path, one.case): one for one in examples(standards)}


def stored() -> list[Shown]:
    """The documents of both_ways.json."""
    names = {Path(name).stem: name for name in NAMES}
    return [
        Shown(
            source["source"],
            source["case"],
            source["sha256"],
            tuple(steps),
            tuple(names[stem] for stem in stems.split() if stem in names),
        )
        for source in json.loads(_FILE.read_text("utf-8"))
        for stems, *steps in source["shown"]
    ]


def store(cases: Sequence[Shown]) -> None:
    """Put documents there: a head for each source, and a line for each way it is edited."""
    sources = []
    for source, case, sha256 in sorted({(c.source, c.case, c.sha256) for c in cases}):
        head = json.dumps({"source": source, "case": case, "sha256": sha256}, ensure_ascii=False)
        rows = ",\n  ".join(
            json.dumps([" ".join(Path(name).stem for name in c.sets), *c.steps], ensure_ascii=False)
            for c in cases
            if (c.source, c.case) == (source, case)
        )
        sources.append(f'{head[:-1]}, "shown": [\n  {rows}]}}')
    _FILE.write_text("[\n" + ",\n".join(sources) + "\n]\n", "utf-8")
