"""Draws documents at the checks of a set: official ones, edited as the check's own test suggests."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from random import Random

from lxml import etree

from avrop.schematron import schema
from avrop.schematron.contexts import alternatives
from avrop.schematron.schema import Rule
from avrop.schematron.tests import edits, mutate
from avrop.schematron.tests.aims import Aim
from avrop.schematron.tests.both_ways import Both
from avrop.schematron.tests.mutate import Step
from avrop.schematron.tests.official import Example, examples
from avrop.schematron.tests.one_sided import argued
from avrop.schematron.tests.places import DOCUMENT, Bound, Env, Target
from avrop.schematron.tests.words import NUMBERS, literals
from avrop.schematron.xpath.parser import parse

LARGEST = 40_000
# Of the documents in which a rule has been met, those tried first: the shortest.
NEAREST = 12


class Seeker:
    """The search for one set."""

    def __init__(self, standards: Path, judges: Both, name: str) -> None:
        self.judges, self.name = judges, name
        self.pool = sorted(
            (e for e in examples(standards) if name in e.sets and len(e.content) < LARGEST),
            key=lambda e: len(e.content),
        )
        self.whole = [e for e in self.pool if e.case < 0] or self.pool
        self.schema = schema.read(judges.plain_tree(name))
        self.checks = judges.checks(name)
        self.rules = [rule for pattern in self.schema.patterns for rule in pattern.rules for _ in rule.checks]
        self.found: dict[str, tuple[Example, tuple[Step, ...]]] = {}
        # Where a check has been asked: document, how it was prepared, place.
        self.met: dict[int, list[tuple[Example, tuple[Step, ...], str]]] = defaultdict(list)
        self.parents = _parents(self.pool)
        self.words = tuple(
            dict.fromkeys(
                word
                for rule in set(self.rules)
                for c in rule.checks
                for word in self._words(c.test)
                if len(word) < 60
            )
        )

    def _words(self, test: str) -> list[str]:
        return list(literals(parse(test, self.schema.namespaces)))[:40]

    def left(self) -> list[str]:
        """The sides not shown yet that could be."""
        return [
            side
            for check in self.checks
            for side in check.sides()
            if side not in self.found and side[-1] not in argued(Path(self.name).stem, check)
        ]

    def ask(
        self, example: Example, steps: tuple[Step, ...], content: bytes, prepared: bool = False
    ) -> set[str]:
        """What a document shows; what is new in it is kept."""
        answer = self.judges.ours(content, self.name)
        if isinstance(answer, str):
            return set()
        shown = {side for side, _ in answer}
        for side in shown - self.found.keys():
            self.found[side] = example, steps
        if not steps or prepared:
            for side, at in answer:
                met = self.met[int(side[:-1])]
                if len(met) < NEAREST and (not met or met[-1][:2] != (example, steps)):
                    met.append((example, steps, at))
        return shown

    def shows(self, example: Example, steps: tuple[Step, ...]) -> set[str]:
        """The sides that a document shows."""
        answer = self.judges.ours(edits.apply(example.content, steps), self.name)
        return set() if isinstance(answer, str) else {side for side, _ in answer}

    def as_they_are(self, seeds: int) -> None:
        """All documents, and some spoiled."""
        for example in self.pool:
            self.ask(example, (), example.content)
        for example in self.whole[:: max(1, len(self.whole) // 8)]:
            for steps in in_countries(example):
                self.ask(example, steps, edits.apply(example.content, steps), prepared=True)
        for seed in range(seeds):
            example = Random(seed).choice(self.pool)
            content, steps = mutate.mutate(example.content, seed)
            self.ask(example, tuple(steps), content)

    def aimed(self, side: str, seed: int) -> tuple[Example, tuple[Step, ...]]:
        """A document drawn at one side of a check; without steps where nothing was done."""
        number, rng = int(side[:-1]), Random(f"{self.name}{side}{seed}")
        check, rule = self.checks[number], self.rules[number]
        example, steps, at = self._start(number, rng)
        root = etree.fromstring(edits.apply(example.content, steps))
        aim = Aim(root, rng, self.parents, self.words)
        aim.steps += steps
        here = target(root, at) if at else self._reach(aim, rule)
        if rng.random() < 0.9:
            aim.aim(
                parse(check.test, self.schema.namespaces), side.endswith("+"), here, self._env(rule, here)
            )
        if rng.random() < 0.15:
            aim.put(here, rng.choice(NUMBERS))
        if here[0] is not None and (not aim.steps or rng.random() < 0.2):
            _beside(aim, here[0])
        return example, tuple(aim.steps)

    def _start(self, number: int, rng: Random) -> tuple[Example, tuple[Step, ...], str]:
        """A document where the check is asked, and its place there; or any."""
        met = self.met.get(number)
        if met and rng.random() < 0.85:
            return rng.choice(met)
        example = rng.choice(self.whole if rng.random() < 0.7 else self.pool)
        ways = in_countries(example) if rng.random() < 0.4 else []
        return example, rng.choice(ways or [()]), ""

    def aim(self, side: str, seed: int) -> None:
        """One attempt at one side of a check."""
        example, steps = self.aimed(side, seed)
        shown = self.ask(example, steps, edits.apply(example.content, steps)) if steps else set()
        if side in shown and self.found[side] == (example, steps):
            self._shorten(side)

    def _reach(self, aim: Aim, rule: Rule) -> Target:
        ways = alternatives(parse(rule.context, self.schema.namespaces))
        roots = [w for w in ways if not w.rooted or w.parts[0].deep or _fits_root(w.parts[0], aim.root)]
        return aim.reach(aim.rng.choice(roots or list(ways)), self._env(rule, DOCUMENT))

    def _env(self, rule: Rule, here: Target) -> Env:
        env: dict[str, Bound] = {}
        for let in (*self.schema.lets, *(let for p in self.schema.patterns for let in p.lets)):
            env[let.name] = Bound(parse(let.value, self.schema.namespaces), DOCUMENT, dict(env))
        for let in rule.lets:
            env[let.name] = Bound(parse(let.value, self.schema.namespaces), here, dict(env))
        return env

    def _shorten(self, side: str) -> None:
        """Leave out the steps that it does without."""
        example, steps = self.found[side]
        for at in reversed(range(len(steps))):
            less = (*steps[:at], *steps[at + 1 :])
            answer = self.judges.ours(edits.apply(example.content, less), self.name)
            if not isinstance(answer, str) and any(s == side for s, _ in answer):
                steps = less
        self.found[side] = example, steps


def _beside(aim: Aim, element: etree._Element) -> None:
    """A copy of the element or of what it lies in, or another text somewhere in it."""
    around = [element, *element.iterancestors()][:3]
    if aim.chance(0.5):
        aim.do("again", edits.path(aim.rng.choice(around)))
        return
    leaves = [e for e in aim.rng.choice(around).iter(etree.Element) if not len(e)]
    if leaves:
        aim.put((aim.rng.choice(leaves), ""), aim.word())


def _fits_root(part: object, root: etree._Element) -> bool:
    tag = getattr(getattr(part, "test", None), "tag", None)
    return tag is None or tag == root.tag


def _parents(pool: list[Example]) -> dict[str, list[str]]:
    """Where elements of a name lie in the documents: paths of their parents."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for example in pool:
        for element in etree.fromstring(example.content).iter(etree.Element):
            parent = element.getparent()
            if parent is not None:
                found[str(element.tag)][edits.path(parent)] = None
    return {tag: list(ways)[:40] for tag, ways in found.items()}


