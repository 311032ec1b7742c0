"""No code stands alone where its list is known: every official example, on the page, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from lxml import etree

from avrop.ubl.codes import name_of, unit_of
from avrop.ubl.gate import admit
from avrop.web.documents import words
from avrop.web.documents.paper import as_data
from avrop.web.documents.reading import read
from avrop.web.tests import examples

# (element above or "", element) -> its code list in ubl/tables/codes.csv; the nearer fit wins.
LISTS = {
    ("", "AllowanceChargeReasonCode"): ("allowance_reason", "charge_reason"),
    ("Catalogue", "ActionCode"): ("catalogue_action",),
    ("CatalogueLine", "ActionCode"): ("catalogue_action",),
    ("", "CreditNoteTypeCode"): ("invoice_type",),
    ("", "DespatchAdviceTypeCode"): ("despatch_type",),
    ("DespatchDocumentReference", "DocumentStatusCode"): ("receipt_status",),
    ("", "DocumentStatusCode"): ("document_status",),
    ("", "IdentificationCode"): ("country",),
    ("InvoicePeriod", "DescriptionCode"): ("vat_date",),
    ("", "InvoiceTypeCode"): ("invoice_type",),
    ("MeasurementDimension", "AttributeID"): ("measure",),
    ("", "OrderResponseCode"): ("order_response",),
    ("", "OrderTypeCode"): ("order_type",),
    ("Package", "PackagingTypeCode"): ("package",),
    ("", "PackLevelCode"): ("pack_level",),
    ("", "PaymentMeansCode"): ("payment_means",),
    ("", "ReceiptAdviceTypeCode"): ("receipt_type",),
    ("", "RejectActionCode"): ("receipt_action",),
    ("", "RejectReasonCode"): ("reject_reason",),
    ("", "ShippingPriorityLevelCode"): ("priority",),
    ("", "ShortageActionCode"): ("receipt_action",),
    ("TransactionConditions", "ActionCode"): ("item_condition",),
    ("", "TransportHandlingUnitTypeCode"): ("package",),
    ("", "TransportModeCode"): ("transport_mode",),
}
# What the examples say that no official list has: faults of theirs.
NO_CODES = {("ActionCode", "false"), ("IdentificationCode", "UK"), ("AllowanceChargeReasonCode", "1")}
LONGEST_CODE = 3  # of UNCL6313; longer ones are words of the transport trade's own ("DrivingDistance")


def coded(raw: bytes) -> Iterator[tuple[tuple[str, ...], str]]:
    """(the lists that it can be in, the code) of every code in a document."""
    for element in admit(raw).root.iter(etree.Element):
        above = element.getparent()
        text = (element.text or "").strip()
        if above is None or len(element) or not text:
            continue
        name, parent = etree.QName(element).localname, etree.QName(above).localname
        if (name, text) in NO_CODES or (name == "AttributeID" and len(text) > LONGEST_CODE):
            continue
        lists = LISTS.get((parent, name)) or LISTS.get(("", name))
        if lists:
            yield lists, text


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_every_code_of_a_known_list_has_its_name_beside_it(shared: Path, language: str) -> None:
    alone, found = [], 0
    for path in examples.found(shared / "standards"):
        raw = path.read_bytes()
        with translation.override(language):
            seen = examples.squeezed(examples.texts(as_data(read(raw))))
        for lists, code in coded(raw):
            names = {name_of(name, code, language) for name in lists} - {code}
            found += 1
            if not any(examples.squeezed(name) in seen for name in names):
                alone.append(f"{path.name}: {lists[0]} {code}")
    assert found > 800
    assert sorted(alone) == []


@pytest.mark.parametrize("language", ["nn", "nb", "en"])
def test_every_unit_is_said_by_its_name(shared: Path, language: str) -> None:
    alone = set()
    for path in examples.found(shared / "standards"):
        for element in admit(path.read_bytes()).root.iter(etree.Element):
            unit = element.get("unitCode")
            if unit and unit_of(unit, 0, language) == unit:
                alone.add(unit)
    assert alone == set()


@pytest.mark.parametrize(
    ("code", "nn", "en"),
    [
        ("VATEX-EU-AE", "omvend avgiftsplikt (VATEX-EU-AE)", "reverse charge (VATEX-EU-AE)"),
        (
            "vatex-eu-132-1g",
            "mva-direktivet i EU, artikkel 132 (1) (g) (vatex-eu-132-1g)",
            "the EU VAT directive, article 132 (1) (g) (vatex-eu-132-1g)",
        ),
        ("VATEX-EU-309", "mva-direktivet i EU, artikkel 309 (VATEX-EU-309)", None),
        ("VATEX-EU-148-A", "mva-direktivet i EU, artikkel 148 (a) (VATEX-EU-148-A)", None),
        ("VATEX-FR-CNWVAT", "VATEX-FR-CNWVAT", "VATEX-FR-CNWVAT"),
        ("", "", ""),
    ],
)
def test_a_place_in_the_vat_directive_is_named(code: str, nn: str, en: str | None) -> None:
    with translation.override("nn"):
        assert words.exemption(code) == nn
    with translation.override("en"):
        assert en is None or words.exemption(code) == en


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("12:30:00", "12:30"),
        ("12:30:15", "12:30:15"),
        ("12:30:00Z", "12:30 (UTC)"),
        ("10:00:00+01:00", "10:00 (UTC+01:00)"),
        ("about noon", "about noon"),
        (None, ""),
    ],
)
def test_a_time_is_said_without_seconds_that_say_nothing(at: str | None, said: str) -> None:
    assert words.clock(at) == said
