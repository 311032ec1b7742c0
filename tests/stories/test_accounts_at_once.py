"""Bank accounts and batches when two act at the same moment (PostgreSQL, real threads)."""

from __future__ import annotations

import pytest

from avrop.accounting import double, jobs
from avrop.accounting import operations as accounting
from avrop.accounting.models import BatchItem, Posting, PostingBatch
from avrop.accounting.tests.build import NURSERY, proposed, release
from avrop.journal import audit
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.suppliers import operations as suppliers
from avrop.suppliers import queries as kept
from avrop.suppliers.models import AccountConfirmation, BankAccount, ConfirmationSignature
from avrop.suppliers.tests.build import UNKNOWN, asked, call, keepers, naming
from avrop.tenancy.scope import as_system, everything
from tests.stories.test_at_once import at_once, by

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def audited() -> None:
    with everything("the test checks"):
        report = audit.verify(covered=False)
        assert report.ok, report.places


def test_two_sign_at_once_and_the_account_is_known_once(world) -> None:
    keepers(world)
    ident = asked(world)
    who = [world.viewer("rekna"), world.viewer("ragnhild")]
    done = at_once(*(by(one, suppliers.confirm_account, confirmation_id=ident, call=call()) for one in who))
    assert sorted(map(str, done)) == ["True", "done"]  # one was first, the other made it known
    with as_system(world.bremnes.id):
        assert AccountConfirmation.objects.get(id=ident).state == "confirmed"
        assert UNKNOWN in kept.confirmed_accounts([world.kontor.id])[world.kontor.id]
    audited()


def test_one_person_clicking_twice_signs_once(world) -> None:
    keepers(world)
    ident = asked(world)
    sign = by(world.viewer("rekna"), suppliers.confirm_account, confirmation_id=ident, call=call())
    assert sorted(at_once(sign, sign)) == ["ACCOUNT_SIGNED_BEFORE", "done"]
    assert ConfirmationSignature._base_manager.count() == 1
    audited()


def test_two_invoices_at_once_open_one_question(world) -> None:
    with as_system(world.bremnes.id) as who:
        ask = {"supplier_id": world.kontor.id, "account": UNKNOWN}
        calls = [by(who, suppliers.ask_about_account, invoice=naming(str(n)), **ask) for n in range(4)]
        assert at_once(*calls) == ["done"] * 4
        assert AccountConfirmation.objects.get().invoices.count() == 4
    audited()


def test_a_withdrawal_and_a_release_at_once_never_pay_unseen(world) -> None:
    """Either the batch is refused, or it was first and the accountant is told to stop the payment."""
    proposed(world, "F1", 10_000)
    account = BankAccount._base_manager.get(buyer=world.bremnes, supplier=world.kontor)
    released, withdrawn = at_once(
        by(world.viewer("rekna"), accounting.release_batch),
        by(world.viewer("lokal"), suppliers.withdraw_account, account_id=account.id, reason="Bytt bank"),
    )
    run_until_idle()
    assert withdrawn == "done"
    told = Case._base_manager.filter(kind="account_stopped").count()
    if released == "ACCOUNT_NOT_CONFIRMED":
        assert (told, BatchItem._base_manager.count()) == (0, 0)
    else:
        assert (told, BatchItem._base_manager.count()) == (1, 1)
    audited()


def test_the_same_answer_read_by_two_workers_posts_once(world) -> None:
    proposed(world, "F1", 10_000)
    release(world)
    run_until_idle()
    double.answer_all(jobs.folder())
    taken = at_once(jobs.read_answers, jobs.read_answers, jobs.read_answers)
    assert all(isinstance(one, int) for one in taken), taken
    assert PostingBatch._base_manager.get().state == "answered"
    assert not Case._base_manager.filter(state="open").exists()
    audited()


def test_two_reversals_at_once_are_one(world) -> None:
    posting = proposed(world, "F1", 10_000)
    release(world)
    run_until_idle()
    double.answer_all(jobs.folder())
    jobs.read_answers()
    undo = by(
        world.viewer("rekna"),
        accounting.reverse_posting,
        posting_id=posting.id,
        reason="Feil",
        codings={0: NURSERY},
    )
    done = at_once(undo, undo)
    assert "POSTING_REVERSED" in done
    assert Posting._base_manager.count() == 3
    audited()
