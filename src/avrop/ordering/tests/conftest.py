"""An order to change, and the official rules for order messages."""

from __future__ import annotations

import pytest

from avrop.journal.worker import run_until_idle
from avrop.ordering.models import Order
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.requisition.tests.helpers import approve_all, item_line, submitted
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl.rulesets import Registry


@pytest.fixture(scope="session")
def rules(shared, tmp_path_factory) -> Registry:
    """The registry with the UBL schemas and the Post-Award rules of 2025.11."""
    registry = Registry(tmp_path_factory.mktemp("rules"))
    registry.install(shared / "standards" / "ubl")
    registry.install(shared / "standards" / "peppol" / "postaward" / "2025.11")
    return registry


@pytest.fixture
def order(world) -> Order:
    """Ten reams of paper and four binders, sent and accepted: 627.00 net, 783.75 with VAT."""
    submitted(world, item_line(world, "papir", 10), item_line(world, "perm", 4))
    approve_all(world)
    with as_system(world.bremnes.id):
        found = Order.objects.get()
    with viewing(world.seller()):
        portal.answer(sales_order_id=sales.order_by_number(found.number).id, decision="accept", lines={})
    run_until_idle()
    return found
