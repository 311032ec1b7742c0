"""A sender that wants to hear of everything is told, once and by MLS, that its message was taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import originals
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.messaging.tests.bills import bill_that_does_not_add_up
from avrop.messaging.tests.envelopes import (
    STRANGER,
    answer_to_order,
    answers,
    by_id,
    cases,
    deliver,
    in_envelope,
    sent,
)
from avrop.project import standards
from avrop.requisition.tests.helpers import approve_all, item_line, submitted
from avrop.tenancy.scope import everything
from avrop.ubl.build import norwegian_party, plain_party
from avrop.ubl.documents import despatch_advice
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.documents import parts as p
from avrop.ubl.gate import admit
from avrop.ubl.kinds import Quantity
from avrop.ubl.sbdh import ALWAYS_SEND, FAILURE_ONLY, unwrap

OURS, THEIRS = "0242:000123", "0242:000456"
ALWAYS = {"mls_to": THEIRS, "mls_type": ALWAYS_SEND}


@pytest.fixture(autouse=True)
def provider(settings) -> None:
    """This installation is a service provider."""
    settings.AVROP_SPIS = OURS


def bill(world, right: bool = True, **envelope: Any) -> bytes:
    """A bill from the office supplier, as its own service provider sends it."""
    body = bill_that_does_not_add_up(world)
    if right:
        body = body.replace(b">251.00<", b">250.00<")
    return in_envelope(body, world.kontor.endpoint, world.bremnes.endpoint, **envelope)


def status() -> mls.MessageLevelStatus:
    """The one answer, read back from the envelope that left or waits."""
    (row,) = answers()
    raw = bytes(row.body) if row.body is not None else originals().get(row.sha256)
    return mls.read(unwrap(admit(raw).root)[1])


def test_a_bill_that_was_taken_is_accepted_where_the_sender_wants_to_hear_of_everything(world) -> None:
    question = deliver(bill(world, **ALWAYS))
    assert (question.state, question.outcome["state"]) == ("routed", "valid")
    answer = status()
    assert (str(answer.sender), str(answer.receiver)) == (OURS, THEIRS)
    assert (answer.code, answer.refers_to) == ("AP", question.instance_id)
    assert (answer.description, answer.places) == (None, ())


@pytest.mark.parametrize("envelope", [{}, {"mls_to": THEIRS}, {"mls_to": THEIRS, "mls_type": FAILURE_ONLY}])
def test_who_asks_for_failures_only_hears_nothing_when_all_is_well(world, envelope) -> None:
    assert deliver(bill(world, **envelope)).state == "routed"
    assert answers() == []


def test_a_bill_that_breaks_the_rules_gets_its_rejection_and_nothing_else(world) -> None:
    question = deliver(bill(world, right=False, **ALWAYS))
    assert question.outcome["state"] == "invalid"
    answer = status()
    assert answer.code == "RE" and "BV" in {place.issues[0].reason for place in answer.places}


def test_a_refused_message_gets_its_rejection_and_nothing_else(world) -> None:
    body = bill_that_does_not_add_up(world)
    question = deliver(in_envelope(body, STRANGER, world.bremnes.endpoint, **ALWAYS))
    assert question.reason == "SENDER_CONTRADICTED"
    assert status().code == "RE"


def despatch(world) -> bytes:
    """Goods are on their way: a message that no station acts on yet."""
    seller, buyer = (
        plain_party(norwegian_party(one.orgnr, one.name)) for one in (world.kontor, world.bremnes)
    )
    line = despatch_advice.DespatchLine("1", p.Item(name="Papir"), Quantity(Decimal(1), "EA"), "1")
    return despatch_advice.write(
        despatch_advice.DespatchAdvice("D-1", date(2026, 11, 23), seller, buyer, (line,))
    )


def test_what_nobody_here_acts_on_is_acknowledged_and_not_accepted(world) -> None:
    question = deliver(in_envelope(despatch(world), world.kontor.endpoint, world.bremnes.endpoint, **ALWAYS))
    assert question.state == "filed"
    assert (status().code, status().places) == ("AB", ())


def test_the_same_message_again_is_not_answered_again(world) -> None:
    raw = bill(world, **ALWAYS)
    deliver(raw)
    assert intake.receive(raw, transport="file").repeated
    run_until_idle()
    assert len(answers()) == 1


def test_the_same_bill_in_another_envelope_is_another_message_that_arrived_well(world) -> None:
    deliver(bill(world, **ALWAYS))
    again = deliver(bill(world, instance_id="another", **ALWAYS))
    assert again.outcome["state"] == "duplicate"
    assert sorted(one.outcome["answer"] for one in answers()) == ["AP", "AP"]


def test_without_a_service_provider_id_of_our_own_nobody_is_owed_a_positive_answer(world, settings) -> None:
    settings.AVROP_SPIS = ""
    assert deliver(bill(world, **ALWAYS)).state == "routed"
    assert answers() == []


def test_a_sender_of_this_very_service_provider_sees_the_log_and_gets_no_mls(world) -> None:
    deliver(bill(world, mls_to=OURS, mls_type=ALWAYS_SEND))
    assert answers() == []


def test_a_positive_answer_is_itself_never_answered(world) -> None:
    submitted(world, item_line(world, "papir", 1))
    approve_all(world)
    run_until_idle()
    (order,) = sent(document_type="order")
    got = deliver(status_about(order.instance_id))
    assert (got.state, got.outcome["answer"]) == ("routed", "AP")
    assert by_id(order.id).state == "sent" and answers() == [] and cases(got) == []


def status_about(instance: str) -> bytes:
    """An MLS of another provider that itself asks for an answer, which it must not get."""
    sender, receiver = (mls.base.Identifier(e.partition(":")[2], "0242") for e in (THEIRS, OURS))
    body = mls.write(
        mls.MessageLevelStatus(
            "S1", date(2026, 11, 23), sender, receiver, "AP", instance, issue_time="12:00:00Z"
        )
    )
    return in_envelope(body, THEIRS, OURS, **ALWAYS)


def test_an_answer_says_on_its_page_and_beside_its_question_what_it_said(world, client) -> None:
    question = deliver(bill(world, **ALWAYS))
    client.force_login(world.people["fakta"])
    client.cookies["avrop_language"] = "en"
    page = client.get(f"/o/bremnes/meldingar/{question.id}/").content.decode()
    assert "Accepted" in page and "Rejected" not in page


@pytest.mark.shared
def test_warnings_go_with_the_acceptance_and_are_kept_with_the_message(world, settings, answer_rules) -> None:
    standards.use(settings.AVROP_DIR, answer_rules)
    submitted(world, item_line(world, "papir", 1))
    approve_all(world)
    run_until_idle()
    with everything("tests"):
        order = Message.objects.get(direction="out", document_type="order")
    body = answer_to_order(world, number=order.number, seller=world.kontor.endpoint)
    question = deliver(in_envelope(body, world.kontor.endpoint, world.bremnes.endpoint, **ALWAYS))
    assert question.rule_set == "PEPPOLBIS-T76 2026.5"
    warned = [f["location"] for f in question.findings if f["severity"] == "warning"]
    answer = status()
    assert [(p.location, p.issues[0].reason) for p in answer.places] == [(place, "BW") for place in warned]