COUNTRIES = ("NO", "DK", "SE", "IT", "NL", "GR", "IS", "DE", "BE")


def in_countries(example: Example) -> list[tuple[Step, ...]]:
    """Steps that bring a document's seller, or seller and buyer, to a country that has rules of its own."""
    root, ways = etree.fromstring(example.content), []
    parties = ("cac:AccountingSupplierParty/cac:Party", "cac:AccountingCustomerParty/cac:Party")
    if not all(edits.find(root, party, False)[0] is not None for party in parties):
        return []
    for country in COUNTRIES:
        steps: list[Step] = []
        for party in parties:
            steps.append(["set", f"{party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", country])
            prefix = "EL" if country == "GR" else country
            steps.append(["set", f"{party}/cac:PartyTaxScheme/cbc:CompanyID", f"{prefix}123456789"])
            ways.append(tuple(steps))
    return ways


def target(root: etree._Element, at: str) -> Target:
    """The node of a finding's place (XPath 3.1's path)."""
    steps = at.replace("/Q{", "/{").replace("{}", "").split("/{")
    attribute = ""
    inner = "/".join("{" + step if "}" in step else step for step in steps[2:])
    if "/@" in inner or inner.startswith("@"):
        inner, _, attribute = inner.rpartition("@")
        inner = inner.rstrip("/")
    found = root.find(inner) if inner else root
    return (root if found is None else found, attribute.removeprefix("Q"))
