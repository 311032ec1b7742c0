"""The supplier's answer: real T76 messages through the inbound path; a change is a proposal until decided."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from avrop.commitments.models import Account
from avrop.commitments.queries import check
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.ordering import operations, queries
from avrop.ordering.models import Order, OrderResponse
from avrop.requisition.tests.helpers import approve_all, free_line, item_line, submitted
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import as_system, everything, viewing
from avrop.ubl.build import norwegian_party, plain_party
from avrop.ubl.documents import order_response as t76
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Quantity
from avrop.web.refusals import sentence
from tests.world import MICRO


@pytest.fixture
def order(world) -> Order:
    """Ten reams of paper and four binders, sent: 627.00 net, 783.75 with VAT."""
    submitted(world, item_line(world, "papir", 10), item_line(world, "perm", 4))
    approve_all(world)
    with as_system(world.bremnes.id):
        return Order.objects.get()


def line(no: int, code: str = "3", quantity: str = "", price: str = "", **more: str) -> t76.OrderResponseLine:
    return t76.OrderResponseLine(
        id=str(no),
        order_line_id=str(no),
        status_code=code,
        quantity=Quantity(Decimal(quantity), more.get("unit", "EA")) if quantity else None,
        price=p.Price(Decimal(price)) if price else None,
        item=p.Item(name=more.get("name", "Vare")),
        note=more.get("note"),
        substitute=p.Item(name=more["instead"], sellers_id=more["sku"]) if "sku" in more else None,
        substitute_id=str(no) if "sku" in more else None,
    )


def respond(world, order, code: str, *lines, seller=None, number="SV-1", reference: str = "") -> Message:
    """The supplier's message comes in and is dealt with."""
    with everything("tests"):
        parties = tenancy.parties([world.bremnes.id, (seller or world.kontor).id])
    mine, theirs = parties[world.bremnes.id], parties[(seller or world.kontor).id]
    raw = t76.write(
        t76.OrderResponse(
            id=number,
            issue_date=date(2026, 11, 23),
            order_reference=reference or order.number,
            seller=plain_party(norwegian_party(theirs.orgnr, theirs.name)),
            buyer=plain_party(norwegian_party(mine.orgnr, mine.name)),
            code=code,
            currency="NOK",
            lines=lines,
        )
    )
    got = intake.receive(raw, transport="file")
    run_until_idle()
    with everything("tests"):
        return Message.objects.get(id=got.message_id)


def now(world) -> Order:
    with as_system(world.bremnes.id):
        return Order.objects.get()


def committed(world) -> int:
    with as_system(world.bremnes.id):
        assert check() == []
        return sum(Account.objects.values_list("committed", flat=True))


def proposal(world) -> OrderResponse:
    with as_system(world.bremnes.id):
        return OrderResponse.objects.get(state="proposed")


def decide(world, login="berit", accept=True) -> str:
    """The refusal's sentence, or ""."""
    response = proposal(world)
    with viewing(world.viewer(login)):
        try:
            operations.decide_change(response_id=response.id, accept=accept)
        except Refusal as refusal:
            return f"{refusal.code}: {sentence(refusal)}"
    run_until_idle()
    return ""


def test_an_acceptance_is_noted(world, order):
    message = respond(world, order, "AP")
    assert message.state == "routed"
    assert message.refers_to == f"ordering.Order:{order.id.hex}"
    assert now(world).response_state == "accepted"
    assert committed(world) == 627_00


def test_a_receipt_of_the_order_changes_nothing(world, order):
    respond(world, order, "AB")
    assert now(world).response_state == "awaited"


def test_a_rejection_releases_the_commitment(world, order):
    respond(world, order, "RE")
    assert now(world).response_state == "rejected"
    assert committed(world) == 0
    respond(world, order, "AP", number="SV-2")  # too late
    assert now(world).response_state == "rejected"


def test_a_change_is_only_a_proposal(world, order):
    respond(world, order, "CA", line(1, quantity="8", price="53.00", note="To er utselde"))
    with as_system(world.bremnes.id):
        facts = queries.order(order.id)
        (answer,) = queries.responses(order.id)
    assert facts is not None
    assert (facts.response_state, facts.lines[0].quantity, facts.net) == ("proposed", 10 * MICRO, 627_00)
    assert (answer.lines[0].quantity, answer.lines[0].price) == (8 * MICRO, 53 * MICRO)
    assert answer.lines[0].note == "To er utselde"
    assert committed(world) == 627_00


def test_an_accepted_change_becomes_the_order_and_the_commitment_follows(world, order):
    respond(world, order, "CA", line(1, quantity="8"), line(2, "7"))
    assert decide(world) == ""
    with as_system(world.bremnes.id):
        facts = queries.order(order.id)
    assert facts is not None
    assert facts.response_state == "changed"
    assert [(one.quantity, one.cancelled) for one in facts.lines] == [(8 * MICRO, False), (4 * MICRO, True)]
    assert (facts.net, facts.gross, facts.approved_gross) == (423_20, 529_00, 783_75)
    assert committed(world) == 423_20


def test_a_declined_change_leaves_the_order_as_sent(world, order):
    respond(world, order, "CA", line(1, quantity="8"))
    assert decide(world, accept=False) == ""
    assert (now(world).response_state, now(world).net) == ("awaited", 627_00)
    assert committed(world) == 627_00


def test_growth_up_to_the_lower_limit_is_the_requesters_to_accept_and_above_it_is_not(world, order):
    # 2 % of 783.75 is 15.67 with VAT: 1.25 kr more a ream is 15.63, 1.26 is 15.75.
    respond(world, order, "CA", line(1, price="54.15"))
    assert decide(world) == ""
    respond(world, order, "CA", line(1, price="54.16"), number="SV-2")
    said = decide(world)
    assert said.startswith("CHANGE_ABOVE_LIMIT")
    assert "15,75" in said and "15,67" in said and "2 %" in said and "100,00" in said


