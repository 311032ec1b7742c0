"""A supplier's week: what is asked, refused, sent back and argued about, and that it all adds up in the end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avrop.delivery import operations as delivery
from avrop.delivery import queries as deliveries
from avrop.journal import audit
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.kernel.money import MICRO
from avrop.kernel.ports import today
from avrop.matching import operations as matching
from avrop.matching.models import Match
from avrop.messaging.models import Message
from avrop.ordering import operations as ordering
from avrop.ordering import queries as orders
from avrop.ordering.facts import ChangedLine
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.portal.facts import Credit, SalesOrderFacts
from avrop.portal.models import SalesInvoice
from avrop.tenancy.scope import as_system, viewing
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.kinds import Identifier
from tests.stories.purchase import Purchase, deliver, ordered

pytestmark = pytest.mark.django_db


def mine(purchase: Purchase) -> SalesOrderFacts:
    """The order as the seller sees it."""
    with viewing(purchase.world.seller()):
        found = sales.order_by_number(purchase.number)
    assert found is not None
    return found


def invoices(purchase: Purchase) -> list[SalesInvoice]:
    with viewing(purchase.world.seller()):
        return list(sales.invoices().order_by("created_at"))


def credit(purchase: Purchase, of: SalesInvoice, **more) -> SalesInvoice:
    with viewing(purchase.world.seller()):
        ident = portal.credit_invoice(sales_invoice_id=of.id, **more)
    run_until_idle()
    return next(one for one in invoices(purchase) if one.id == ident)


def answer(purchase: Purchase, decision: str, **more) -> None:
    """The clerk answers the change or cancellation that waits."""
    with viewing(purchase.world.seller()):
        (asked,) = sales.changes_asked()
        portal.answer_change(sales_change_id=asked.id, decision=decision, **more)
    run_until_idle()


def match_of(purchase: Purchase, number: str) -> Match:
    with as_system(purchase.world.bremnes.id):
        return Match.objects.get(invoice__number=number)


def invoiced(world, received: int | None = 10) -> tuple[Purchase, SalesInvoice]:
    """Ten packs of paper at 52.90, ordered, accepted, received and invoiced."""
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    if received:
        purchase.receive({1: received})
    purchase.invoice()
    (sent,) = invoices(purchase)
    return purchase, sent


def owed(purchase: Purchase) -> int:
    with viewing(purchase.world.seller()):
        return sales.figures()["owed"]


def audited() -> None:
    report = audit.verify(covered=False)
    assert report.ok, report.places


def test_the_school_needs_fewer_and_the_binders_are_on_their_way_already(world) -> None:
    purchase = ordered(world, ("papir", 10), ("perm", 2))
    purchase.answer("accept")
    with viewing(world.viewer("berit")):
        ordering.propose_change(
            order_id=purchase.order_id, lines=[ChangedLine(1, 6 * MICRO), ChangedLine(2, None)]
        )
    run_until_idle()
    assert mine(purchase).changes_asked == 1
    answer(purchase, "lines", declined={"2": True}, note="Permane er alt på veg")
    assert [line.agreed_quantity for line in mine(purchase).lines] == [6 * MICRO, 2 * MICRO]
    standing = purchase.order()
    assert [line.quantity for line in standing.lines if not line.cancelled] == [6 * MICRO, 2 * MICRO]
    purchase.receive()
    purchase.invoice()
    assert purchase.states() == ["approved"]
    assert mine(purchase).state == "invoiced"
    audited()


def test_the_order_was_taken_back_after_half_of_it_was_invoiced(world) -> None:
    purchase = ordered(world, ("papir", 10))
    purchase.answer("accept")
    purchase.invoice({"1": 4})
    with viewing(world.viewer("berit")):
        ordering.cancel_order(order_id=purchase.order_id, reason="Skulen er stengd")
    run_until_idle()
    with pytest.raises(Refusal, match="CHANGE_BELOW_INVOICED"):
        answer(purchase, "accept")
    answer(purchase, "decline", note="Fire pakkar er alt leverte og fakturerte")
    assert mine(purchase).state == "accepted"
    assert purchase.order().ended == ""
    with as_system(world.bremnes.id):
        assert [(one.kind, one.state) for one in orders.changes(purchase.order_id)] == [
            ("cancellation", "declined")
        ]
    audited()


def test_an_order_taken_back_in_time_costs_nobody_anything(world) -> None:
    purchase = ordered(world, ("papir", 10))
    with viewing(world.viewer("berit")):
        ordering.cancel_order(order_id=purchase.order_id, reason="Bestilt to gonger")
    run_until_idle()
    answer(purchase, "accept")
    assert (mine(purchase).state, purchase.order().ended) == ("cancelled", "cancelled")
    assert purchase.balance().committed == 0
    audited()


def test_the_price_was_too_high_and_they_asked_for_the_difference(world) -> None:
    purchase, sent = invoiced(world, received=None)
    with viewing(world.viewer("fakta")):
        matching.ask_for_credit(
            match_id=match_of(purchase, sent.number).id, reason_code="PRI", action="CNP", amount=36_25,
            reason="Avtalt pris er 50,00",
        )  # fmt: skip
    run_until_idle()
    with viewing(world.seller()):
        (due,) = sales.to_credit()
    assert (due.id, due.asked, due.response_note) == (sent.id, "CNP", "Avtalt pris er 50,00")
    note = credit(purchase, sent, lines={1: Credit(amount=29_00)}, reason="Prisen er sett ned til 50,00")
    with viewing(world.seller()):
        assert list(sales.to_credit()) == []
    purchase.receive()
    assert (match_of(purchase, sent.number).state, match_of(purchase, note.number).state) == (
        "approved",
        "approved",
    )
    # 529.00 less 29.00: the amount falls, the quantity does not
    assert purchase.balance().invoiced == 500_00
    assert [line.open for line in mine(purchase).lines] == [0]
    assert owed(purchase) == 625_00
    audited()


def test_three_packs_came_back_and_were_credited(world) -> None:
    purchase, sent = invoiced(world)
    with as_system(world.bremnes.id):
        (receipt,) = deliveries.receipts([purchase.order_id])
    with viewing(world.viewer("berit")):
        delivery.send_back(
            receipt_id=receipt.id, quantities={1: 3 * MICRO}, reason_code="damaged", expects="credit"
        )
    run_until_idle()
    note = credit(purchase, sent, lines={1: Credit(quantity=3 * MICRO)}, reason="Tre pakkar i retur")
    assert note.gross == 198_38  # 158.70 and 25 %
    assert match_of(purchase, note.number).state == "approved"
    assert purchase.balance().invoiced == 370_30
    audited()


def test_the_buyer_rejected_the_invoice_and_got_a_new_one(world) -> None:
    purchase, sent = invoiced(world, received=None)
    with viewing(world.viewer("fakta")):
        matching.reject_invoice(
            match_id=match_of(purchase, sent.number).id, reason_code="REF", reason="Feil referanse"
        )
    run_until_idle()
    with viewing(world.seller()):
        (due,) = sales.to_credit()
    assert (due.number, due.response_code) == (sent.number, "RE")
    assert mine(purchase).state == "accepted", "what was invoiced is free again"
    credit(purchase, sent, reason="Fakturaen er avvist")
    purchase.receive()
    purchase.invoice()
    assert mine(purchase).state == "invoiced"
    new = [one for one in invoices(purchase) if one.kind == "invoice"][-1]
    assert new.number != sent.number
    assert match_of(purchase, new.number).state == "approved"
    assert purchase.balance().invoiced == 529_00
    assert owed(purchase) == 661_25
    audited()


def test_they_would_not_pay_before_we_had_talked(world) -> None:
    purchase, sent = invoiced(world, received=None)
    with viewing(world.viewer("fakta")):
        matching.dispute(
            match_id=match_of(purchase, sent.number).id,
            code="UQ",
            reason_code="QUA",
            reason="Papiret er fuktig",
        )
    run_until_idle()
    with viewing(world.seller()):
        assert sales.figures()["disputed"] == 1
        row = sales.invoice(sent.id)
    assert row is not None and (row.response_code, row.response_note) == ("UQ", "Papiret er fuktig")


def test_our_invoice_was_turned_away_at_the_door(world) -> None:
    purchase, sent = invoiced(world, received=None)
    with as_system(world.kontor.id):
        message = Message.objects.get(id=sent.message_id)
    broken = mlr.Place("NA", (mlr.Issue("[BR-CO-15] The sums do not add up", mlr.RULE_FATAL),))
    told = mlr.MessageLevelResponse(
        "MLR-1",
        today(),
        Identifier(world.bremnes.orgnr, "0192"),
        Identifier(world.kontor.orgnr, "0192"),
        mlr.REJECTED,
        message.instance_id,
        issue_time="12:00:00Z",
        places=(broken,),
    )
    deliver(mlr.write(told))
    with viewing(world.seller()):
        row = sales.invoice(sent.id)
        assert row is not None
        stopped = sales.stopped(row)
    assert stopped is not None and (stopped.state, stopped.reason) == ("rejected", "REJECTED_BY_RECEIVER")
    with viewing(world.seller()):
        assert [one.number for one in sales.to_credit()] == [sent.number]
    assert (mine(purchase).state, owed(purchase)) == ("accepted", 0), "what it billed is free again"
    deliver(mlr.write(replace(told, id="MLR-2")))  # said once more
    assert [line.open for line in mine(purchase).lines] == [10 * MICRO]
    credit(purchase, sent, reason="Kom aldri fram")
    purchase.invoice()
    assert mine(purchase).state == "invoiced"
    assert owed(purchase) == 661_25
    with viewing(world.seller()):
        assert list(sales.to_credit()) == []
