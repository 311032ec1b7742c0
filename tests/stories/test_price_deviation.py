"""Price deviation: the invoice asks for more than was agreed, and a person with mandate decides."""

from __future__ import annotations

import pytest

from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.matching import operations as matching
from avrop.matching import queries as matches
from avrop.matching.models import Deviation, Match
from avrop.portal.models import SalesInvoice
from avrop.tenancy.scope import as_system, viewing
from tests.stories.purchase import Line, Purchase, deliver, invoice_xml, ordered

pytestmark = pytest.mark.django_db


def overpriced(world) -> Purchase:
    """10 boxes of paper at 52.90, received; the invoice says 60.00."""
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    line = Line("10", "60.00", "40-2210", order_line="1")
    deliver(invoice_xml(world.kontor, world.bremnes, [line], order=purchase.number))
    return purchase


def the_match(world) -> Match:
    with as_system(world.bremnes.id):
        return Match.objects.get()


def test_the_deviation_names_the_prices_the_owner_and_the_deadline(world) -> None:
    purchase = overpriced(world)
    (outcome,) = purchase.outcomes()
    assert outcome["state"] == "deviation"
    assert outcome["lines"] == [
        {
            "line": "1",
            "order": purchase.number,
            "order_line": "1",
            "outcome": "deviation",
            "deviations": [{"code": "PRICE", "expected": "52.90", "found": "60.00"}],
        }
    ]
    with as_system(world.bremnes.id):
        (deviation,) = Deviation.objects.all()
    assert deviation.owner_role == "invoice_clerk"
    assert deviation.due > deviation.opened_at.date()
    assert deviation.amount == 8_875  # 10 x 7.10 above, with 25 % VAT


def test_the_clerk_accepts_within_mandate_and_the_invoice_goes_to_the_books(world) -> None:
    purchase = overpriced(world)
    with viewing(world.viewer("fakta")):
        matching.accept_deviations(match_id=the_match(world).id, comment="Avtalt per telefon")
    run_until_idle()
    assert purchase.states() == ["approved"]
    purchase.to_the_books()
    balance = purchase.balance()
    assert (balance.committed, balance.accrued, balance.invoiced, balance.posted) == (0, 0, 0, 60_000)
    with as_system(world.bremnes.id):
        assert matches.touchless_since().part == 0


def test_neither_the_requester_nor_a_mandate_too_small_can_accept(world) -> None:
    overpriced(world)
    with viewing(world.viewer("berit")), pytest.raises(Refusal, match="MATCH_CLERK_ONLY"):
        matching.accept_deviations(match_id=the_match(world).id, comment="Greitt")
    with viewing(world.viewer("pleie")), pytest.raises(Refusal, match="MATCH_MANDATE"):
        matching.accept_deviations(match_id=the_match(world).id, comment="Greitt")
    assert the_match(world).state == "deviation"


def test_the_clerk_rejects_and_the_supplier_is_told_why(world) -> None:
    purchase = overpriced(world)
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(match_id=the_match(world).id, reason_code="PRI", reason="Prisen er for høg")
    run_until_idle()
    assert purchase.states() == ["rejected"]
    with as_system(world.bremnes.id):
        from avrop.invoicing.models import Invoice

        assert Invoice.objects.get().response_code == "RE"
    with as_system(world.kontor.id):
        assert SalesInvoice.objects.count() == 0  # their own system made it


def test_a_little_above_the_price_passes(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.receive()
    line = Line("10", "53.90", "40-2210", order_line="1")  # 1.9 % and 10 kr a line
    deliver(invoice_xml(world.kontor, world.bremnes, [line], order=purchase.number))
    assert purchase.states() == ["approved"]
