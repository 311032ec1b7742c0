"""The Peppol envelope: wrapped, unwrapped, and the official samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from avrop.ubl import sbdh
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from avrop.ubl.mapping import DocumentRefused

NS = {"s": sbdh.NAMESPACE}


def _example(standards: Path) -> bytes:
    return (standards / "peppol/billing/2026.5/examples/base-example.xml").read_bytes()


def _header(raw: bytes) -> sbdh.Header:
    who = identify(admit(raw).root)
    return sbdh.Header(
        sender="0192:305218022",
        receiver="0192:312345678",
        document_type_id=who.document_type_id,
        process_id=who.process_id,
        instance_id="0190b7c0-1111-7000-8000-000000000001",
        created_at=datetime(2026, 11, 23, 6, 30, tzinfo=UTC),
    )


def test_an_envelope_carries_the_document_unchanged_and_says_who_sends_what_to_whom(standards: Path) -> None:
    raw = _example(standards)
    envelope = sbdh.wrap(raw, _header(raw))
    header, document = sbdh.unwrap(admit(envelope).root)
    assert header == _header(raw)
    assert etree.tostring(document, method="c14n") == etree.tostring(admit(raw).root, method="c14n")
    assert document.getparent() is None
    root = etree.fromstring(envelope)
    assert root.findtext(".//s:Sender/s:Identifier", namespaces=NS) == "0192:305218022"
    assert root.xpath("string(//s:Scope[s:Type='COUNTRY_C1']/s:InstanceIdentifier)", namespaces=NS) == "NO"
    assert root.findtext(".//s:DocumentIdentification/s:Type", namespaces=NS) == "Invoice"
    assert root.findtext(".//s:DocumentIdentification/s:TypeVersion", namespaces=NS) == "2.1"


def test_an_envelope_may_name_who_wants_to_hear_what_became_of_it(standards: Path) -> None:
    raw = _example(standards)
    header = replace(_header(raw), mls_to="0242:000123")
    envelope = sbdh.wrap(raw, header)
    assert sbdh.unwrap(admit(envelope).root)[0] == header
    scope = etree.fromstring(envelope).xpath("//s:Scope[s:Type='MLS_TO']", namespaces=NS)[0]
    assert [child.text for child in scope] == ["MLS_TO", "0242:000123", "iso6523-actorid-upis"]


@pytest.mark.parametrize("kind", [sbdh.FAILURE_ONLY, sbdh.ALWAYS_SEND])
def test_an_envelope_may_say_whether_good_news_is_wanted_too(standards: Path, kind: str) -> None:
    raw = _example(standards)
    header = replace(_header(raw), mls_to="0242:000123", mls_type=kind)
    envelope = sbdh.wrap(raw, header)
    assert sbdh.unwrap(admit(envelope).root)[0] == header
    scope = etree.fromstring(envelope).xpath("//s:Scope[s:Type='MLS_TYPE']", namespaces=NS)[0]
    assert [child.text for child in scope] == ["MLS_TYPE", kind]


def test_a_document_without_envelope_is_itself(standards: Path) -> None:
    root = admit(_example(standards)).root
    assert sbdh.unwrap(root) == (None, root)


def test_the_official_sample_envelope_is_read(standards: Path) -> None:
    sample = standards / "corpora/vefa-validator-documents/peppol-bis-invoice-sbdh.xml"
    header, document = sbdh.unwrap(admit(sample.read_bytes()).root)
    assert header is not None
    assert (header.sender, header.receiver) == ("0007:5567125082", "0007:4455454480")
    assert header.instance_id == "1070e7f0-3bae-11e3-aa6e-0800200c9a66"
    assert identify(document).document_type == "legacy_invoice"


def test_an_envelope_without_document_or_without_a_header_field_is_refused(standards: Path) -> None:
    sample = standards / "corpora/vefa-validator-documents/sbdh-only.xml"
    with pytest.raises(DocumentRefused) as refused:
        sbdh.unwrap(admit(sample.read_bytes()).root)
    assert refused.value.code == "NO_PAYLOAD"
    raw = _example(standards)
    envelope = sbdh.wrap(raw, _header(raw))
    for element in (b"Sender", b"Receiver", b"InstanceIdentifier", b"CreationDateAndTime"):
        broken = envelope.replace(b"<" + element, b"<X", 1).replace(b"</" + element, b"</X", 1)
        with pytest.raises(DocumentRefused):
            sbdh.unwrap(admit(broken).root)
