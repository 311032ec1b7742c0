"""Whatever the accounting system does: in the end its ledger and our books say the same, each invoice once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from avrop.accounting import double, jobs, operations, queries, sums
from avrop.accounting.models import Posting, PostingBatch
from avrop.accounting.tests.build import NURSERY, proposed
from avrop.coding.facts import Coding
from avrop.coding.models import Code
from avrop.commitments import queries as commitments
from avrop.commitments.models import Account
from avrop.journal import audit, chain
from avrop.journal.models import Case, Delivery
from avrop.journal.worker import run_until_idle
from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.tenancy.scope import as_system, everything, viewing

pytestmark = pytest.mark.django_db
ALL = ("lose", "silent", "late:1", "late:3", "twice", "reject:1", "reject:2", "count", "sum")
FAULTS = (*ALL, "voucher", "missing", "unknown", "garbage", "half")
ROUNDS = 60


@dataclass
class Books:
    """The accountant and the machines, day by day."""

    world: Any
    clock: ports.SetClock
    faults: list[str]
    random: Random
    corrections: int

    def day(self) -> None:
        """A day: release some, send, answer, read, look for what is late, deal with what came back."""
        with viewing(self.world.viewer("rekna")):
            self._release()
        for _ in range(3):
            run_until_idle()
            double.answer_all(jobs.folder(), self.faults)
            jobs.read_answers()
        self.clock.at += timedelta(hours=25)
        jobs.find_late()
        with viewing(self.world.viewer("rekna")):
            self._ask_again()
            self._mend()
            self._correct()

    def _release(self) -> None:
        ready = [one.id for one in queries.ready()]
        chosen = self.random.sample(ready, self.random.randint(0, len(ready)))
        try:
            operations.release_batch(posting_ids=chosen or None)
        except Refusal as refusal:
            assert refusal.code in ("NOTHING_READY", "CREDIT_WAITS"), refusal

    def _ask_again(self) -> None:
        for one in PostingBatch.objects.filter(state__in=("sent", "released", "mismatch")):
            told = {f"accounting.PostingBatch:{one.id.hex}", *self._stray()}
            assert Case.objects.filter(subject__in=told, state="open").exists(), "nobody was told"
            operations.resend_batch(batch_id=one.id, reason="Inga kvittering")

    def _stray(self) -> set[str]:
        return set(Case.objects.filter(kind="bad_answer").values_list("subject", flat=True))

    def _mend(self) -> None:
        for one in Posting.objects.filter(state="rejected"):
            recode = {0: NURSERY} if one.kind != "reversal" and self.random.random() < 0.5 else None
            operations.mend_posting(posting_id=one.id, comment="Periode opna", codings=recode)

    def _correct(self) -> None:
        """Of what stands posted: invoices, credit notes and what was corrected before."""
        posted = list(Posting.objects.filter(state="posted", reversed_by=None).exclude(kind="reversal"))
        if posted and self.corrections:
            one = self.random.choice(posted)
            coding = Coding("12000", "100", "12000", f"{self.corrections}")
            Code.objects.get_or_create(
                buyer=self.world.bremnes, dimension="project", code=coding.project, name="Prosjekt"
            )
            self.corrections -= 1
            operations.reverse_posting(posting_id=one.id, reason="Feil konto", codings={0: coding})

    def is_done(self) -> bool:
        """Nothing waits anywhere."""
        return not Posting.objects.exclude(state="posted").exists() and not self.corrections


@contextmanager
def example(world: Any, folder: Path) -> Iterator[ports.SetClock]:
    """A region of its own for one plan, in which nothing of the last one is left."""
    clock = ports.SetClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
    before = django_settings.AVROP_DIR
    django_settings.AVROP_DIR = folder
    chain.clear_heads()
    try:
        with (
            transaction.atomic(),
            ports.using(clock=clock, ids=ports.SeededIds(7), originals=ports.MemoryOriginals()),
        ):
            yield clock
            transaction.set_rollback(True)
    finally:
        django_settings.AVROP_DIR = before
        chain.clear_heads()


def check(world: Any) -> None:
    """The ledger of the other side, which shares no code with ours, against our rows."""
    raw = json.loads((jobs.folder() / "bremnes" / double.LEDGER).read_text())
    ledger = {UUID(one["posting"]): one for one in raw["entries"]}
    assert len(ledger) == len(raw["entries"]), "entered twice"
    with as_system(world.bremnes.id):
        ours = {one.id: one for one in Posting.objects.all()}
        assert set(ledger) == set(ours)
        for ident, one in ours.items():
            entry = ledger[ident]
            assert (one.state, one.voucher) == ("posted", entry["voucher"])
            assert Decimal(one.payable) / 100 == Decimal(entry["amount"])
        # what the reversals took away left each invoice in the books exactly once
        turns = Counter[UUID]()
        for one in ours.values():
            turns[one.invoice_id] += -1 if one.kind == "reversal" else 1
        assert set(turns.values()) == {1}
        owed = {one.invoice_id: one.payable for one in ours.values() if one.turn == 0}
        assert sum(one.payable for one in ours.values()) == sum(owed.values())
        found = queries.reconciliation()
        assert found.agrees and found.open.count == 0
        assert found.posted.total == sum(one.payable for one in ours.values())
        assert {what: n for what, n in sums.kept().items() if n != sums.NONE} == sums.recount()
        assert not commitments.check()
        budget = Account.objects.filter(buyer=world.bremnes)
        assert {one.invoiced for one in budget} == {0}
        assert sum(one.posted for one in budget) * 5 == sum(owed.values()) * 4  # net of 25 % VAT
    with everything("the test checks"):
        assert not Delivery.objects.exclude(state="done").exists()
        assert not Case.objects.filter(state="open").exclude(kind="bad_answer").exists()
        report = audit.verify(covered=False)
        assert report.ok, report.places


def play(world: Any, folder: Path, faults: list[str], nets: list[int], seed: int, corrections: int) -> None:
    """One plan from beginning to end."""
    with example(world, folder) as clock:
        postings = [proposed(world, f"F{n}", net) for n, net in enumerate(nets)]
        credited = postings[0]
        proposed(world, "K1", nets[0] // 8 * 4, credits=[credited.invoice_id])
        books = Books(world, clock, list(faults), Random(seed), corrections)
        for _ in range(ROUNDS):
            books.day()
            with as_system(world.bremnes.id):
                if books.is_done():
                    break
        else:
            pytest.fail(f"never done: {faults}")
        check(world)


NETS = st.lists(st.integers(2, 25_000).map(lambda n: n * 4), min_size=1, max_size=6)


def run(world, tmp_path, examples: int) -> None:
    count = iter(range(1_000_000))

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # a plan is short enough to read as it is
        suppress_health_check=list(HealthCheck),
    )
    @given(
        faults=st.lists(st.sampled_from(FAULTS), max_size=8),
        nets=NETS,
        seed=st.integers(0, 2**16),
        corrections=st.integers(0, 2),
    )
    def any_plan(faults: list[str], nets: list[int], seed: int, corrections: int) -> None:
        play(world, tmp_path / str(next(count)), faults, nets, seed, corrections)

    any_plan()


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_of_each_kind_ends_with_equal_books(world, tmp_path, fault: str) -> None:
    play(world, tmp_path, [fault, fault], [10_000, 20_000, 333_332], seed=1, corrections=1)


def test_any_plan_of_faults_ends_with_equal_books(world, tmp_path) -> None:
    run(world, tmp_path, 25 if connection.vendor == "sqlite" else 8)


@pytest.mark.slow
def test_many_plans_of_faults_end_with_equal_books(world, tmp_path) -> None:
    run(world, tmp_path, 1_000)
