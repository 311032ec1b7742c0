"""An unknown account is known when two persons who had no hand on the invoices have called back (Decision 5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from avrop.journal.models import Entry
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id, now
from avrop.matching.events import InvoiceRejected
from avrop.suppliers import queries
from avrop.suppliers.models import AccountConfirmation, BankAccount, ConfirmationSignature
from avrop.suppliers.tests.build import UNKNOWN, asked, call, confirm, keepers, naming
from avrop.tenancy.scope import as_system, everything, viewing
from tests.world import _person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people(world) -> None:
    keepers(world)


def known(world) -> set[str]:
    with as_system(world.bremnes.id):
        return set(queries.confirmed_accounts([world.kontor.id]).get(world.kontor.id, ()))


def test_the_second_person_makes_the_account_known(world) -> None:
    question = asked(world)
    assert confirm(world, "rekna", question) is False
    assert UNKNOWN not in known(world)
    assert confirm(world, "ragnhild", question) is True
    assert known(world) == {"86011117947", UNKNOWN}  # what was known before stays known
    with as_system(world.bremnes.id):
        assert AccountConfirmation.objects.get(id=question).state == "confirmed"
        assert queries.confirmers(world.kontor.id, UNKNOWN) == {
            world.people["rekna"].id,
            world.people["ragnhild"].id,
        }
        roles = ConfirmationSignature.objects.order_by("at").values_list("role", flat=True)
        assert list(roles) == ["accountant", "vendor_master"]
        events = list(Entry.objects.order_by("id").values_list("event", flat=True))
    assert events[-3:] == [
        "suppliers.ConfirmationOpened",
        "suppliers.AccountSigned",
        "suppliers.AccountConfirmed",
    ]


def test_one_person_does_not_confirm_twice_whatever_roles_they_hold(world) -> None:
    question = asked(world)
    confirm(world, "lokal", question)  # local administrator and keeper
    with pytest.raises(Refusal, match="ACCOUNT_SIGNED_BEFORE"):
        confirm(world, "lokal", question)
    assert UNKNOWN not in known(world)


@pytest.mark.parametrize("login", ["fakta", "rektor", "berit", "revisor"])
def test_nobody_outside_the_three_roles_confirms(world, login: str) -> None:
    question = asked(world)
    with pytest.raises(Refusal, match="ACCOUNT_KEEPERS_ONLY"):
        confirm(world, login, question)


@operation
def _handle(invoice, tenant, stream: str) -> None:
    record(InvoiceRejected(invoice.invoice_id, "PAY", ""), tenant=tenant, stream=stream)


def test_whoever_has_handled_an_invoice_that_names_it_cannot_confirm(world) -> None:
    with everything("a test's region"):
        _person(world, "fakta", world.bremnes, ("accountant", None))  # the clerk keeps accounts too
    bill = naming(stream="purchase:77")
    question = asked(world, invoice=bill)
    with viewing(world.viewer("fakta")):
        _handle(invoice=bill, tenant=world.bremnes.id, stream="purchase:77")
    with pytest.raises(Refusal, match="ACCOUNT_HANDLED_INVOICE"):
        confirm(world, "fakta", question)
    confirm(world, "rekna", question)
    confirm(world, "ragnhild", question)
    assert UNKNOWN in known(world)


def test_a_hand_on_another_invoice_of_the_same_purchase_does_not_count(world) -> None:
    question = asked(world, invoice=naming(stream="purchase:77"))
    with viewing(world.viewer("lokal")):
        _handle(invoice=naming(stream="purchase:77"), tenant=world.bremnes.id, stream="purchase:77")
    assert confirm(world, "lokal", question) is False


def test_an_account_with_wrong_check_digits_is_never_confirmed(world) -> None:
    question = asked(world, account="97105302048")
    with pytest.raises(Refusal, match="ACCOUNT_CHECK_DIGIT"):
        confirm(world, "rekna", question)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"talked_to": " "}, "CALL_INCOMPLETE"),
        ({"number": ""}, "CALL_INCOMPLETE"),
        ({"said": "\n"}, "CALL_INCOMPLETE"),
        ({"source": "invoice"}, "CALL_SOURCE"),
        ({"called_at": now() + timedelta(days=1)}, "CALL_IN_FUTURE"),
    ],
)
def test_a_confirmation_without_a_real_call_back_is_refused(world, other, why: str) -> None:
    question = asked(world)
    with pytest.raises(Refusal, match=why):
        confirm(world, "rekna", question, **other)


def test_what_is_answered_is_not_answered_again(world) -> None:
    question = asked(world)
    confirm(world, "rekna", question)
    confirm(world, "ragnhild", question)
    with pytest.raises(Refusal, match="CONFIRMATION_CLOSED"):
        confirm(world, "lokal", question)


def test_another_buyer_does_not_know_the_account(world) -> None:
    question = asked(world)
    confirm(world, "rekna", question)
    confirm(world, "ragnhild", question)
    with as_system(world.fjell.id):
        assert UNKNOWN not in queries.confirmed_accounts([world.kontor.id])[world.kontor.id]
    with (
        viewing(world.viewer("finn", "fjell")),
        pytest.raises(AccountConfirmation.DoesNotExist),
    ):
        from avrop.suppliers import operations

        operations.confirm_account(confirmation_id=question, call=call())


def test_every_invoice_that_names_it_joins_the_open_question_once(world) -> None:
    first, second = naming("9001"), naming("9002")
    question = asked(world, invoice=first)
    assert asked(world, invoice=second) == question
    assert asked(world, invoice=first) == question
    with as_system(world.bremnes.id):
        found = queries.confirmation(question)
        assert [one.number for one in found.invoices] == ["9001", "9002"]
        assert found.known == ("86011117947",)
        assert queries.confirmers(world.kontor.id, UNKNOWN, second.invoice_id) == frozenset()


def test_a_confirmer_is_named_only_for_the_invoices_of_the_question(world) -> None:
    bill = naming()
    question = asked(world, invoice=bill)
    confirm(world, "rekna", question)
    with as_system(world.bremnes.id):
        mine = {world.people["rekna"].id}
        assert queries.confirmers(world.kontor.id, UNKNOWN, bill.invoice_id) == mine
        assert queries.confirmers(world.kontor.id, UNKNOWN, new_id()) == frozenset()
        assert not BankAccount.objects.filter(account=UNKNOWN).exists()
