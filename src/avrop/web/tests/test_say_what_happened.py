"""What a person wants to know first stands first: by hand, from the official examples."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from avrop.web.documents.description import Description
from avrop.web.documents.reading import read

TRADE = "peppol/logistics/2026-02/rules/examples"
POST = "peppol/postaward/2026.5/examples"
EHF = "ehf/g3-2023-02-examples"
MLS = "peppol/mls/1.0.1/examples"


def shown(shared: Path, name: str, language: str = "en") -> Description:
    with translation.override(language):
        one = read((shared / "standards" / name).read_bytes()).description
        if one.lines:  # rows are worded when they are looked at
            list(one.lines.rows)
        return one


def notices(one: Description) -> list[tuple[str, str, str]]:
    return [(notice.tone, notice.title, notice.text) for notice in one.notices]


def test_a_receipt_advice_says_what_is_missing_and_rejected_and_what_to_do(shared: Path) -> None:
    one = shown(shared, f"{TRADE}/ReceiptAdvice_Example_Full.xml")
    assert notices(one) == [
        ("danger", "The despatch advice is rejected", "Incorrect Identity of the buyer."),
        (
            "warning",
            "The delivery is not as it should be",
            "Something is missing on 1 line. Something is rejected on 1 line. Too much came on 1 line.",
        ),
    ]
    assert one.lines is not None and one.lines_first
    with translation.override("nn"):
        row = one.lines.rows[0]
        assert row.cells == ("Beeswax", "90 kg", "10 kg", "1 kg", "5 kg")
        assert [(field.label, field.value) for field in row.more[:3]] == [
            ("Avvist fordi", "øydelagde delar (1): Wrong item delivered."),
            ("Gjer med det som er avvist", "send det som manglar eller er avvist (1)"),
            ("Gjer med det som manglar", "send kreditnota og avbestill (2)"),
        ]


@pytest.mark.parametrize(
    ("code", "tone", "title"),
    [
        ("AB", "info", "The receiver's system has received the message"),
        ("AP", "success", "The receiver's system accepts the message"),
    ],
)
def test_a_message_status_says_how_it_went(shared: Path, code: str, tone: str, title: str) -> None:
    one = shown(shared, f"{MLS}/MessageLevelStatus_Example_{code}.xml")
    assert notices(one) == [(tone, title, "")]


def test_a_rejected_message_says_where_and_of_what_kind_each_fault_is(shared: Path) -> None:
    one = shown(shared, f"{MLS}/MessageLevelStatus_Example_RE.xml")
    assert notices(one) == [
        ("danger", "The receiver's system rejects the message", "Rejected due to validation errors")
    ]
    assert one.lines is not None
    with translation.override("en"):
        said, place, kind = one.lines.rows[0].cells
    assert said.startswith("Validation gives error [CL-T77-R002]")
    assert (place, kind) == ("line 3, item 1, VAT category 1, code 1", "a rule is broken (BV)")


def test_a_reminder_says_the_amount_the_charges_and_the_invoice_it_is_about(shared: Path) -> None:
    one = shown(shared, f"{EHF}/reminder-3.0/Reminder-Example.xml")
    head = {field.label: field.value for field in one.head.fields}
    assert {
        k: head[k] for k in ("Amount due for payment", "Pay by", "Reminder of the invoice", "Charges")
    } == {
        "Amount due for payment": "1\u00a0756,25\u00a0NOK",
        "Pay by": "01.12.2017",
        "Reminder of the invoice": "006",
        "Charges": "125,00\u00a0NOK",
    }
    assert notices(one)[0][0] == "warning"


@pytest.mark.parametrize(
    ("name", "tone", "nn"),
    [
        (f"{EHF}/catalogue-3.0/CatalogueResponse_Example.xml", "success", "Kjøparen godtek katalogen"),
        (
            f"{EHF}/ordering-3.0/OrderResponse_Example.xml",
            "success",
            "Seljaren godtek bestillinga slik ho er",
        ),
        (f"{POST}/DespatchAdvice_Example.xml", "warning", "Ikkje alt kjem no"),
        (
            f"{EHF}/payment-request-3.0/PaymentRequest-example-1.xml",
            "info",
            "Det blir kravd pengar, og ingenting er selt",
        ),
    ],
)
def test_an_answer_is_the_first_thing_that_is_said(shared: Path, name: str, tone: str, nn: str) -> None:
    first = shown(shared, name, "nn").notices[0]
    assert (first.tone, first.title) == (tone, nn)


def test_a_report_counts_by_names_that_people_use(shared: Path) -> None:
    one = shown(shared, "peppol/reporting/eusr/1.1.5/examples/eusr-good-template.xml", "nn")
    assert one.number == "01.01.2022 – 31.01.2022"
    assert one.lines is not None
    with translation.override("nn"):
        names = {row.cells[0] for row in one.lines.rows}
    assert {"Faktura", "Kreditnota"} <= names and not [name for name in names if "urn:" in name]
