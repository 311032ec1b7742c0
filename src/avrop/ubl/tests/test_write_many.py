"""Documents made from seeds, with every field that their type may carry, are valid and come back as they were.

`make test-long` makes ten thousand of each type (`DOCUMENTS`); with `-s` it prints what was made. One in two hundred
is judged by Saxon too.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from random import Random

import pytest

from avrop.ubl.documents import MODULES, order
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


@cache
def _seen(name: str) -> tuple[set[str], dict[str, set[str]]]:
    """In enough documents of a kind: the paths that are set, and the codes at those that `CODES` asks for."""
    plan, paths = maker.plan_of(name), set[str]()
    codes: dict[str, set[str]] = {at: set() for at in CODES if at.partition(" ")[0] == name}
    for seed in range(TO_SEE_ALL):
        document = maker.make(KINDS[name], Random(f"{name} {seed}"))
        paths.update(maker.seen(document, plan))
        for at, known in codes.items():
            known.update(maker.values_at(document, at.partition(" ")[2]))
    return paths, codes


@pytest.mark.parametrize("name", KINDS)
def test_every_field_that_a_type_may_carry_is_made(name: str) -> None:
    assert _fields(KINDS[name]) - _seen(name)[0] == set()


# What the platform knows codes of (tables/codes.csv) and the standards' own short lists. Not made, for they are
# Italian and German alone: VAT category B (BR-B-01), type codes 384 and 326 (PEPPOL-EN16931-P0112).
CODES = {
    "invoice tax_totals.subtotals.category.id": "S Z E AE K G O L M",
    "invoice lines.item.tax.id": "S Z E AE K G O L M",
    "invoice allowance_charges.tax.id": "S Z E AE K G O L M",
    "invoice payment_means.code": "1 10 30 42 48 49 54 55 57 58 59 93 97 ZZZ",
    "invoice type_code": "380 383 386 393 388 82 80 84 395 575 623 780 71 102",
    "invoice currency": "NOK EUR SEK USD JPY",
    "credit_note type_code": "381 396 81 83 532",
    "order profile_id": " ".join((order.PROFILE, order.PROFILE_ORDER_ONLY, order.PROFILE_ADVANCED)),
    "order type_code": "105 220 226 227",
    "order_response code": "AB AP RE CA",
    "order_response lines.status_code": "1 3 5 7 42",
    "order_response_advanced code": "AB AP RE CA",
    "order_response_advanced lines.status_code": "1 3 5 7 42",
    "order_change lines.status_code": "1 2 3 4 74",
    "catalogue action": "Add Update Replace Delete",
    "catalogue lines.action": "Add Update Delete",
    "catalogue_response answers.code": "AB AP RE",
    "receipt_advice type_code": "D S",
    "receipt_advice lines.reject_reason_code": "1 2 3 4 5 6 7 8 99",
    "invoice_response code": "AB IP UQ CA RE AP PD",
    "invoice_response statuses.code": "NON REF LEG REC QUA DEL PRI QTY ITM PAY UNR FIN PPD OTH NOA PIN NIN CNF CNP CNA",
    "message_level_response code": "AB AP RE",
    "message_level_response places.issues.reason": "BV BW SV",
    "message_level_status code": "AB AP RE",
    "message_level_status places.issues.reason": "BV BW SV FD",
}


@pytest.mark.parametrize("at", CODES)
def test_every_code_of_these_lists_is_made(at: str) -> None:
    assert set(CODES[at].split()) - _seen(at.partition(" ")[0])[1][at] == set()


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
