"""A buyer's relation to its suppliers."""

from __future__ import annotations

from avrop.suppliers.models import BankAccount, SupplierRelation
from avrop.suppliers.queries import relation, relations
from avrop.tenancy.scope import as_system


def test_only_confirmed_bank_accounts_are_known(world) -> None:
    with as_system(world.bremnes.id):
        BankAccount.objects.create(buyer=world.bremnes, supplier=world.kontor, account="12345678903")
        known = relation(world.kontor.id)
        assert known is not None
        assert known.accounts == {"86011117947"}
        assert (known.process, known.payment_days, known.blocked) == ("advanced", 30, False)


def test_relations_of_another_buyer_are_not_seen(world) -> None:
    with as_system(world.fjell.id):
        SupplierRelation.objects.filter(supplier=world.kontor).delete()
        BankAccount.objects.filter(supplier=world.kontor).delete()
        assert relation(world.kontor.id) is None
        assert set(relations()) == {world.storhus.id}
    with as_system(world.bremnes.id):
        assert relation(world.kontor.id) is not None


def test_all_relations_cost_two_statements(world, django_assert_num_queries) -> None:
    with as_system(world.bremnes.id), django_assert_num_queries(2):
        assert len(relations()) == 2
