"""What a spreadsheet may do to its reader, and what a column of headings or numbers means."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from avrop.catalogue.documents import LineRefused
from avrop.catalogue.pricelist import lines, sheet
from avrop.catalogue.pricelist.mapping import Layout, from_json, propose
from avrop.catalogue.pricelist.sheet import Row, SheetRefused
from avrop.catalogue.tests.price_lists import csv, xlsx
from avrop.ubl.codes import is_known


def rezipped(raw: bytes, **changes: bytes) -> bytes:
    """A workbook with members replaced or added (`__` for `/`, `_x` for `.x`)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        paths = {
            name: name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin") for name in changes
        }
        named = {paths[name]: content for name, content in changes.items()}
        for one in old.infolist():
            new.writestr(one.filename, named.pop(one.filename, old.read(one)))
        for name, content in named.items():
            new.writestr(name, content)
    return out.getvalue()


def far_away(row: int, column: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.add_worksheet().write(row, column, "x")
    book.close()
    return out.getvalue()


GOOD = xlsx([("1", "Blyant", "stk", 1.5, 25)])
BOMB = b"<worksheet>" + b" " * (sheet.MOST_UNPACKED + 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "SHEET_EMPTY"),
        (b" \r\n ", "SHEET_EMPTY"),
        (b"\xd0\xcf\x11\xe0 an old or locked workbook", "SHEET_OLD_FORMAT"),
        (b"PK\x03\x04 not a workbook", "SHEET_UNREADABLE"),
        (GOOD[: len(GOOD) // 2], "SHEET_UNREADABLE"),
        (far_away(1_048_575, 0), "SHEET_TOO_LONG"),
        (far_away(0, 16_383), "SHEET_TOO_WIDE"),
        (rezipped(GOOD, xl__vbaProject_bin=b"x"), "SHEET_MACROS"),
        (rezipped(GOOD, xl__worksheets__sheet1_xml=BOMB), "SHEET_TOO_BIG"),
        (rezipped(GOOD, xl__sharedStrings_xml=b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>'), "SHEET_UNREADABLE"),
        (rezipped(GOOD, xl__worksheets__sheet1_xml="<worksheet/>".encode("utf-16")), "SHEET_UNREADABLE"),
        (b"a;b\n" + b"x;y\n" * (sheet.MOST_ROWS + 1), "SHEET_TOO_LONG"),
        (b";".join([b"x"] * (sheet.MOST_COLUMNS + 1)), "SHEET_TOO_WIDE"),
        (b"a,b\n\0,c", "SHEET_EMPTY"),
    ],
    # Named, not measured: a workbook holds the time it was made, so its length differs from process to process.
    ids=[
        "nothing",
        "blank",
        "old format",
        "no workbook",
        "cut in half",
        "too many rows",
        "too many columns",
        "macros",
        "bomb",
        "doctype",
        "utf-16 part",
        "csv of too many rows",
        "csv of too many columns",
        "csv with a null",
    ],
)
def test_a_file_that_would_harm_or_cannot_be_read_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(SheetRefused, match=code):
        sheet.read(raw)


def test_a_cell_placed_far_away_with_odd_spelling_is_still_seen() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as book:
        plain = book.read("xl/worksheets/sheet1.xml")
    odd = plain.replace(b'r="A1"', b"r = 'XFD1048576'", 1)
    with pytest.raises(SheetRefused):
        sheet.read(rezipped(GOOD, xl__worksheets__sheet1_xml=odd))


def test_of_a_formula_the_value_that_was_saved_is_read() -> None:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, ("Varenr", "Pris"))
    page.write_formula(1, 1, "=100*1.25", value=125)
    book.close()
    assert sheet.read(out.getvalue()).rows[1].cells == ("", Decimal(125))


def test_a_huge_cell_is_cut() -> None:
    assert len(str(sheet.read(b"a;" + b"x" * 100_000).rows[0].cells[1])) == sheet.LONGEST_CELL


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(raw: bytes) -> None:
    for start in (b"", b"PK\x03\x04"):
        try:
            rows = sheet.read(start + raw).rows
        except SheetRefused:
            continue
        assert all(isinstance(row, Row) for row in rows)
        list(lines.items_of(rows, propose(rows), "NOK"))


# --- headings


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ("Varenummer", "Varebenevning", "Beskrivelse", "Enhet", "Nettopris", "MVA-sats"),
            {
                "seller_item_id": "Varenummer",
                "name": "Varebenevning",
                "description": "Beskrivelse",
                "unit": "Enhet",
                "price": "Nettopris",
                "vat": "MVA-sats",
            },
        ),
        (
            ("Item no.", "Product name", "UoM", "Net price", "VAT %", "EAN"),
            {
                "seller_item_id": "Item no.",
                "name": "Product name",
                "unit": "UoM",
                "price": "Net price",
                "vat": "VAT %",
                "gtin": "EAN",
            },
        ),
        (
            ("Artikkelnr", "Namn", "Namn (engelsk)", "Eining", "Pris inkl. mva", "Pris utan mva", "Søkeord"),
            {
                "seller_item_id": "Artikkelnr",
                "name": "Namn",
                "name_en": "Namn (engelsk)",
                "unit": "Eining",
                "price": "Pris utan mva",
                "keywords": "Søkeord",
            },
        ),
        (
            ("Varenr", "Navn", "Pris kr pr stk", "Pris"),
            {"seller_item_id": "Varenr", "name": "Navn", "price": "Pris"},
        ),
    ],
)
def test_columns_are_proposed_from_headings_in_three_languages(headings, columns) -> None:
    rows = sheet.read(csv([("x",) * len(headings)], headings=headings, encoding="utf-8")).rows
    assert dict(propose(rows).columns) == columns


