"""Accounts from the set-up file: the first ones are known, a changed one is a question (Decision 5)."""

from __future__ import annotations

import pytest

from avrop.suppliers import operations, queries
from avrop.suppliers.models import AccountConfirmation, BankAccount, SupplierRelation
from avrop.suppliers.setup import RelationSpec, import_relations
from avrop.suppliers.tests.build import UNKNOWN
from avrop.tenancy.scope import as_system, everything, viewing

pytestmark = pytest.mark.django_db
KNOWN = "86011117947"


def read(world, *accounts: str, supplier: str = "kontor") -> None:
    spec = RelationSpec(supplier=supplier, supplier_no="70007", accounts=accounts)
    with everything("the set-up file"):
        import_relations(buyer_id=world.bremnes.id, relations=[spec])


def known(world) -> set[str]:
    with as_system(world.bremnes.id):
        return set(queries.confirmed_accounts([world.kontor.id]).get(world.kontor.id, ()))


def test_the_first_accounts_of_a_supplier_are_known(world) -> None:
    with everything("a supplier that is new to the buyer"):
        BankAccount.objects.filter(buyer=world.bremnes, supplier=world.kontor).delete()
        SupplierRelation.objects.filter(buyer=world.bremnes, supplier=world.kontor).delete()
    read(world, KNOWN, UNKNOWN)
    assert known(world) == {KNOWN, UNKNOWN}
    read(world, KNOWN, UNKNOWN)
    assert not AccountConfirmation._base_manager.exists()


def test_a_changed_account_in_the_file_waits_for_two_persons(world) -> None:
    read(world, KNOWN, UNKNOWN)
    read(world, KNOWN, UNKNOWN)
    assert known(world) == {KNOWN}
    asked = AccountConfirmation._base_manager.get()
    assert (asked.account, asked.known, asked.state) == (UNKNOWN, [KNOWN], "open")


def test_a_file_does_not_bring_a_withdrawn_account_back(world) -> None:
    with viewing(world.viewer("lokal")):
        row = BankAccount.objects.get(supplier=world.kontor)
        operations.withdraw_account(account_id=row.id, reason="Bytt bank")
    read(world, KNOWN)
    assert known(world) == set()
