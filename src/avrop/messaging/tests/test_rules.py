"""Which refused message is answered, how and with which code: the table of docs/decisions/0003."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from avrop.messaging import rules
from avrop.messaging.facts import MessageFacts

ASKED = MessageFacts(
    id=UUID(int=1),
    direction="in",
    sender="0192:987654325",
    receiver="0192:311000003",
    document_type="order_response",
    document_type_id="urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2::OrderResponse##x::2.1",
    process_id="p",
    instance_id="b5ab7e0c",
    number="1",
    state="refused",
    reason="MISSING",
    params={},
    refers_to="",
    stream="s",
    sha256="",
    size=1,
    rule_set="",
    at=datetime(2026, 11, 23, tzinfo=UTC),
    transmission="as4",
    outcome={},
)
RESPONSE = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2::ApplicationResponse##{}::2.1"


@pytest.mark.parametrize(
    ("changes", "answered"),
    [
        ({}, True),
        ({"document_type": ""}, True),  # an unknown kind of document
        ({"document_type": "invoice_response"}, True),  # a business answer is a document like others
        ({"sender": ""}, False),
        ({"sender": "987654325"}, False),
        ({"sender": "9908:987654325"}, False),
        ({"instance_id": "sha256:ab"}, False),
        ({"reason": "INSTANCE_REUSED"}, False),
        ({"document_type": "message_level_response"}, False),
        ({"document_type": "message_level_status"}, False),
        ({"document_type": "", "document_type_id": RESPONSE.format("urn:some:mlr:4")}, False),
    ],
)
def test_who_is_answered(changes: dict[str, str], answered: bool) -> None:
    assert rules.answerable(replace(ASKED, **changes)) is answered


@pytest.mark.parametrize(
    ("theirs", "ours", "kind"),
    [
        ("0242:000456", "0242:000123", "message_level_status"),
        ("0242:000456-TEST", "0242:000123", "message_level_status"),
        ("", "0242:000123", "message_level_response"),
        ("0242:000456", "", "message_level_response"),
        ("0242:000123", "0242:000123", "message_level_response"),  # both parties are ours
        ("0192:987654325", "0242:000123", "message_level_response"),
        ("0242:12345", "0242:000123", "message_level_response"),  # five digits: no such id (SCH-MLS-09)
    ],
)
def test_mls_only_between_two_service_providers(theirs: str, ours: str, kind: str) -> None:
    assert rules.kind_of_answer(theirs, ours) == kind


@pytest.mark.parametrize(
    ("finding", "severity", "in_mls", "in_mlr"),
    [
        ("XSD", "fatal", "SV", "SV"),
        ("MISSING", "fatal", "SV", "SV"),
        ("UNKNOWN_DOCUMENT", "fatal", "SV", "SV"),
        ("BR-CO-15", "fatal", "BV", "BV"),
        ("PEPPOL-EN16931-R003", "fatal", "BV", "BV"),
        ("PEPPOL-T01-R002", "warning", "BW", "BW"),
        ("SENDER_CONTRADICTED", "fatal", "BV", "BV"),
        ("UNKNOWN_RECEIVER", "fatal", "FD", "BV"),
        ("NO_RECEIVER", "fatal", "FD", "BV"),
    ],
)
def test_the_code_of_each_reason(finding: str, severity: str, in_mls: str, in_mlr: str) -> None:
    assert rules.reason_code(finding, severity, rules.MLS) == in_mls
    assert rules.reason_code(finding, severity, rules.MLR) == in_mlr


def test_a_thousand_findings_are_a_hundred_issues_and_a_count() -> None:
    found = [
        {"id": f"R-{n}", "severity": "fatal", "location": f"/Order/cbc:Note[{n}]", "text": "t"}
        for n in range(1000)
    ]
    places = rules.places(rules.MLR, found, "INVALID_DOCUMENT", "said")
    assert len(places) == rules.MOST + 1
    assert places[-1].issues[0].description == "and 900 more findings"
    assert rules.findings_of(places)[0]["text"] == "[R-0] t"


def test_with_warnings_only_the_refusal_itself_is_the_failure() -> None:
    warning = {"id": "PEPPOL-T01-R002", "severity": "warning", "location": "/Order", "text": "SHOULD"}
    first, second = rules.places(rules.MLS, [warning], "ORDER_UNKNOWN", "We have no such order.")
    assert (first.location, first.issues[0].reason) == ("NA", "BV")
    assert first.issues[0].description == "We have no such order."
    assert second.issues[0].reason == "BW"


@pytest.mark.parametrize(
    ("kind", "document", "role"),
    [
        ("buyer", "order", "buyer_admin"),
        ("buyer", "order_change", "buyer_admin"),
        ("buyer", "invoice_response", "invoice_clerk"),
        ("supplier", "invoice", "supplier_user"),
        ("platform", "", "platform_operator"),
    ],
)
def test_who_looks_after_a_message_of_ours_that_was_rejected(kind: str, document: str, role: str) -> None:
    assert rules.owner_of_rejected(kind, document) == role


@pytest.mark.parametrize(
    ("reasons", "code"),
    [  # status reasons of BIS MLR 3 and MLS 1: SV syntax, FD failed delivery, BV rule broken, BW warning
        ([("BW", "warning"), ("SV", "fatal")], "REJECTED_UNREADABLE"),
        ([("FD", "fatal")], "REJECTED_UNDELIVERED"),
        ([("BV", "fatal"), ("SV", "fatal")], "REJECTED_BY_RECEIVER"),
        ([], "REJECTED_BY_RECEIVER"),
    ],
)
def test_a_rejection_is_told_in_our_own_words_by_the_reason_that_the_other_side_gives(reasons, code) -> None:
    assert rules.rejected_because([{"id": one, "severity": weight} for one, weight in reasons]) == code
