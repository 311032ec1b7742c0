"""Free text is approved as "up to NOK N": the invoice is matched by amount within that frame."""

from __future__ import annotations

import pytest

from avrop.journal.worker import run_until_idle
from avrop.requisition.facts import NewLine
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered_lines

pytestmark = pytest.mark.django_db


def repair(world) -> Purchase:
    """Repair of a copying machine, up to 3,000 kr without VAT."""
    line = NewLine(
        name="Reparasjon av kopimaskin", frame=300_000, reason="Står stille", supplier_id=world.kontor.id
    )
    return ordered_lines(world, [line])


def bill(purchase: Purchase, price: str, number: str = "9001") -> None:
    world = purchase.world
    line = Line("1", price, "", name="Reparasjon", order_line="1")
    deliver(invoice_xml(world.kontor, world.bremnes, [line], order=purchase.number, number=number))


def test_an_invoice_below_the_frame_is_paid_and_what_is_not_used_goes_back_to_the_budget(world) -> None:
    purchase = repair(world)
    assert purchase.balance().committed == 300_000
    purchase.receive()
    bill(purchase, "2400.00")
    assert purchase.states() == ["approved"]
    purchase.to_the_books()
    balance = purchase.balance()
    assert (balance.committed, balance.accrued, balance.invoiced, balance.posted) == (0, 0, 0, 240_000)


def test_above_the_frame_and_a_second_invoice_past_it_deviate(world) -> None:
    purchase = repair(world)
    purchase.receive()
    bill(purchase, "2000.00", "1")
    bill(purchase, "1000.01", "2")
    run_until_idle()
    assert purchase.states() == ["approved", "deviation"]
    deviations = purchase.outcomes()[1]["lines"][0]["deviations"]
    assert {"code": "PRICE", "expected": "1000.00", "found": "1000.01"} in deviations
