"""At the door: who an envelope is from and for, and that nothing is lost where nobody is set up."""

from __future__ import annotations

import hashlib

import pytest

from avrop.journal.models import Entry
from avrop.kernel.ports import originals
from avrop.messaging import intake
from avrop.messaging.tests.envelopes import STRANGER, answer_to_order, answers, cases, deliver, in_envelope
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import everything


def test_nobody_sends_an_invoice_in_anothers_name(world, wrong_invoice) -> None:
    got = deliver(in_envelope(wrong_invoice, STRANGER, world.bremnes.endpoint))
    assert (got.state, got.reason) == ("refused", "SENDER_CONTRADICTED")
    assert got.params == {"envelope": STRANGER, "document": world.kontor.endpoint}
    assert [case.owner_role for case in cases(got)] == ["invoice_clerk"]
    (answer,) = answers()
    assert answer.receiver == STRANGER  # the one who sent it, not the one whose name was used


def test_an_order_in_another_buyers_name_never_reaches_the_seller(world) -> None:
    from lxml import etree

    from avrop.messaging.tests.envelopes import sent
    from avrop.portal.models import SalesOrder
    from avrop.requisition.tests.helpers import approve_all, item_line, submitted
    from avrop.ubl.gate import admit
    from avrop.ubl.sbdh import unwrap

    submitted(world, item_line(world, "papir", 1))
    approve_all(world)
    (order,) = sent(document_type="order")
    body = etree.tostring(unwrap(admit(bytes(order.body or originals().get(order.sha256))).root)[1])
    got = deliver(in_envelope(body, world.fjell.endpoint, world.kontor.endpoint))
    assert (got.reason, cases(got)[0].owner_role) == ("SENDER_CONTRADICTED", "supplier_user")
    with everything("tests"):
        assert not SalesOrder.objects.filter(buyer_endpoint=world.fjell.endpoint).exists()


def test_an_envelope_for_us_with_a_document_for_another_is_refused(world, wrong_invoice) -> None:
    got = deliver(in_envelope(wrong_invoice, world.kontor.endpoint, world.fjell.endpoint))
    assert (got.owner_id, got.reason) == (world.fjell.id, "RECEIVER_CONTRADICTED")
    assert got.params == {"envelope": world.fjell.endpoint, "document": world.bremnes.endpoint}


def test_an_access_point_may_send_for_a_seller_whose_envelope_it_is(world, wrong_invoice) -> None:
    raw = in_envelope(wrong_invoice, world.kontor.endpoint.upper(), world.bremnes.endpoint)
    assert deliver(raw, transport="as4").reason == ""


def test_the_log_names_the_other_party_also_when_it_does_not_live_here(world) -> None:
    got = deliver(in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint))
    assert got.other_name == "Framand AS"


@pytest.mark.parametrize("raw", [b"hello", b"<Invoice/>"])
def test_an_installation_that_nobody_set_up_keeps_a_trace_of_what_came_in(db, settings, raw: bytes) -> None:
    settings.AVROP_OPERATOR = "drifta"
    got = intake.receive(raw, transport="file")
    operator = Organisation.objects.get(slug="drifta")
    assert (got.owner_id, got.state, operator.kind) == (operator.id, "refused", "platform")
    assert originals().get(hashlib.sha256(raw).hexdigest()) == raw
    with everything("tests"):
        events = list(Entry.objects.filter(tenant=operator).order_by("seq").values_list("event", flat=True))
    assert events == ["messaging.OperatorMade", "messaging.MessageRefused"]
    from avrop.messaging.tests.envelopes import by_id

    assert [case.owner_role for case in cases(by_id(got.message_id))] == ["platform_operator"]
    assert intake.receive(raw, transport="file").repeated


def test_an_operator_without_an_address_answers_nobody(world, settings) -> None:
    settings.AVROP_OPERATOR = "drifta"
    body = answer_to_order(world).replace(world.bremnes.orgnr.encode(), b"999888777")
    got = deliver(in_envelope(body, STRANGER, "0192:999888777"))
    assert got.reason == "UNKNOWN_RECEIVER" and len(cases(got)) == 1
    assert answers() == []


def test_the_doctor_still_asks_for_an_operator_that_only_a_stray_message_made(db, settings) -> None:
    from avrop.project import installation

    settings.AVROP_OPERATOR = "drifta"
    intake.receive(b"hello", transport="file")
    assert installation._operator().ok is False