def test_growth_adds_up_over_several_changes(world, order):
    respond(world, order, "CA", line(1, price="53.70"))  # 10 kr with VAT
    assert decide(world) == ""
    respond(world, order, "CA", line(2, price="26.50"), number="SV-2")  # 10 kr more
    assert decide(world).startswith("CHANGE_ABOVE_LIMIT")


def test_somebody_with_a_mandate_may_accept_more_and_that_is_the_new_approval(world, order):
    respond(world, order, "CA", line(1, price="80.00"))
    assert decide(world).startswith("CHANGE_ABOVE_LIMIT")
    assert decide(world, "pleie").startswith("NOT_YOUR_ORDER")
    assert decide(world, "rektor") == ""
    assert now(world).gross == now(world).approved_gross == 1122_50
    assert committed(world) == 898_00


def test_a_substitute_is_shown_and_taken_over_when_accepted(world, order):
    respond(world, order, "CA", line(1, price="50.00", sku="40-9999", instead="Anna papir"))
    assert decide(world) == ""
    with as_system(world.bremnes.id):
        facts = queries.order(order.id)
    assert facts is not None
    assert (facts.lines[0].seller_item_id, facts.lines[0].name) == ("40-9999", "Anna papir")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (line(9, name="Gåvekort"), "CHANGE_ADDS_LINE"),
        (line(1, "1", name="Gåvekort"), "CHANGE_ADDS_LINE"),
        (line(1, quantity="2", unit="PK"), "PROPOSAL_IN_OTHER_UNIT"),
    ],
)
def test_what_was_not_ordered_can_only_be_declined(world, order, answer, code):
    respond(world, order, "CA", answer)
    assert decide(world).startswith(code)
    assert decide(world, accept=False) == ""


def test_a_price_confirmed_within_the_frame_needs_nobodys_hand(world):
    submitted(world, free_line(world, "Reparasjon av piano", 900))
    approve_all(world)
    respond(world, now(world), "CA", line(1, price="750.00"))
    assert (now(world).response_state, now(world).net) == ("changed", 750_00)
    assert committed(world) == 750_00


def test_a_price_above_the_frame_is_approved_anew_by_somebody_with_a_mandate(world):
    submitted(world, free_line(world, "Reparasjon av piano", 900))
    approve_all(world)
    respond(world, now(world), "CA", line(1, price="900.01"))
    assert now(world).response_state == "proposed"
    said = decide(world)
    assert said.startswith("FRAME_PASSED")
    assert "900,00" in said and "900,01" in said
    assert decide(world, "rektor") == ""
    assert (now(world).response_state, now(world).net, now(world).approved_gross) == (
        "changed",
        900_01,
        1125_01,
    )
    assert committed(world) == 900_01


def test_a_later_answer_takes_the_place_of_an_undecided_proposal(world, order):
    respond(world, order, "CA", line(1, quantity="8"))
    first = proposal(world)
    respond(world, order, "CA", line(1, quantity="9"), number="SV-2")
    assert proposal(world).id != first.id
    with viewing(world.viewer("berit")), pytest.raises(Refusal) as caught:
        operations.decide_change(response_id=first.id, accept=True)
    assert caught.value.code == "CHANGE_DECIDED"
    assert decide(world) == ""
    assert now(world).net == 9 * 52_90 + 98_00


def test_another_suppliers_answer_is_refused_and_kept(world, order):
    message = respond(world, order, "AP", seller=world.storhus)
    assert (message.state, message.reason) == ("refused", "RESPONSE_OTHER_SUPPLIER")
    assert now(world).response_state == "awaited"


def test_an_answer_to_an_order_that_is_not_ours_is_refused_and_kept(world, order):
    message = respond(world, order, "AP", reference="1999-00001")
    assert (message.state, message.reason) == ("refused", "RESPONSE_UNKNOWN_ORDER")


def test_the_same_message_again_is_filed_once(world, order):
    respond(world, order, "AP")
    respond(world, order, "AP")
    with as_system(world.bremnes.id):
        assert OrderResponse.objects.count() == 1


def test_goods_that_have_come_bind_the_quantity(world, order):
    with as_system(world.bremnes.id):
        operations.note_receipt(order_id=order.id, complete=False)
    respond(world, order, "CA", line(1, quantity="8"))
    assert decide(world).startswith("CHANGE_AFTER_RECEIPT")


def test_a_rejection_after_goods_have_come_is_refused_and_kept(world, order):
    with as_system(world.bremnes.id):
        operations.note_receipt(order_id=order.id, complete=False)
    message = respond(world, order, "RE")
    assert (message.state, message.reason) == ("refused", "REJECTED_AFTER_RECEIPT")
    assert (now(world).response_state, committed(world)) == ("awaited", 627_00)


def test_a_stranger_does_not_find_the_proposal(world, order):
    respond(world, order, "CA", line(1, quantity="8"))
    response = proposal(world)
    with viewing(world.viewer("finn", "fjell")), pytest.raises(OrderResponse.DoesNotExist):
        operations.decide_change(response_id=response.id, accept=True)


def test_progress_only_goes_forward(world, order):
    with as_system(world.bremnes.id):
        operations.note_receipt(order_id=order.id, complete=True)
        operations.note_receipt(order_id=order.id, complete=False)
        operations.note_invoice(order_ids=[order.id], full=[])
    assert (now(world).receipt_state, now(world).invoice_state) == ("full", "partial")
