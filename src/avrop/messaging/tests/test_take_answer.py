"""An MLR or MLS from the other side is laid with our message; a rejection has an owner and the order tells it."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import originals
from avrop.messaging.models import Message
from avrop.messaging.tests.envelopes import (
    STRANGER,
    answer_to_order,
    by_id,
    cases,
    deliver,
    in_envelope,
    sent,
)
from avrop.ordering.models import Order
from avrop.requisition.tests.helpers import approve_all, item_line, submitted
from avrop.tenancy.scope import everything
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.kinds import Identifier

OURS, THEIRS = "0242:000123", "0242:000456"


@pytest.fixture
def order(world) -> Message:
    """The message that carried an order to the office supplier."""
    submitted(world, item_line(world, "papir", 10))
    approve_all(world)
    run_until_idle()
    (message,) = sent(document_type="order")
    assert message.state == "sent"
    return message


def answer(question: Message, code: str, sender: str = "", **more) -> bytes:
    """An MLR about a message of ours, from the one it was sent to unless another is named."""
    places = (mlr.Place("/Order/cbc:ID", (mlr.Issue("[R-1] The number is too long", "BV"),)),)
    return in_envelope(
        mlr.write(
            mlr.MessageLevelResponse(
                "A1",
                date(2026, 11, 23),
                _end(sender or question.receiver),
                _end(question.sender),
                code,
                question.instance_id,
                description="Did not pass" if code == "RE" else None,
                places=places if code == "RE" else (),
            )
        ),
        sender or question.receiver,
        question.sender,
        **more,
    )


def _end(endpoint: str) -> Identifier:
    scheme, _colon, value = endpoint.partition(":")
    return Identifier(value, scheme)


def _order() -> Order:
    with everything("tests"):
        return Order.objects.select_related("message").get()


def test_a_rejection_is_a_case_and_the_order_tells_that_it_was_rejected_on_the_way(world, order) -> None:
    got = deliver(answer(order, "RE"))
    assert got.state == "routed" and got.refers_to == f"messaging.Message:{order.id.hex}"
    assert got.outcome["answer"] == "RE"
    assert [(f["id"], f["location"]) for f in got.findings] == [("BV", "/Order/cbc:ID")]
    question = by_id(order.id)
    assert (question.state, question.reason) == ("rejected", "REJECTED_BY_RECEIVER")
    assert question.params["said"] == "Did not pass"
    (case,) = cases(question)
    assert (case.kind, case.owner_role, case.tenant_id) == (
        "rejected_message",
        "buyer_admin",
        world.bremnes.id,
    )
    assert _order().transport_state == "rejected"


def test_the_orders_page_and_the_purchases_thread_tell_it(world, order, client) -> None:
    deliver(answer(order, "RE"))
    client.force_login(world.people["berit"])
    client.cookies["avrop_language"] = "en"
    row = _order()
    for address, said in (
        (
            reverse("ordering:order", kwargs={"slug": "bremnes", "order_id": row.id}),
            "Rejected by the supplier's system",
        ),
        (
            reverse("desk:thread", kwargs={"slug": "bremnes", "stream": row.stream}),
            "The supplier's system rejected the order",
        ),
    ):
        page = client.get(address)
        assert page.status_code == 200
        assert said in unescape(page.content.decode()), address


def test_an_acceptance_changes_nothing_but_is_laid_with_the_question(world, order) -> None:
    got = deliver(answer(order, "AP"))
    assert got.refers_to == f"messaging.Message:{order.id.hex}" and got.outcome["answer"] == "AP"
    assert by_id(order.id).state == "sent" and cases(order) == []


def test_a_second_rejection_opens_no_second_case(world, order) -> None:
    deliver(answer(order, "RE"))
    second = deliver(answer(order, "RE", instance_id="another"))
    assert second.state == "routed" and len(cases(order)) == 1


def test_nobody_but_the_receiver_can_reject_our_message(world, order) -> None:
    got = deliver(answer(order, "RE", sender=STRANGER))
    assert (got.state, got.reason) == ("refused", "ANSWER_NOT_FROM_RECEIVER")
    assert by_id(order.id).state == "sent"
    assert cases(got)[0].owner_role == "invoice_clerk"


def test_another_buyers_message_cannot_be_answered_through_us(world, order) -> None:
    """Fjell gets an answer that names Bremnes' message: to Fjell that message does not exist."""
    elsewhere = mlr.write(
        mlr.MessageLevelResponse(
            "A1",
            date(2026, 11, 23),
            _end(order.receiver),
            _end(world.fjell.endpoint),
            "RE",
            order.instance_id,
        )
    )
    got = deliver(in_envelope(elsewhere, order.receiver, world.fjell.endpoint))
    assert (got.owner_id, got.reason) == (world.fjell.id, "ANSWER_UNKNOWN")
    assert by_id(order.id).state == "sent"


