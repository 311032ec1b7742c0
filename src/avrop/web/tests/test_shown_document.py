"""A document is described whole, in the reader's language, with its business terms; nothing in it is markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation
from lxml import etree

from avrop.kernel.finding import Refusal
from avrop.ubl import sbdh
from avrop.ubl.documents import parts as p
from avrop.ubl.gate import admit
from avrop.web.documents.description import LONGEST, Description, Field, visible
from avrop.web.documents.reading import read, why_not
from avrop.web.tests.shown import AT, bill, xml

EXPECTED = {  # BT number -> what an English reader sees, by hand
    "BT-1": "F-77",
    "BT-2": "20.11.2026",
    "BT-3": "invoice (380)",
    "BT-5": "NOK",
    "BT-9": "20.12.2026",
    "BT-10": "40-2210",
    "BT-13": "2026-00417",
    "BT-27": "Kontor og Kopi Vest AS",
    "BT-30": "305\u00a0218\u00a0022",
    "BT-31": "NO305218022MVA",
    "BT-44": "Fjordvik kommune",
    "BT-81": "credit transfer (30)",
    "BT-83": "2026000022",
    "BT-84": "8601\u00a011\u00a017947",
    "BT-106": "200,00",
    "BT-109": "200,00",
    "BT-110": "50,00",
    "BT-112": "250,00",
    "BT-115": "250,00\u00a0NOK",
}


def said(one: Description) -> Iterator[Field]:
    """Every field of a description, those of the lines too."""
    sections = [one.head, *one.parties, *one.rest, *([one.totals] if one.totals else [])]
    for section in sections:
        yield from section.fields
    for table in (*([one.lines] if one.lines else []), *one.tables):
        for row in table.rows:
            yield from row.more


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Rows are worded when they are looked at."""
    with translation.override("en"):
        yield


def shown(raw: bytes, language: str = "en") -> Description:
    with translation.override(language):
        return read(raw).description


def test_an_invoice_says_each_business_term_as_it_is_written() -> None:
    found = {field.term: field.value for field in said(shown(xml(bill())))}
    assert {term: found.get(term) for term in EXPECTED} == EXPECTED
    table = shown(xml(bill())).lines
    assert table is not None
    assert table.rows[0].cells == ("Kopipapir A4", "2 pcs", "100,00", "25\u00a0%", "200,00")


@pytest.mark.parametrize(
    ("language", "kind", "seller", "pay"),
    [
        ("nn", "Faktura", "Seljar", "Å betale"),
        ("nb", "Faktura", "Selger", "Å betale"),
        ("en", "Invoice", "Seller", "Amount due for payment"),
    ],
)
def test_it_is_said_in_the_readers_language(language: str, kind: str, seller: str, pay: str) -> None:
    one = shown(xml(bill()), language)
    assert (one.kind, one.parties[0].title) == (kind, seller)
    assert one.totals is not None and one.totals.fields[-1].label == pay


def test_an_envelope_is_opened_and_what_is_in_it_is_shown() -> None:
    header = sbdh.Header(
        "0192:305218022", "0192:314159268", "urn:x::Invoice##y::2.1", "z", "id-1", created_at=AT
    )
    assert shown(sbdh.wrap(xml(bill()), header)).number == "F-77"


@pytest.mark.parametrize(
    ("raw", "code"), [(b"", "EMPTY"), (b"not xml", "NOT_XML"), (b"<!DOCTYPE a><a/>", "DOCTYPE")]
)
def test_what_the_gate_turns_away_is_not_shown_and_says_why(raw: bytes, code: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(raw)
    assert caught.value.code == code
    with translation.override("en"):
        assert why_not(caught.value).endswith(".")


def test_a_document_that_breaks_its_standard_is_shown_as_it_is_written() -> None:
    broken = xml(bill()).replace(b"<cbc:IssueDate>2026-11-20", b"<cbc:IssueDate>20th of November")
    one = shown(broken)
    assert one.notices and "20th of November" in one.notices[0].text
    assert "20th of November" in {field.value for field in one.head.fields}


def test_what_no_table_names_is_shown_all_the_same() -> None:
    extended = xml(bill()).replace(
        b"<cbc:ID>F-77</cbc:ID>", b"<cbc:ID>F-77</cbc:ID><cbc:UUID>f81d4fae-7dec</cbc:UUID>"
    )
    assert "f81d4fae-7dec" in {field.value for field in said(shown(extended))}


def test_signs_that_turn_text_are_written_out_and_very_long_text_is_cut() -> None:
    assert visible("faktura\u202efdp.exe") == "faktura[U+202E]fdp.exe"
    assert len(visible("x" * (LONGEST + 5))) < LONGEST + 10
    name = "<b>#import</b> \u2066"
    item = replace(bill().lines[0], item=p.Item(name=name, tax=bill().lines[0].item.tax))
    lines = shown(xml(replace(bill(), lines=(item,)))).lines
    assert lines is not None and lines.rows[0].cells[0] == "<b>#import</b> [U+2066]"


def test_a_list_of_expected_results_can_be_shown_whole(shared: Path) -> None:
    rows = json.loads((shared / "standards" / "expected.json").read_text())["files"]
    shown_or_refused = 0
    for row in rows[::7]:
        try:
            one = shown((shared / "standards" / (row.get("file") or row["path"])).read_bytes(), "nb")
        except Refusal:
            pass
        else:
            assert one.kind
        shown_or_refused += 1
    assert shown_or_refused == len(rows[::7])


def test_a_catalogue_shows_its_first_hundred_lines_and_says_how_many_there_are(shared: Path) -> None:
    path = shared / "standards" / "peppol" / "postaward" / "2026.5" / "examples" / "Catalogue_Example.xml"
    root = admit(path.read_bytes()).root
    line = next(e for e in root if etree.QName(e).localname == "CatalogueLine")
    for n in range(150):
        copy = etree.fromstring(etree.tostring(line))
        copy.find("{*}ID").text = f"extra-{n}"
        root.append(copy)
    total = sum(1 for e in root if etree.QName(e).localname == "CatalogueLine")
    table = shown(etree.tostring(root)).lines
    assert table is not None and (len(table.rows), table.total) == (100, total)
