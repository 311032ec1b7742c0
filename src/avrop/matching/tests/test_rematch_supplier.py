"""A confirmed bank account lets the supplier's invoices go on, and nobody else's."""

from __future__ import annotations

import pytest

from avrop.kernel.ports import now
from avrop.matching import operations
from avrop.matching.models import Match
from avrop.suppliers.models import BankAccount
from avrop.tenancy.scope import as_system
from tests.stories.test_credit_notes import PAPER, bill, paper, states

pytestmark = pytest.mark.django_db
NEW = "15032080119"


def test_the_suppliers_open_invoices_are_judged_again_and_the_others_left_alone(world) -> None:
    purchase = paper(world)
    bill(purchase, PAPER, account=NEW)
    assert states(world) == {"9001": "deviation"}
    with as_system(world.bremnes.id):
        operations.rematch_supplier(supplier_id=world.storhus.id)
        operations.rematch_supplier(supplier_id=world.kontor.id)
        assert Match.objects.get().state == "deviation"
        BankAccount.objects.create(
            buyer=world.bremnes, supplier=world.kontor, account=NEW, confirmed_at=now()
        )
        operations.rematch_supplier(supplier_id=world.kontor.id)
    assert states(world) == {"9001": "approved"}
