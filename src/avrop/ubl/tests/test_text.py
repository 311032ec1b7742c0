"""Every finding has a sentence in each language; codes have names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from avrop.kernel.finding import Finding
from avrop.ubl import codes
from avrop.ubl.documents import invoice
from avrop.ubl.findings import LANGUAGES, from_refusal, known_ids, text_for
from avrop.ubl.gate import GateRefused, admit
from avrop.ubl.mapping import DocumentRefused


def test_every_known_id_has_a_different_sentence_per_language_without_holes() -> None:
    assert len(known_ids()) >= 80
    for name in known_ids():
        texts = [text_for(Finding(name, "fatal"), language) for language in LANGUAGES]
        assert all(text.strip() and "{" not in text for text in texts), name
        assert texts[2] not in texts[:2], name


def test_an_id_nobody_wrote_about_gets_a_plain_sentence_that_names_it() -> None:
    assert text_for(Finding("BR-XX-77", "fatal"), "nn") == "Meldinga bryt regelen BR-XX-77."
    assert text_for(Finding("BR-XX-77", "warning"), "nb") == "Meldingen følger ikke anbefalingen BR-XX-77."
    assert "BR-XX-77" in text_for(Finding("BR-XX-77", "information"), "en")
    assert "desimalar" in text_for(Finding("BR-DEC-99", "fatal"), "nn")


def test_the_business_term_is_named() -> None:
    assert "BT-13" in text_for(Finding("PEPPOL-EN16931-R003", "fatal"), "nn")
    assert "bestillingsnummer" in text_for(Finding("PEPPOL-EN16931-R003", "fatal"), "nb")


@pytest.mark.parametrize("raw", [b"", b"%PDF-1.4", b"<a>", b"<!DOCTYPE a><a/>", b"<a>\xe6</a>", b"<a>" * 101])
def test_a_refusal_of_the_gate_reads_as_one_sentence_in_the_persons_language(raw: bytes) -> None:
    with pytest.raises(GateRefused) as refused:
        admit(raw)
    finding = from_refusal(refused.value)
    for language in LANGUAGES:
        text = text_for(finding, language)
        assert text.endswith(".") and "{" not in text and finding.id in known_ids()


def test_a_refusal_of_a_reader_says_where_and_what() -> None:
    empty = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
    with pytest.raises(DocumentRefused) as refused:
        invoice.read(admit(empty).root)
    finding = from_refusal(refused.value)
    assert (finding.id, finding.location) == ("MISSING", "/Invoice")
    assert text_for(finding, "nn") == "Meldinga manglar eit felt som må vere med: fakturanummer (ID)."


@pytest.mark.shared
def test_rule_ids_in_our_texts_exist_in_the_official_rules(shared: Path) -> None:
    folder = shared / "standards/peppol"
    official = "".join(f.read_text("utf-8") for f in folder.glob("*/20*/sch/*.sch"))
    ids = set(re.findall(r'id="([^"]+)"', official))
    ours = {name for name in known_ids() if re.match(r"(BR|NO|PEPPOL|UBL)-", name)}
    assert ours - ids == set()


_ID = re.compile(r'<Id>([^<]+)</Id>|iso6523="([^"]+)"')
PARTICIPANTS = (
    "standards/codelists/peppol-edec-9.7/Peppol Code Lists - Participant identifier schemes v9.7.xml"
)


@pytest.mark.shared
def test_our_codes_are_in_the_official_lists(shared: Path) -> None:
    post = shared / "standards/peppol/postaward/structure-3.0.15/codelist"
    bill = shared / "standards/peppol/billing/structure-3.0.19/codelist"
    trade = shared / "standards/peppol/logistics/2026-02/structure/codelist"
    official = {
        "unit": [bill / "UNECERec20-11e.xml", post / "UNECERec21-9e.xml"],
        "rare_unit": [bill / "UNECERec20-11e.xml", post / "UNECERec21-9e.xml"],
        "package": [post / "UNECERec21-9e.xml"],
        "order_response": [post / "UNCL4343-T76.xml"],
        "order_line_status": [post / "UNCL1229.xml"],
        "invoice_response": [post / "UNCL4343-T111.xml"],
        "invoice_reason": [post / "OPStatusReason.xml"],
        "invoice_action": [post / "OPStatusAction.xml"],
        "vat_category": [bill / "UNCL5305.xml"],
        "payment_means": [bill / "UNCL4461.xml"],
        "invoice_type": [bill / "UNCL1001-inv.xml", bill / "UNCL1001-cn.xml", trade / "UNCL1001.xml"],
        "paper_type": [trade / "UNCL1001.xml"],
        "order_type": [post / "UNCL1001_T01.xml"],
        "document_status": [trade / "DocumentStatusCode.xml"],
        "despatch_type": [trade / "DespatchAdviceTypeCode.xml"],
        "receipt_type": [trade / "ReceiptAdviceTypeCode.xml"],
        "receipt_status": [trade / "UNCL4343_T128.xml"],
        "receipt_action": [trade / "ReceiptAdviceActionCode.xml"],
        "reject_reason": [trade / "RejectReasonCode.xml"],
        "arrival_reason": [trade / "ConsignmentStatusReason.xml"],
        "unit_condition": [trade / "TransportHandlingUnitReason.xml"],
        "transport_mode": [post / "UNECERec19.xml"],
        "priority": [post / "UNCL4219.xml"],
        "measure": [*post.glob("UNCL6313*.xml"), *trade.glob("UNCL6313*.xml")],
        "catalogue_action": [post / "ActionCode_header.xml", post / "ActionCode_line.xml"],
        "pack_level": [post / "GS17009.xml"],
        "item_condition": [post / "TransactionConditions.xml"],
        "price_type": [post / "UNCL5387.xml"],
        "vat_date": [bill / "UNCL2005.xml"],
        "hazard": [trade / "HazardClasses.xml"],
        "allowance_reason": [bill / "UNCL5189.xml"],
        "charge_reason": [bill / "UNCL7161.xml"],
        "vat_exemption": [bill / "VATEX.xml"],
        "country": [bill / "ISO3166-1_Alpha2.xml"],
        "scheme": [bill / "eas.xml", bill / "icd.xml", shared / PARTICIPANTS],
    }
    for name, files in official.items():
        texts = [f.read_text("utf-8") for f in files]
        known = {c for text in texts for pair in _ID.findall(text) for c in pair}
        # Rec 21 codes stand in invoices with an X in front (UN/ECE Rec 20, annex).
        known |= {f"X{code}" for code in known} if name == "unit" else set()
        assert {c.code for c in codes.codes(name)} - known == set(), name


def test_a_code_has_a_name_per_language_and_an_unknown_one_is_shown_as_it_is() -> None:
    assert codes.name_of("invoice_response", "RE", "nn") == "avvist"
    assert codes.name_of("order_response", "CA", "nb") == "akseptert med endringer"
    assert codes.name_of("unit", "ZZZ", "nn") == "ZZZ"
    assert codes.name_of("unit", None, "nn") == ""
    assert codes.is_known("unit", "EA") and not codes.is_known("unit", "ZZZ")


@pytest.mark.parametrize(
    ("quantity", "language", "said"),
    [
        (1_000_000, "nn", "pakke"),
        (10_000_000, "nn", "pakkar"),
        (500_000, "nb", "pakker"),
        (0, "en", "packages"),
    ],
)
def test_a_unit_is_said_in_the_number_of_its_quantity(quantity: int, language: str, said: str) -> None:
    assert codes.unit_of("XPK", quantity, language) == said
    assert codes.unit_of("KGM", quantity, language) == "kg"
