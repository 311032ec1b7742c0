"""A batch goes out as files, the accounting system (a process of its own) answers, and both sides agree."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from avrop.accounting import files, jobs, operations, queries
from avrop.accounting.models import Posting, PostingBatch
from avrop.journal import worker
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Purchase, ordered
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def released(world: World) -> PostingBatch:
    """Two approved invoices in one batch that has been handed over."""
    return _released(world)[1]


def _released(world: World) -> tuple[Purchase, PostingBatch]:
    purchase = ordered(world, ("papir", 10))
    purchase.answer()
    purchase.receive()
    purchase.invoice({"1": 6})
    purchase.invoice({"1": 4})
    assert purchase.states() == ["approved", "approved"]
    with viewing(world.viewer("rekna")):
        operations.release_batch()
    run_until_idle()
    return purchase, batch_of(world)


def batch_of(world: World) -> PostingBatch:
    with as_system(world.bremnes.id):
        return PostingBatch.objects.get()


def out(name: str) -> Path:
    return jobs.folder() / "bremnes" / "out" / name


def run_double(*more: str) -> str:
    command = [sys.executable, "-m", "avrop.accounting.double", str(jobs.folder()), "--once", *more]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_the_files_say_who_is_paid_what_when_and_where_the_original_is(world, released) -> None:
    data = json.loads(out(f"{released.number}.json").read_bytes())
    assert (data["count"], data["total"], data["buyer"]["orgnr"]) == (2, "661.25", world.bremnes.orgnr)
    first = data["postings"][0]
    assert first["payable"] == "396.75"  # 6 x 52.90 and 25 %
    assert first["bank_account"] == "86011117947"
    assert len(first["original_sha256"]) == 64
    assert first["due_date"] > first["invoice_date"]
    assert first["payment_reference"]
    assert [(x["kind"], x["account"], x["amount"]) for x in first["lines"]] == [
        ("cost", "11000", "317.40"),
        ("vat", "14290", "79.35"),
        ("supplier", "23200", "-396.75"),
    ]
    rows = list(csv.DictReader(io.StringIO(out(f"{released.number}.csv").read_text("utf-8")), delimiter=";"))
    assert [row["amount"] for row in rows[:3]] == ["317.40", "79.35", "-396.75"]


def test_a_separate_process_numbers_the_vouchers_and_the_batch_reconciles(world, released) -> None:
    assert run_double() == f"bremnes {released.number}: 2 vouchers, 661.25\n"
    assert jobs.read_answers() == 1
    batch = batch_of(world)
    assert (batch.state, batch.answered_count, batch.answered_total) == ("answered", 2, 66_125)
    with as_system(world.bremnes.id):
        vouchers = sorted(Posting.objects.values_list("voucher", "state"))
    assert vouchers == [("B000001", "posted"), ("B000002", "posted")]
    assert run_double() == ""  # answered before
    assert jobs.read_answers() == 0


def test_the_same_batch_again_and_the_same_answer_again_change_nothing(world, released) -> None:
    before = out(f"{released.number}.json").read_bytes()
    run_double()
    answer = (jobs.folder() / "bremnes" / "in" / f"{released.number}.json").read_bytes()
    jobs.read_answers()
    with as_system(world.bremnes.id):
        jobs.transfer(batch_id=released.id)
        assert operations.take_answer(answer=files.read_answer(answer)) is True
        balance = queries.batch(released.id)
    assert out(f"{released.number}.json").read_bytes() == before
    assert balance.sha256 == hashlib.sha256(before).hexdigest()
    (jobs.folder() / "bremnes" / "in" / "done" / f"{released.number}.json").unlink()
    run_double()  # asked again, it gives the same vouchers
    again = (jobs.folder() / "bremnes" / "in" / f"{released.number}.json").read_bytes()
    assert again == answer


@pytest.mark.parametrize(
    "spoil",
    [
        lambda one: one | {"count": 3},
        lambda one: one | {"total": "661.24"},
        lambda one: one | {"vouchers": one["vouchers"][:1]},
    ],
    ids=["count", "sum", "voucher missing"],
)
def test_an_answer_that_does_not_agree_posts_nothing_and_opens_one_case(world, released, spoil) -> None:
    run_double()
    path = jobs.folder() / "bremnes" / "in" / f"{released.number}.json"
    right = json.loads(path.read_text())
    path.write_text(json.dumps(spoil(right)))
    jobs.read_answers()
    assert batch_of(world).state == "mismatch"
    with as_system(world.bremnes.id):
        assert Posting.objects.filter(state="posted").count() == 0
        assert Case.objects.get(kind="batch_mismatch").owner_role == "accountant"
        # the corrected answer is taken
        assert operations.take_answer(answer=files.read_answer(json.dumps(right).encode())) is True
    assert batch_of(world).state == "answered"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"batch": "x"}', b"\xff\xfe", b'{"batch": null}'])
def test_an_answer_that_cannot_be_read_is_put_aside_and_harms_nothing(world, released, raw: bytes) -> None:
    folder = jobs.folder() / "bremnes" / "in"
    folder.mkdir(exist_ok=True)
    (folder / "bad.json").write_bytes(raw)
    assert jobs.read_answers() == 0  # it may be half of something that is being written
    assert jobs.read_answers() == 1
    assert (folder / "refused" / "bad.json").read_bytes() == raw
    assert batch_of(world).state == "sent"


def test_another_buyers_batch_cannot_be_answered_from_this_folder(world, released) -> None:
    run_double()
    source = jobs.folder() / "bremnes" / "in" / f"{released.number}.json"
    target = jobs.folder() / "fjell" / "in" / source.name
    target.parent.mkdir(parents=True)
    source.rename(target)
    jobs.read_answers()
    assert batch_of(world).state == "sent"


def test_only_the_accountant_releases_and_nothing_is_released_twice(world) -> None:
    _purchase, batch = _released(world)
    with viewing(world.viewer("fakta")), pytest.raises(Refusal, match="ACCOUNTANT_ONLY"):
        operations.release_batch()
    with viewing(world.viewer("rekna")):
        with pytest.raises(Refusal, match="NOTHING_READY"):
            operations.release_batch()
        with as_system(world.bremnes.id):
            ids = list(Posting.objects.filter(batch=batch).values_list("id", flat=True))
        with pytest.raises(Refusal, match="POSTING_NOT_READY"):
            operations.release_batch(posting_ids=ids)


def test_the_budget_ends_at_what_was_posted(world) -> None:
    purchase, _batch = _released(world)
    run_double()
    jobs.read_answers()
    balance = purchase.balance()
    assert (balance.committed, balance.accrued, balance.invoiced, balance.posted) == (0, 0, 0, 52_900)


@pytest.mark.parametrize("text", ["=1+1", "+47", "-x", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert files.harmless(text) == f"'{text}"
    assert files.harmless("Kontorvarer AS") == "Kontorvarer AS"


def test_matching_and_posting_are_lean(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 1))
    purchase.answer()
    purchase.receive()
    with viewing(world.seller()):
        portal.invoice(sales_order_id=sales.order_by_number(purchase.number).id)
    made: dict[str, list[str]] = {}
    while claimed := worker.claim():
        for delivery in claimed:
            with CaptureQueriesContext(connection) as seen:
                assert worker.deliver(delivery)
            noise = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
            made[delivery.handler] = [q["sql"] for q in seen if not q["sql"].startswith(noise)]
    assert len(made["matching.match_invoice"]) <= 18, "\n".join(made["matching.match_invoice"])
    assert len(made["accounting.propose_posting"]) <= 10, "\n".join(made["accounting.propose_posting"])
