"""The accounting system is down for a day: nothing is lost, nothing is posted twice, and somebody knows."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from avrop.accounting import double, jobs, operations, queries
from avrop.accounting.models import Posting, PostingBatch
from avrop.commitments import queries as commitments
from avrop.journal import audit
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel import ports
from avrop.tenancy.scope import as_system, everything, viewing
from tests.stories.purchase import Purchase, ordered
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    """A clock that the story moves."""
    clock = ports.SetClock(ports.now())
    with ports.using(clock=clock):
        yield clock


def bought(world: World, *packs: int) -> Purchase:
    """Paper, ordered, received, and one invoice for each number of packs."""
    purchase = ordered(world, ("papir", sum(packs)))
    purchase.answer()
    purchase.receive()
    for count in packs:
        purchase.invoice({"1": count})
    assert set(purchase.states()) == {"approved"}
    return purchase


def release(world: World) -> PostingBatch:
    with viewing(world.viewer("rekna")):
        ident = operations.release_batch()
    run_until_idle()
    return PostingBatch._base_manager.get(id=ident)


def the_system_is_up(*faults: str) -> None:
    """It looks at what waits; then we look at what it says."""
    double.answer_all(jobs.folder(), list(faults))
    jobs.read_answers()
    jobs.read_answers()


def test_a_day_without_answers_and_a_morning_with_trouble_end_with_equal_books(world, clock) -> None:
    purchase = bought(world, 6, 3, 1)
    monday = release(world)

    # Monday: the accounting system is down. In the evening nobody has missed anything yet.
    clock.at += timedelta(hours=8)
    assert jobs.find_late() == 0

    # Tuesday: still nothing. The accountant has a case, with a deadline.
    clock.at += timedelta(hours=17)
    assert jobs.find_late() == 1
    with as_system(world.bremnes.id):
        case = Case.objects.get(state="open")
        assert (case.kind, case.owner_role, case.params["number"]) == (
            "batch_late",
            "accountant",
            monday.number,
        )

    # It comes up, but what lay there in the night is lost to it. She sends the batch again: the same bytes.
    out = jobs.folder() / "bremnes" / "out" / f"{monday.number}.json"
    before = out.read_bytes()
    the_system_is_up("lose")
    with viewing(world.viewer("rekna")):
        operations.resend_batch(batch_id=monday.id, reason="Systemet var nede i går")
    run_until_idle()
    assert out.read_bytes() == before

    # It answers another sum than it was sent. Nothing is posted on a wrong answer.
    the_system_is_up("sum")
    monday.refresh_from_db()
    assert monday.state == "mismatch"
    assert not Posting._base_manager.filter(state="posted").exists()

    # Asked again it answers right.
    with viewing(world.viewer("rekna")):
        operations.resend_batch(batch_id=monday.id, reason="Summen stemte ikkje")
    run_until_idle()
    the_system_is_up()
    monday.refresh_from_db()
    assert (monday.state, monday.resent) == ("answered", 2)

    assert purchase.vouchers() == ["B000001", "B000002", "B000003"]
    ledger = json.loads((jobs.folder() / "bremnes" / double.LEDGER).read_text())["entries"]
    # 6, 3 and 1 packs at 52.90 and 25 per cent
    assert sorted(one["amount"] for one in ledger) == ["198.38", "396.75", "66.13"]
    assert purchase.balance().posted == 52_900
    with as_system(world.bremnes.id):
        assert not Case.objects.filter(state="open").exists()
        assert queries.reconciliation().agrees
        assert not commitments.check()
    with everything("the test checks"):
        assert audit.verify(covered=False).ok


def test_what_it_will_not_take_is_mended_and_comes_in_the_next_batch(world, clock) -> None:
    purchase = bought(world, 6, 4)
    first = release(world)
    the_system_is_up("reject:1")
    first.refresh_from_db()
    assert (first.state, first.answered_count, first.rejected_count) == ("partly", 1, 1)
    with as_system(world.bremnes.id):
        case = Case.objects.get(state="open")
        assert case.kind == "posting_rejected" and case.params["why"]
        rejected = Posting.objects.get(state="rejected")
    # the goods are paid for by what stands approved, whether it is posted or not
    balance = purchase.balance()
    assert (balance.invoiced + balance.posted, balance.committed, balance.accrued) == (52_900, 0, 0)
    with viewing(world.viewer("rekna")):
        operations.mend_posting(posting_id=rejected.id, comment="Perioden er opna att")
    second = release(world)
    the_system_is_up()
    second.refresh_from_db()
    assert (second.state, second.count) == ("answered", 1)
    assert purchase.balance().posted == 52_900
    assert len(purchase.vouchers()) == len(set(purchase.vouchers())) == 2
