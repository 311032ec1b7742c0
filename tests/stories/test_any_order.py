"""Order change, receipt and invoice may come in any order; the end is the same, by the real operations."""

from __future__ import annotations

from itertools import permutations

import pytest

from avrop.journal import audit
from avrop.journal.worker import run_until_idle
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.portal.facts import LineAnswer
from avrop.tenancy.scope import viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered

pytestmark = pytest.mark.django_db


def change_the_price(purchase: Purchase) -> None:
    """The supplier proposes 54.00; the requester accepts."""
    purchase.answer("change", lines={"1": LineAnswer(price=54_000_000)})
    with viewing(purchase.world.viewer("rektor")):
        (response,) = orders.responses(purchase.order_id)
        ordering.decide_change(response_id=response.id, accept=True)
    run_until_idle()


def bill(purchase: Purchase) -> None:
    line = Line("10", "54.00", "40-2210", order_line="1")
    deliver(invoice_xml(purchase.world.kontor, purchase.world.bremnes, [line], order=purchase.number))


# Ordering takes no change of an order that has come in full, so the change is before the last of the goods.
STEPS = {"change": change_the_price, "receipt": Purchase.receive, "invoice": bill}


ORDERS = [one for one in permutations(STEPS) if one.index("change") < one.index("receipt")]


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_the_end_is_the_same(world, order: tuple[str, ...]) -> None:
    purchase = ordered(world, ("papir", 10))
    for step in order:
        STEPS[step](purchase)
    assert purchase.states() == ["approved"]
    purchase.to_the_books()
    balance = purchase.balance()
    assert (balance.reserved, balance.committed, balance.accrued, balance.invoiced) == (0, 0, 0, 0)
    assert balance.posted == 54_000
    report = audit.verify(covered=False)
    assert report.ok, report.places
