"""The lorry wholesaler is not for schools: not in the search, not in the basket, not at submit."""

from __future__ import annotations

import pytest

from avrop.agreements.models import Agreement
from avrop.approval import operations as approval
from avrop.approval import queries as approvals
from avrop.catalogue.queries import search
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.ordering.models import Order
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.tenancy.queries import unit
from avrop.tenancy.scope import as_system, everything, viewing
from avrop.web.refusals import sentence
from tests.world import MICRO

pytestmark = pytest.mark.django_db


def _coffee(world) -> NewLine:
    return NewLine(item_id=world.items["kaffi"].id, quantity=6 * MICRO)


def test_a_school_neither_finds_nor_orders_from_the_lorry_and_the_care_home_does_both(world):
    with viewing(world.viewer("berit")):
        assert search("kaffi", unit=unit(world.units["school"].id)).total == 0
        with pytest.raises(Refusal) as caught:
            requisition.create(unit_id=world.units["school"].id, lines=[_coffee(world)])
        assert caught.value.code == "AGREEMENT_EXCLUDES_UNIT"
        assert "FI-2026-02" in sentence(caught.value)

    with viewing(world.viewer("bjorn")):
        assert search("kaffi", unit=unit(world.units["care"].id)).total == 1
        basket = requisition.create(unit_id=world.units["care"].id, lines=[_coffee(world)])
        requisition.submit(requisition_id=basket)
    run_until_idle()
    with viewing(world.viewer("pleie")):
        (one,) = approvals.inbox()
        approval.approve(task_ids=[one.task.id], seen={one.task.id: one.task.content_hash})
    run_until_idle()
    with as_system(world.bremnes.id):
        assert Order.objects.get().supplier_id == world.storhus.id


def test_a_kind_of_unit_that_is_excluded_after_the_basket_was_filled_is_stopped_at_submit(world):
    with viewing(world.viewer("bjorn")):
        basket = requisition.create(unit_id=world.units["care"].id, lines=[_coffee(world)])
    with everything("the contract owner narrows the agreement"):
        Agreement.objects.filter(id=world.lorry.id).update(excluded_unit_kinds=["school", "care_home"])
    with viewing(world.viewer("bjorn")), pytest.raises(Refusal) as caught:
        requisition.submit(requisition_id=basket)
    assert caught.value.code == "AGREEMENT_EXCLUDES_UNIT"
