"""What goes in a batch: only to accounts confirmed now, and what belongs together goes together."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from avrop.accounting import double, jobs, operations, queries
from avrop.accounting.models import BatchItem, Posting
from avrop.accounting.tests.build import ACCOUNT, approved, document, fresh, proposed, release
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.suppliers import operations as suppliers
from avrop.suppliers.models import BankAccount
from avrop.tenancy.scope import as_system, viewing

pytestmark = pytest.mark.django_db


def settle() -> None:
    run_until_idle()
    double.answer_all(jobs.folder())
    jobs.read_answers()


def withdraw(world) -> None:
    row = BankAccount._base_manager.get(buyer=world.bremnes, supplier=world.kontor)
    with viewing(world.viewer("lokal")):
        suppliers.withdraw_account(account_id=row.id, reason="Bytt bank")
    run_until_idle()


def test_an_account_withdrawn_since_the_match_stops_the_batch_and_is_named(world) -> None:
    proposed(world, "F1", 10_000)
    withdraw(world)
    with pytest.raises(Refusal, match="ACCOUNT_NOT_CONFIRMED") as refused:
        release(world)
    assert "F1" in refused.value.params["invoices"] and ACCOUNT in refused.value.params["invoices"]
    assert not BatchItem._base_manager.exists()


def test_the_page_has_no_tick_at_an_account_that_is_not_confirmed(world) -> None:
    posting = proposed(world, "F1", 10_000)
    withdraw(world)
    client = Client()
    client.force_login(world.people["rekna"])
    text = client.get("/o/bremnes/rekneskap/").content.decode()
    assert "Bankkontonummer ikkje stadfesta" in text and f'value="{posting.id}"' not in text


def test_what_has_left_to_an_account_withdrawn_later_is_a_case_for_the_accountant(world) -> None:
    proposed(world, "F1", 10_000)
    release(world)
    withdraw(world)
    case = Case._base_manager.get(kind="account_stopped")
    assert (case.owner_role, case.params["invoices"]) == ("accountant", "F1")


def test_a_credit_note_is_a_negative_posting_that_goes_with_its_invoice(world) -> None:
    original = proposed(world, "F1", 100_000)
    credit = proposed(world, "K1", 40_000, credits=[original.invoice_id])
    assert (credit.kind, credit.payable) == ("credit_note", -50_000)
    with as_system(world.bremnes.id):
        lines = [(one.kind, one.account, one.amount) for one in queries.posting(credit.id).lines]
    assert lines == [("cost", "11000", -40_000), ("vat", "14290", -10_000), ("supplier", "23200", 50_000)]
    release(world, original)  # only the invoice is ticked
    settle()
    batch = fresh(credit).batch
    assert (batch.count, batch.total, batch.answered_total) == (2, 75_000, 75_000)
    data = json.loads((jobs.folder() / "bremnes" / "out" / f"{batch.number}.json").read_bytes())
    (about,) = [one["about"] for one in data["postings"] if one["invoice"] == "K1"]
    assert about == [{"relation": "credits", "invoice": "F1", "posting": original.id.hex}]
    assert [one["payable"] for one in data["postings"]] == ["1250.00", "-500.00"]


def test_a_ticked_credit_note_takes_its_waiting_invoice_along(world) -> None:
    original = proposed(world, "F1", 100_000)
    credit = proposed(world, "K1", 40_000, credits=[original.invoice_id])
    other = proposed(world, "F2", 10_000)
    release(world, credit)
    assert fresh(original).batch_id == fresh(credit).batch_id is not None
    assert fresh(other).state == "ready"


def test_a_credit_note_to_what_is_posted_goes_alone(world) -> None:
    original = proposed(world, "F1", 100_000)
    release(world)
    settle()
    credit = proposed(world, "K1", 100_000, credits=[original.invoice_id])
    release(world)
    settle()
    assert fresh(credit).state == "posted"
    assert fresh(credit).batch.total == -125_000


def test_a_credit_note_waits_for_an_invoice_that_has_no_posting_yet(world) -> None:
    original = approved(world, "F1", 100_000)  # approved, its posting is not proposed yet
    credit = proposed(world, "K1", 40_000, credits=[original])
    with pytest.raises(Refusal, match="CREDIT_WAITS"):
        release(world, credit)
    other = proposed(world, "F2", 10_000)
    release(world)  # everything that can go
    assert (fresh(credit).state, fresh(other).state) == ("ready", "released")
    with as_system(world.bremnes.id):
        operations.propose_posting(invoice_id=original)
    release(world)
    assert fresh(credit).state == "released"


def test_money_that_comes_back_needs_no_account(world) -> None:
    original = proposed(world, "F1", 100_000)
    release(world)
    settle()
    credit = proposed(world, "K1", 40_000, credits=[original.invoice_id], account="")
    release(world)
    assert fresh(credit).state == "released"


def test_an_invoice_that_is_not_approved_gets_no_posting(world) -> None:
    invoice = document(world, "F9", 10_000)
    with as_system(world.bremnes.id):
        operations.propose_posting(invoice_id=invoice.id)
    assert not Posting._base_manager.exists()
