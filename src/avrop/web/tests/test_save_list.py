"""A list saved as a spreadsheet: all that was found, numbers as numbers, and nothing that runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory
from python_calamine import CalamineWorkbook

from avrop.web.lists import Filter, Listing, listing
from avrop.web.spreadsheet import DAY, MOMENT, MONEY, PERCENT, PRICE, QUANTITY, Column, harmless, spreadsheet

# The end of a request looks at the database's connection, wherever one is open.
pytestmark = pytest.mark.django_db

ROWS = [
    {
        "number": f"B-{n:03}",
        "name": "Åse Blå AS" if n % 2 else '=HYPERLINK("x")',
        "net": -123450 * n,
        "price": 33_333_300,
        "quantity": 2_500_000,
        "rate": 1_550,
        "on": date(2026, 11, n % 28 + 1),
        "at": datetime(2026, 6, 1, 22, 30, tzinfo=UTC),
        "empty": None,
    }
    for n in range(1, 61)
]
COLUMNS = [
    Column("Nummer", "number"),
    Column("Leverandør", "name"),
    Column("Netto", "net", MONEY),
    Column("Pris", "price", PRICE),
    Column("Mengd", lambda row: row["quantity"], QUANTITY),
    Column("Mva", "rate", PERCENT),
    Column("Dato", "on", DAY),
    Column("Tid", "at", MOMENT),
    Column("Tomt", "empty", MONEY),
]


def found(address: str) -> Listing:
    return listing(
        RequestFactory().get(address),
        ROWS,
        search=("number", "name"),
        sort={"number": "number"},
        default="-number",
        filters=[Filter("name", "Namn", [("Åse Blå AS", "Åse Blå AS")])],
        exports=True,
    )


def saved(address: str) -> bytes:
    response = spreadsheet(found(address), COLUMNS, name="Bestillingar")
    try:
        return b"".join(response)
    finally:
        response.close()


def as_csv(address: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(saved(address).decode("utf-8-sig")), delimiter=";"))


def as_xlsx(address: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(saved(address))).get_sheet_by_index(0).to_python()


def test_csv_is_written_as_a_norwegian_excel_opens_it():
    assert saved("/?export=csv").startswith(b"\xef\xbb\xbf")
    heading, first, *_ = as_csv("/?export=csv&sort=number")
    assert heading == ["Nummer", "Leverandør", "Netto", "Pris", "Mengd", "Mva", "Dato", "Tid", "Tomt"]
    # 22.30 in Greenwich on 1 June is half past midnight in Norway.
    assert first == [
        "B-001",
        "Åse Blå AS",
        "-1234,50",
        "33,3333",
        "2,5",
        "15,5",
        "02.11.2026",
        "02.06.2026 00:30",
        "",
    ]


def test_xlsx_holds_numbers_and_dates_not_texts():
    first = as_xlsx("/?export=xlsx&sort=number")[1]
    assert first[0] == "B-001"
    assert first[2:6] == [
        pytest.approx(-1234.5),
        pytest.approx(33.3333),
        pytest.approx(2.5),
        pytest.approx(15.5),
    ]
    assert first[6] == date(2026, 11, 2)
    assert str(first[7]) == "2026-06-02 00:30:00"


@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_the_whole_list_as_it_is_filtered_searched_and_sorted_is_saved(read):
    kind = "csv" if read is as_csv else "xlsx"
    assert len(read(f"/?export={kind}&page=2")) == 61
    narrowed = read(f"/?export={kind}&name=Åse+Blå+AS&q=B-00&sort=-number")[1:]
    assert [row[0] for row in narrowed] == ["B-009", "B-007", "B-005", "B-003", "B-001"]


@pytest.mark.parametrize("read", [as_csv, as_xlsx])
def test_no_cell_starts_a_formula(read):
    kind = "csv" if read is as_csv else "xlsx"
    cells = [cell for row in read(f"/?export={kind}") for cell in row if isinstance(cell, str)]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@", "\t", "\r")]


@pytest.mark.parametrize("text", ["=1+1", "+47 123", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_what_would_start_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["Papir = 5", "a+b", "", "Ærfugl", "'ferdig"])
def test_other_texts_stay(text):
    assert harmless(text) == text


def test_an_unknown_format_shows_the_page():
    assert found("/?export=exe").export == ""
    assert len(found("/?export=exe").rows) == 25


def test_a_list_that_offers_no_export_gives_none():
    assert listing(RequestFactory().get("/?export=csv"), ROWS).export == ""
