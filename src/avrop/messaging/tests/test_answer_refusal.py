"""Whoever sent us something that we refuse is told so, once, by MLR or MLS, with the codes of the standard."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import originals
from avrop.messaging import intake
from avrop.messaging.tests.envelopes import (
    INSTANCE,
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
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.gate import admit
from avrop.ubl.rulesets import Registry
from avrop.ubl.sbdh import unwrap

OURS, THEIRS = "0242:000123", "0242:000456"
BILLING = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
THIN = (
    '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"'
    ' xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
    ' xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">'
    "<cbc:CustomizationID>{customization}</cbc:CustomizationID>"
    "<cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID><cbc:ID>X1</cbc:ID></Invoice>"
)


@pytest.fixture
def rules(shared: Path, answer_rules: Registry | None) -> Registry:
    """The official rules for answers, from ../shared."""
    assert answer_rules is not None
    return answer_rules


def only_answer() -> tuple[mlr.MessageLevelResponse, bytes]:
    """The one answer that was written, read back, and its bytes."""
    (row,) = answers()
    body = bytes(row.body) if row.body is not None else originals().get(row.sha256)
    _header, root = unwrap(admit(body).root)
    return (mls if row.document_type == "message_level_status" else mlr).read(root), body


def test_an_order_response_to_no_order_of_ours_is_answered_with_a_rejection(world) -> None:
    question = deliver(in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint))
    assert (question.state, question.reason) == ("refused", "RESPONSE_UNKNOWN_ORDER")
    answer, _body = only_answer()
    assert (str(answer.sender), str(answer.receiver)) == (world.bremnes.endpoint, STRANGER)
    assert (answer.code, answer.refers_to) == ("RE", INSTANCE)
    (place,) = answer.places
    assert (place.location, place.issues[0].reason) == ("NA", "BV")
    assert "no such order" in place.issues[0].description and "no such order" in str(answer.description)


@pytest.mark.shared
def test_the_answer_is_valid_by_the_official_rules_with_one_line_response_per_finding(
    world, rules: Registry
) -> None:
    thin = THIN.format(customization=BILLING).encode()
    question = deliver(in_envelope(thin, STRANGER, world.bremnes.endpoint))
    assert (question.state, question.reason) == ("refused", "MISSING")
    answer, body = only_answer()
    verdict = rules.judge(unwrap(admit(body).root)[1])
    assert (verdict.document_type, verdict.valid, verdict.findings) == ("message_level_response", True, ())
    assert [place.issues[0].reason for place in answer.places] == ["SV"]


@pytest.mark.shared
def test_every_finding_of_the_official_rules_has_a_line_response_with_its_place(
    world, settings, rules: Registry
) -> None:
    standards.use(settings.AVROP_DIR, rules)
    body = answer_to_order(world).replace(b">AP<", b">XX<").replace(b">NOK<", b">KRONER<")
    question = deliver(in_envelope(body, STRANGER, world.bremnes.endpoint))
    assert (question.reason, question.rule_set) == ("INVALID_DOCUMENT", "PEPPOLBIS-T76 2026.5")
    answer, _body = only_answer()
    stated = [(f["location"], "BV" if f["severity"] == "fatal" else "BW") for f in question.findings]
    assert len(stated) >= 2
    assert sorted((place.location, place.issues[0].reason) for place in answer.places) == sorted(stated)


@pytest.mark.shared
def test_a_document_that_no_reader_can_read_gets_the_schemas_own_findings_as_faults_of_form(
    world, settings, rules: Registry
) -> None:
    standards.use(settings.AVROP_DIR, rules)
    body = answer_to_order(world).replace(b"<cbc:IssueDate>2026-11-23<", b"<cbc:IssueDate>yesterday<")
    question = deliver(in_envelope(body, STRANGER, world.bremnes.endpoint))
    assert [f["id"] for f in question.findings] == ["XSD"]
    (place,) = only_answer()[0].places
    assert (place.location, place.issues[0].reason) == ("/OrderResponse/cbc:IssueDate", "SV")


@pytest.mark.shared
def test_between_service_providers_the_answer_is_an_mls_to_the_one_that_the_envelope_names(
    world, settings, rules: Registry
) -> None:
    settings.AVROP_SPIS = OURS
    raw = in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint, mls_to=THEIRS)
    deliver(raw)
    answer, body = only_answer()
    assert isinstance(answer, mls.MessageLevelStatus)
    assert (str(answer.sender), str(answer.receiver)) == (OURS, THEIRS)
    verdict = rules.judge(unwrap(admit(body).root)[1])
    assert (verdict.document_type, verdict.valid, verdict.findings) == ("message_level_status", True, ())


def test_without_a_service_provider_id_of_our_own_the_participant_is_answered(world) -> None:
    raw = in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint, mls_to=THEIRS)
    deliver(raw)
    assert type(only_answer()[0]) is mlr.MessageLevelResponse


@pytest.mark.parametrize(("spis", "reason"), [(OURS, "FD"), ("", "BV")])
def test_a_message_for_nobody_here_could_not_be_delivered(world, settings, spis: str, reason: str) -> None:
    settings.AVROP_SPIS = spis
    nobody = "0192:999888777"
    body = answer_to_order(world).replace(world.bremnes.orgnr.encode(), b"999888777")
    question = deliver(in_envelope(body, STRANGER, nobody, mls_to=THEIRS))
    assert (question.owner_id, question.reason) == (world.platform.id, "UNKNOWN_RECEIVER")
    answer, _body = only_answer()
    assert answer.places[0].issues[0].reason == reason
    assert str(answer.sender) == (spis or world.platform.endpoint)


def test_a_document_of_an_unknown_kind_is_a_fault_of_form(world) -> None:
    thin = THIN.format(customization="urn:unheard.of").encode()
    question = deliver(in_envelope(thin, STRANGER, world.bremnes.endpoint))
    assert question.reason == "UNKNOWN_DOCUMENT"
    assert only_answer()[0].places[0].issues[0].reason == "SV"


def test_an_invoice_set_aside_as_not_valid_is_answered_finding_by_finding(world, wrong_invoice) -> None:
    question = deliver(in_envelope(wrong_invoice, world.kontor.endpoint, world.bremnes.endpoint))
    assert question.outcome["state"] == "invalid"
    answer, _body = only_answer()
    fatal = [f for f in question.findings if f["severity"] == "fatal"]
    failures = [place for place in answer.places if place.issues[0].reason in ("BV", "SV")]
    assert fatal and len(failures) == len(fatal)
    assert [place.location for place in failures] == [f["location"] or "NA" for f in fatal]
    assert all(f["id"] in place.issues[0].description for f, place in zip(fatal, failures, strict=True))


def test_the_same_message_again_is_not_answered_again(world) -> None:
    raw = in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint)
    deliver(raw)
    assert intake.receive(raw, transport="file").repeated
    run_until_idle()
    assert len(answers()) == 1


def test_another_content_under_the_same_id_gets_no_answer_for_it_would_hit_the_first(world) -> None:
    first = answer_to_order(world)
    deliver(in_envelope(first, STRANGER, world.bremnes.endpoint))
    other = deliver(in_envelope(first.replace(b"SV-1", b"SV-2"), STRANGER, world.bremnes.endpoint))
    assert other.reason == "INSTANCE_REUSED" and len(cases(other)) == 1
    assert len(answers()) == 1


@pytest.mark.parametrize("module", [mlr, mls])
def test_an_answer_is_never_answered(world, settings, module) -> None:
    settings.AVROP_SPIS = OURS
    between = module is mls
    ends = (THEIRS, OURS) if between else (STRANGER, world.bremnes.endpoint)
    make = mls.MessageLevelStatus if between else mlr.MessageLevelResponse
    sender, receiver = (mlr.Identifier(e.partition(":")[2], e.partition(":")[0]) for e in ends)
    body = module.write(
        make("A1", mlr_day(), sender, receiver, "AP", "nothing we sent", issue_time="12:00:00Z")
    )
    got = deliver(in_envelope(body, *ends, mls_to=THEIRS))
    assert (got.state, got.reason) == ("refused", "ANSWER_UNKNOWN")
    assert len(cases(got)) == 1 and answers() == []


def mlr_day():
    from datetime import date

    return date(2026, 11, 23)


def test_a_response_of_an_unknown_kind_may_be_an_answer_and_is_not_answered(world) -> None:
    body = mlr.write(
        mlr.MessageLevelResponse(
            "A1",
            mlr_day(),
            mlr.Identifier("987654325", "0192"),
            mlr.Identifier(world.bremnes.orgnr, "0192"),
            "AP",
            "x",
            customization_id="urn:fdc:peppol.eu:poacc:trns:mlr:9",
        )
    )
    got = deliver(in_envelope(body, STRANGER, world.bremnes.endpoint))
    assert (got.reason, answers()) == ("UNKNOWN_DOCUMENT", [])


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.7", b"<a>", b"<!DOCTYPE a><a/>", THIN.encode()])
def test_what_names_no_envelope_or_sender_is_a_case_and_no_answer(world, raw: bytes) -> None:
    got = deliver(raw)
    assert got.state == "refused" and len(cases(got)) == 1
    assert answers() == []


def test_an_answer_that_finds_no_way_back_is_told_with_its_question_not_by_a_case_of_its_own(world) -> None:
    question = deliver(in_envelope(answer_to_order(world), STRANGER, world.bremnes.endpoint))
    (answer,) = answers()
    assert (answer.state, answer.reason) == ("failed", "NO_ADAPTER")
    assert cases(answer) == [] and len(cases(question)) == 1


def test_a_seller_on_this_installation_gets_the_rejection_and_its_invoice_says_so(
    world, wrong_invoice
) -> None:
    deliver(in_envelope(wrong_invoice, world.kontor.endpoint, world.bremnes.endpoint))
    (answer,) = answers()
    assert answer.state == "sent"
    # That invoice came from a system of the seller's own, so here it answers nothing that was sent.
    (got,) = [m for m in inbound(world.kontor) if m.document_type == "message_level_response"]
    assert (got.state, got.reason) == ("refused", "ANSWER_UNKNOWN")
    assert cases(got)[0].owner_role == "supplier_user"


def inbound(organisation):
    from avrop.messaging.models import Message
    from avrop.tenancy.scope import everything

    with everything("tests"):
        return list(Message.objects.filter(direction="in", owner=organisation))


def test_our_own_messages_ask_for_an_mls_where_this_installation_is_a_service_provider(
    world, settings
) -> None:
    settings.AVROP_SPIS = OURS
    from avrop.requisition.tests.helpers import approve_all, item_line, submitted

    submitted(world, item_line(world, "papir", 1))
    approve_all(world)
    run_until_idle()
    (order,) = sent(document_type="order")
    header, _root = unwrap(admit(originals().get(by_id(order.id).sha256)).root)
    assert header is not None and header.mls_to == OURS
