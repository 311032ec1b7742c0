"""What the accounting system answers, and what becomes of it. The double runs as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from avrop.accounting import files, jobs, operations, queries, sums
from avrop.accounting.models import Posting, PostingBatch
from avrop.accounting.tests.build import NURSERY, SCHOOL, fresh, proposed, release
from avrop.commitments.models import Account
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.tenancy.scope import as_system, viewing

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    """A clock that the test moves."""
    clock = ports.SetClock(ports.now())
    with ports.using(clock=clock):
        yield clock


@pytest.fixture
def sent(world, clock) -> list[Posting]:
    """Three postings of 125,00, 250,00 and 375,00 in one batch that has been handed over."""
    postings = [proposed(world, f"F{n}", n * 10_000) for n in (1, 2, 3)]
    release(world)
    run_until_idle()
    return postings


def run_double(*faults: str) -> str:
    command = [sys.executable, "-m", "avrop.accounting.double", str(jobs.folder()), "--once"]
    command += ["--faults", ",".join(faults)] if faults else []
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def answer(*faults: str) -> None:
    """The double looks once, and so do we (twice, for what may be half of a file)."""
    run_double(*faults)
    jobs.read_answers()
    jobs.read_answers()


def batch() -> PostingBatch:
    return PostingBatch._base_manager.latest("number")


def folder(place: str) -> Path:
    return jobs.folder() / "bremnes" / place


def ledger() -> list[dict[str, Any]]:
    return json.loads((jobs.folder() / "bremnes" / "ledger.json").read_text())["entries"]


def open_cases(world) -> list[tuple[str, str]]:
    rows = Case._base_manager.filter(state="open").order_by("kind")
    assert {one.owner_role for one in rows} <= {"accountant"}
    return list(rows.values_list("kind", "reason"))


def resend(world) -> None:
    with viewing(world.viewer("rekna")):
        operations.resend_batch(batch_id=batch().id, reason="Inga kvittering")
    run_until_idle()


def test_a_rejected_line_goes_back_with_its_reason_and_the_rest_is_posted(world, sent) -> None:
    answer("reject:1")
    assert [fresh(one).state for one in sent] == ["rejected", "posted", "posted"]
    one = batch()
    assert (one.state, one.answered_count, one.rejected_count) == ("partly", 2, 1)
    assert (one.answered_total, one.rejected_total, one.total) == (62_500, 12_500, 75_000)
    assert open_cases(world) == [("posting_rejected", "POSTING_REJECTED")]
    assert fresh(sent[0]).rejection == "Perioden er stengd for denne kontoen"
    by_key = {
        row.key: (row.invoiced, row.posted) for row in Account._base_manager.exclude(invoiced=0, posted=0)
    }
    assert list(by_key.values()) == [(10_000, 50_000)]


def test_a_mended_posting_goes_in_a_new_batch_and_the_old_one_stands_as_it_was(world, sent) -> None:
    answer("reject:1")
    first = batch()
    bytes_sent = (folder("out") / f"{first.number}.json").read_bytes()
    with viewing(world.viewer("rekna")):
        operations.mend_posting(posting_id=sent[0].id, comment="Rett eining", codings={0: NURSERY})
    assert open_cases(world) == []
    release(world)
    run_until_idle()
    answer()
    second = batch()
    assert (second.count, second.total, second.state) == (1, 12_500, "answered")
    assert len(ledger()) == 3 and len({one["posting"] for one in ledger()}) == 3
    client = Client()
    client.force_login(world.people["rekna"])
    assert client.get(f"/o/bremnes/rekneskap/{first.id}/batch.json").content == bytes_sent
    with as_system(world.bremnes.id):
        states = [(item.state, one.number) for one, item in queries.places_of(sent[0].id)]
        assert states == [("posted", second.number), ("rejected", first.number)]
        assert queries.reconciliation().agrees
        assert sums.kept() == sums.recount()
        posted = {row.key.split("|")[1]: row.posted for row in Account.objects.exclude(posted=0)}
    assert posted == {"210": 50_000, "220": 10_000}


def test_only_what_is_rejected_is_mended_and_a_reason_is_needed(world, sent) -> None:
    answer("reject:1")
    with viewing(world.viewer("rekna")):
        with pytest.raises(Refusal, match="POSTING_NOT_REJECTED"):
            operations.mend_posting(posting_id=sent[1].id, comment="x")
        with pytest.raises(Refusal, match="REASON_NEEDED"):
            operations.mend_posting(posting_id=sent[0].id, comment=" ")
        with pytest.raises(Refusal, match="ACCOUNT_NOT_CONFIRMED"):
            operations.mend_posting(posting_id=sent[0].id, comment="x", bank_account="97105302049")
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="ACCOUNTANT_ONLY"):
        operations.mend_posting(posting_id=sent[0].id, comment="x", codings={0: SCHOOL})


def test_a_lost_file_becomes_a_case_and_is_sent_again_byte_for_byte(world, sent, clock) -> None:
    out = folder("out") / f"{batch().number}.json"
    before = out.read_bytes()
    answer("lose")
    assert jobs.find_late() == 0
    clock.at += timedelta(hours=25)
    assert jobs.find_late() == 1
    assert jobs.find_late() == 0  # told once
    assert open_cases(world) == [("batch_late", "BATCH_LATE")]
    out.unlink()
    resend(world)
    assert out.read_bytes() == before
    assert open_cases(world) == []
    answer()
    assert (batch().state, batch().resent, len(ledger())) == ("answered", 1, 3)


def test_an_answer_that_comes_after_all_closes_the_case(world, sent, clock) -> None:
    answer("late:1")
    clock.at += timedelta(hours=25)
    jobs.find_late()
    answer()
    answer()
    assert (batch().state, open_cases(world)) == ("answered", [])


@pytest.mark.parametrize("fault", ["count", "sum", "voucher", "missing"])
def test_an_answer_that_does_not_agree_posts_nothing_until_a_right_one_is_asked_for(
    world, sent, fault: str
) -> None:
    answer(fault)
    assert batch().state == "mismatch"
    assert {fresh(one).state for one in sent} == {"released"}
    assert open_cases(world) == [("batch_mismatch", "BATCH_MISMATCH")]
    resend(world)
    answer()
    assert (batch().state, open_cases(world), len(ledger())) == ("answered", [], 3)
    vouchers = {one["posting"]: one["voucher"] for one in ledger()}
    assert {one.id.hex: fresh(one).voucher for one in sent} == vouchers


def test_the_same_answer_twice_is_one_answer(world, sent) -> None:
    answer("twice")
    assert batch().state == "answered"
    assert len(list(folder("in/done").iterdir())) == 2
    assert open_cases(world) == []


def test_another_answer_to_a_settled_batch_changes_nothing_and_is_somebodys_case(world, sent) -> None:
    answer()
    raw = json.loads((folder("in/done") / f"{batch().number}.json").read_text())
    for one in raw["vouchers"]:
        one["voucher"] = f"C{one['voucher']}"
    with as_system(world.bremnes.id):
        for _ in range(2):
            assert operations.take_answer(answer=files.read_answer(json.dumps(raw).encode())) is False
    assert open_cases(world) == [("batch_contradicted", "BATCH_CONTRADICTED")]
    assert {fresh(one).voucher[0] for one in sent} == {"B"}


def test_a_voucher_number_that_stands_on_another_posting_is_not_taken(world, sent) -> None:
    answer()
    proposed(world, "F4", 40_000)
    release(world)
    run_until_idle()
    run_double()
    path = folder("in") / f"{batch().number}.json"
    raw = json.loads(path.read_text())
    raw["vouchers"][0]["voucher"] = "B000001"
    path.write_text(json.dumps(raw))
    jobs.read_answers()
    assert batch().state == "mismatch"
    assert Case._base_manager.get(kind="batch_mismatch").params["why"] == "USED"


@pytest.mark.parametrize(("fault", "reason"), [("unknown", "UNKNOWN_BATCH"), ("garbage", "BAD_ANSWER")])
def test_what_cannot_be_used_is_kept_and_is_somebodys_case(world, sent, fault: str, reason: str) -> None:
    answer(fault)
    assert open_cases(world) == [("bad_answer", reason)]
    (kept,) = folder("in/refused").iterdir()
    case = Case._base_manager.get(kind="bad_answer")
    assert ports.originals().get(case.subject.partition(":")[2]) == kept.read_bytes()


def test_half_an_answer_is_waited_for(world, sent) -> None:
    run_double("half")
    assert jobs.read_answers() == 0
    run_double()
    assert jobs.read_answers() == 1
    assert (batch().state, open_cases(world)) == ("answered", [])


def test_an_answer_before_the_sending_was_noted_is_taken(world, clock, monkeypatch) -> None:
    proposed(world, "F1", 10_000)
    release(world)
    handed = jobs.system_of("bremnes")
    one = batch()
    with as_system(world.bremnes.id):
        whole = queries.batch(one.id)
        from avrop.tenancy import queries as tenancy

        content = files.as_json(whole, tenancy.party(whole.buyer_id))
    handed.deliver(one.number, {"json": content})  # and then the worker dies
    answer()
    assert batch().state == "answered"
    run_until_idle()  # another one goes on where it stopped
    assert (batch().state, batch().sent_at is not None) == ("answered", True)
    answer()
    assert len(ledger()) == 1


def test_only_the_accountant_sends_again_and_not_what_is_settled(world, sent) -> None:
    with viewing(world.viewer("lokal")), pytest.raises(Refusal, match="ACCOUNTANT_ONLY"):
        operations.resend_batch(batch_id=batch().id, reason="x")
    with viewing(world.viewer("rekna")):
        with pytest.raises(Refusal, match="REASON_NEEDED"):
            operations.resend_batch(batch_id=batch().id, reason="")
        answer()
        with pytest.raises(Refusal, match="BATCH_SETTLED"):
            operations.resend_batch(batch_id=batch().id, reason="x")


def test_the_pages_of_the_books_show_it_in_few_statements(world, sent, django_assert_max_num_queries) -> None:
    answer("reject:1")
    client = Client()
    client.force_login(world.people["rekna"])
    base = "/o/bremnes/rekneskap/"
    pages = (
        (base, "Avvist av økonomisystemet"),
        (f"{base}avstemming/", "Tal og sum stemmer"),
        (f"{base}buntar/?state=partly", batch().number),
        (f"{base}{batch().id}/?state=rejected", "Perioden er stengd"),
        (f"{base}posteringar/?q=F2", "F2"),
        (f"{base}posteringar/{sent[0].id}/", "Perioden er stengd"),
    )
    for address, words in pages:
        with django_assert_max_num_queries(15):
            assert words in client.get(address).content.decode(), address
    values = {"account_0": "11000", "responsibility_0": "210", "function_0": "20200", "project_0": ""}
    values |= {"vat_treatment_0": "compensated", "supplier_no": "70009", "reason": "Perioden er opna"}
    client.post(f"{base}posteringar/{sent[0].id}/rett/", values)
    mended = fresh(sent[0])
    assert (mended.state, mended.supplier_no) == ("ready", "70009")