def test_an_mls_to_the_platform_is_laid_with_the_buyers_message(world, order, settings) -> None:
    settings.AVROP_SPIS = OURS
    body = mls.write(
        mls.MessageLevelStatus(
            "S1",
            date(2026, 11, 23),
            _end(THEIRS),
            _end(OURS),
            "RE",
            order.instance_id,
            issue_time="12:00:00Z",
            description="Receiver unknown",
            places=(mls.Place("NA", (mls.Issue("No such participant", "FD"),)),),
        )
    )
    got = deliver(in_envelope(body, THEIRS, OURS))
    assert (got.owner_id, got.state) == (world.bremnes.id, "routed")
    assert by_id(order.id).state == "rejected"


def test_an_answer_may_overtake_the_news_that_the_question_left(world, order) -> None:
    from avrop.messaging import operations
    from avrop.messaging.facts import Judged
    from avrop.tenancy.scope import as_system

    with everything("tests"):
        Message.objects.filter(id=order.id).update(state="queued", sha256="", body=b"<Order/>", size=8)
    deliver(answer(order, "RE"))
    with as_system(world.bremnes.id):
        operations.mark_sent(
            message=by_id(order.id), sha256=order.sha256, size=1, transmission="t", judged=Judged()
        )
    question = by_id(order.id)
    assert (question.state, question.sha256, question.body) == ("rejected", order.sha256, None)


def test_a_rejected_order_response_goes_back_and_forth_between_two_organisations_here(world, order) -> None:
    """The supplier's answer names no order of Bremnes': Bremnes rejects it, and the supplier reads why."""
    from avrop.messaging.within import enqueue
    from avrop.tenancy.scope import as_system

    body = answer_to_order(world, seller=world.kontor.endpoint)
    with as_system(world.kontor.id):
        _send(world, body, enqueue)
    run_until_idle()
    (question,) = sent(document_type="order_response")
    assert (question.state, question.reason) == ("rejected", "REJECTED_BY_RECEIVER")
    assert "no such order" in question.params["said"]
    assert [case.owner_role for case in cases(question)] == ["supplier_user"]


def _send(world, body: bytes, enqueue) -> None:
    from avrop.journal.operation import operation
    from avrop.ubl.documents import order_response as t76
    from avrop.ubl.identify import document_type_id

    @operation
    def send() -> None:
        enqueue(
            owner_id=world.kontor.id,
            sender=world.kontor.endpoint,
            receiver=world.bremnes.endpoint,
            document_type="order_response",
            document_type_id=document_type_id("OrderResponse", t76.CUSTOMIZATION),
            process_id=t76.PROFILE,
            number="SV-1",
            refers_to="",
            stream="test",
            body=body,
        )

    send()


def test_what_was_sent_can_still_be_fetched_after_a_rejection(world, order) -> None:
    deliver(answer(order, "RE"))
    assert originals().get(by_id(order.id).sha256).startswith(b"<?xml")
