"""An account is rejected, withdrawn or runs out: one person is enough, nothing is deleted, two take it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from avrop.journal.models import Case
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.suppliers import operations, queries
from avrop.suppliers.models import AccountConfirmation, BankAccount
from avrop.suppliers.tests.build import UNKNOWN, asked, confirm, keepers, naming
from avrop.tenancy.scope import as_system, viewing

pytestmark = pytest.mark.django_db
KNOWN = "86011117947"


@pytest.fixture(autouse=True)
def _people(world) -> None:
    keepers(world)


def account(world, number: str = KNOWN) -> BankAccount:
    return BankAccount._base_manager.get(buyer=world.bremnes, supplier=world.kontor, account=number)


def known(world) -> set[str]:
    with as_system(world.bremnes.id):
        return set(queries.confirmed_accounts([world.kontor.id]).get(world.kontor.id, ()))


def test_a_rejected_account_is_stopped_and_the_invoices_owner_has_a_case_each(world) -> None:
    question = asked(world, invoice=naming("9001"))
    asked(world, invoice=naming("9002"))
    with viewing(world.viewer("ragnhild")):
        operations.reject_account(confirmation_id=question, reason="Leverandøren kjenner ikkje kontoen")
    with as_system(world.bremnes.id):
        cases = list(Case.objects.filter(kind="account_stopped"))
        assert {one.owner_role for one in cases} == {"invoice_clerk"}
        assert {one.params["number"] for one in cases} == {"9001", "9002"}
        (one,) = [a for a in queries.accounts_of([world.kontor.id])[world.kontor.id] if a.account == UNKNOWN]
        assert (one.state, one.reason) == ("stopped", "Leverandøren kjenner ikkje kontoen")
        assert AccountConfirmation.objects.get(id=question).state == "rejected"


def test_a_stopped_account_that_comes_again_is_an_alarm_not_a_new_question(world) -> None:
    question = asked(world)
    with viewing(world.viewer("ragnhild")):
        operations.reject_account(confirmation_id=question, reason="Svindel")
    again = naming("9003")
    with as_system(world.bremnes.id):
        for _ in range(2):
            operations.ask_about_account(supplier_id=world.kontor.id, account=UNKNOWN, invoice=again)
        assert not AccountConfirmation.objects.filter(state="open").exists()
        case = Case.objects.get(reason="STOPPED_ACCOUNT_AGAIN")
        assert (case.owner_role, case.params["number"]) == ("vendor_master", "9003")


def test_a_withdrawn_account_is_not_known_and_takes_two_persons_again(world) -> None:
    with viewing(world.viewer("lokal")):
        operations.withdraw_account(account_id=account(world).id, reason="Leverandøren har bytt bank")
    assert known(world) == set()
    with viewing(world.viewer("lokal")), pytest.raises(Refusal, match="ACCOUNT_NOT_GOOD"):
        operations.limit_account(account_id=account(world).id, valid_to=None, reason="Likevel ikkje")
    question = asked(world, account=KNOWN)
    confirm(world, "rekna", question)
    assert known(world) == set()
    confirm(world, "ragnhild", question)
    assert known(world) == {KNOWN}
    assert BankAccount._base_manager.filter(buyer=world.bremnes, account=KNOWN).count() == 1


def test_an_account_runs_out_on_its_day_and_one_person_cannot_bring_it_back(world) -> None:
    with viewing(world.viewer("rekna")):
        tomorrow = today() + timedelta(days=1)
        operations.limit_account(account_id=account(world).id, valid_to=tomorrow, reason="Avtalt")
        assert known(world) == {KNOWN}
        operations.limit_account(account_id=account(world).id, valid_to=today(), reason="Framskunda")
        assert known(world) == set()
        with pytest.raises(Refusal, match="ACCOUNT_NOT_GOOD"):
            operations.limit_account(account_id=account(world).id, valid_to=None, reason="Angra")


@pytest.mark.parametrize("login", ["fakta", "rektor", "berit", "revisor"])
def test_nobody_outside_the_three_roles_ends_or_registers_an_account(world, login: str) -> None:
    question = asked(world)
    with viewing(world.viewer(login)):
        for what in (
            lambda: operations.withdraw_account(account_id=account(world).id, reason="x"),
            lambda: operations.limit_account(account_id=account(world).id, valid_to=None, reason="x"),
            lambda: operations.reject_account(confirmation_id=question, reason="x"),
            lambda: operations.register_account(supplier_id=world.kontor.id, account="x", reason="x"),
        ):
            with pytest.raises(Refusal, match="ACCOUNT_KEEPERS_ONLY"):
                what()


def test_a_reason_is_demanded(world) -> None:
    question = asked(world)
    with viewing(world.viewer("rekna")):
        for what in (
            lambda: operations.withdraw_account(account_id=account(world).id, reason=" "),
            lambda: operations.limit_account(account_id=account(world).id, valid_to=None, reason=""),
            lambda: operations.reject_account(confirmation_id=question, reason=""),
            lambda: operations.register_account(supplier_id=world.kontor.id, account=UNKNOWN, reason=""),
        ):
            with pytest.raises(Refusal, match="REASON_NEEDED"):
                what()


def test_an_account_told_of_beforehand_is_asked_about_as_it_is_written_on_invoices(world) -> None:
    with viewing(world.viewer("ragnhild")):
        question = operations.register_account(
            supplier_id=world.kontor.id, account="9710.53.02049", reason="Brev av 1. november"
        )
        with pytest.raises(Refusal, match="ACCOUNT_ASKED"):
            operations.register_account(supplier_id=world.kontor.id, account=UNKNOWN, reason="Att")
        with pytest.raises(Refusal, match="ACCOUNT_KNOWN"):
            operations.register_account(supplier_id=world.kontor.id, account=KNOWN, reason="Att")
        with pytest.raises(Refusal, match="ACCOUNT_CHECK_DIGIT"):
            operations.register_account(supplier_id=world.kontor.id, account="97105302048", reason="Feil")
    with as_system(world.bremnes.id):
        assert queries.confirmation(question).account == UNKNOWN