def test_headings_are_found_below_a_title_and_two_of_a_name_are_told_apart() -> None:
    rows = sheet.read(b"Prisliste 2026;;\nGjeld 1.1.;;\nVarenr;Pris;Pris\nA;1;2\n").rows
    found = propose(rows)
    assert (found.header, dict(found.columns)) == (3, {"seller_item_id": "Varenr", "price": "Pris"})
    assert from_json({"columns": {"price": "Pris (2)"}}).columns == {"price": "Pris (2)"}


@pytest.mark.parametrize(
    ("prices", "sign"),
    [
        (("1.234,50",), ","),
        (("1,234.50",), "."),
        (("1.234", "52,90"), ","),
        (("1,234", "52.90"), "."),
        (("1.234", "5"), ","),
        ((), ","),
    ],
)
def test_the_decimal_sign_is_read_from_the_prices(prices, sign) -> None:
    rows = [Row(1, ("Varenr", "Pris")), *(Row(n, ("A", price)) for n, price in enumerate(prices, 2))]
    assert propose(rows).decimal == sign


# --- numbers, units, VAT


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("52,90", ",", "52.90"),
        ("52.90", ",", "52.90"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ".", "1234"),
        ("1 234,50", ",", "1234.50"),
        ("1\u00a0234,50", ",", "1234.50"),
        ("1.234.567,5", ",", "1234567.5"),
        ("1,234,567.5", ".", "1234567.5"),
        ("kr 49,90", ",", "49.90"),
        ("49,-", ",", "49"),
        ("\u221215,00", ",", "-15.00"),
        ("1'234.50", ".", "1234.50"),
    ],
)
def test_a_number_is_read_as_it_was_meant(text: str, sign: str, value: str) -> None:
    assert lines.number(text, sign, "BAD_PRICE") == Decimal(value)


@pytest.mark.parametrize(
    "text", ["ti", "1,2,3", "1.2.3", "", "1e9", "NaN", "∞", "١٢", "12 eller 13", "9" * 20]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(LineRefused):
        lines.number(text, ",", "BAD_PRICE")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("stk", "EA"),
        ("Stk.", "EA"),
        ("ea", "EA"),
        ("XBX", "XBX"),
        ("pk", "XPK"),
        ("pakker", "XPK"),
        ("krt", "XCT"),
        ("kg", "KGM"),
        ("Liter", "LTR"),
        ("m²", "MTK"),
        ("m3", "MTQ"),
        ("rull", "XRO"),
        ("par", "PR"),
        ("time", "HUR"),
    ],
)
def test_a_unit_is_a_unece_code_or_a_word_for_one(text: str, code: str) -> None:
    assert lines.unit_of(text) == code
    assert is_known("unit", code)


@pytest.mark.parametrize("text", ["", "t", "skåp", "EAA", "5"])
def test_a_unit_is_never_guessed(text: str) -> None:
    with pytest.raises(LineRefused, match="NO_UNIT"):
        lines.unit_of(text)


@pytest.mark.parametrize(
    ("cell", "vat"),
    [
        ("25", ("S", 2500)),
        ("25,0 %", ("S", 2500)),
        (Decimal("0.15"), ("S", 1500)),
        (Decimal(12), ("S", 1200)),
        ("0", ("Z", 0)),
        ("Unntatt", ("E", 0)),
    ],
)
def test_vat_is_a_per_cent_or_exempt(cell, vat) -> None:
    assert lines.vat_of(cell, ",") == vat


def test_every_word_for_a_unit_leads_to_a_code_of_the_list() -> None:
    assert all(is_known("unit", code) for code in lines._units().values())


def test_a_layout_comes_back_as_it_was_kept() -> None:
    layout = Layout(3, {"price": "Pris"}, ".", "EA", "25")
    assert from_json(layout.as_json()) == layout
