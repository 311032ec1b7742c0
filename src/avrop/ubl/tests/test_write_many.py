"""Documents made from seeds, with every field that their type may carry, are valid and come back as they were.

`make test-long` makes ten thousand of each type (`DOCUMENTS`); with `-s` it prints what was made. One in two hundred
is judged by Saxon too.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

import pytest

from avrop.ubl.documents import MODULES
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.tests.generate import maker
from avrop.ubl.tests.generate.all import KINDS

DOCUMENTS = 10_000
FEW = 25
SAXON_EVERY = 200
# Enough documents to see every field of every type; they are only made, not judged.
TO_SEE_ALL = 250


@dataclass
class Tally:
    """What was made, and what was found."""

    findings: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    by_saxon: int = 0


def _prove(registry: Registry, kind: maker.Kind, seed: int, tally: Tally) -> None:
    """One document: written, let in, judged, and read back as it was."""
    document = maker.make(kind, Random(f"{kind.name} {seed}"))
    root = admit(kind.module.write(document)).root
    verdict = registry.judge(root)
    assert verdict.document_type == kind.name
    assert verdict.valid is not None, verdict.missing
    tally.findings.update(f"{one.id} at seed {seed}, {one.location}: {one.text}" for one in verdict.findings)
    assert kind.module.read(root) == document, f"not as it was: {kind.name}, seed {seed}"
    if seed % SAXON_EVERY == 1:
        tally.by_saxon += 1
        assert registry.judge(root, engine="saxon") == verdict, f"Saxon differs: {kind.name}, seed {seed}"
    tally.seen.update(maker.seen(document, maker.plan_of(kind.name)))


def _fields(kind: maker.Kind) -> set[str]:
    """The paths that a document of the kind may carry."""
    plan = maker.plan_of(kind.name)
    carried = {path for path in maker.leaves(plan) if maker.carried(kind.name, path)}
    return {path for path in maker.paths(plan) if any(f"{one}.".startswith(f"{path}.") for one in carried)}


def test_every_type_that_we_write_is_made() -> None:
    assert set(KINDS) == set(MODULES)


@pytest.mark.shared
@pytest.mark.parametrize("name", KINDS)
def test_what_is_written_has_no_finding_and_reads_back_the_same(registry: Registry, name: str) -> None:
    tally = Tally()
    for seed in range(-FEW, 0):  # none of those of the long run, so that Saxon is not asked
        _prove(registry, KINDS[name], seed, tally)
    assert not tally.findings


@pytest.mark.parametrize("name", KINDS)
def test_every_field_that_a_type_may_carry_is_made(name: str) -> None:
    kind, seen = KINDS[name], set[str]()
    for seed in range(TO_SEE_ALL):
        seen.update(maker.seen(maker.make(kind, Random(f"{name} {seed}")), maker.plan_of(name)))
    assert _fields(kind) - seen == set()


@pytest.mark.shared
@pytest.mark.parametrize("name", KINDS)
def test_a_field_that_is_never_made_is_forbidden_by_the_rule_named(registry: Registry, name: str) -> None:
    for path, rule in maker.not_carried(name).items():
        assert rule in _rules_that_hit(registry, KINDS[name], path), path


def _rules_that_hit(registry: Registry, kind: maker.Kind, path: str) -> set[str]:
    """What three documents have found that carry little but `path` and all below it."""
    needed = maker.with_all_above(maker.plan_of(kind.name), path)

    def wants(one: str) -> bool:
        return one in needed or one.startswith(f"{path}.")

    made = (maker.make(kind, Random(f"forbidden {path} {seed}"), wants) for seed in range(3))
    verdicts = (registry.judge(admit(kind.module.write(document)).root) for document in made)
    return {finding.id for verdict in verdicts for finding in verdict.findings}


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_ten_thousand_of_each_type_have_no_finding(registry: Registry, name: str) -> None:
    tally, kind, before = Tally(), KINDS[name], time.process_time()
    for seed in range(DOCUMENTS):
        _prove(registry, kind, seed, tally)
    spent = time.process_time() - before
    every = _fields(kind)
    print(
        f"\n{name}: {DOCUMENTS} documents, {sum(tally.findings.values())} findings, {tally.by_saxon} by Saxon too, "
        f"{len(tally.seen & every)} of {len(every)} fields seen, {DOCUMENTS / spent:.0f} a CPU second"
        f"\n  never, for a rule forbids it: {', '.join(maker.not_carried(name)) or 'none'}"
    )
    assert not tally.findings
    assert every - tally.seen == set()
