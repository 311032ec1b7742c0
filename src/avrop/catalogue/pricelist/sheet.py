"""The cells of an xlsx or csv file, as text or exact numbers. Pure: bytes in, rows out.

What a spreadsheet may do to its reader is bounded before it is read: an archive is unpacked here, member by
member with a cap, and only plain worksheets without macros are handed on; a cell that stands a million rows
down is refused before anybody allocates the rows above it. Of a formula only the value that it had when the
file was saved is read.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from avrop.kernel.finding import Refusal

MOST_BYTES = 20_000_000  # of the file as it came
MOST_UNPACKED = 150_000_000
MOST_MEMBERS = 500
MOST_ROWS = 50_000
MOST_COLUMNS = 60
LONGEST_CELL = 4_000  # characters; what is longer is cut, as a description is
_OLE = b"\xd0\xcf\x11\xe0"  # old .xls, and .xlsx with a password
_ZIP = b"PK\x03\x04"
_NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/styles\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_MACRO = re.compile(r"vbaProject|macrosheets|activeX|xl/embeddings", re.IGNORECASE)
_PLACE = re.compile(rb"""\br\s*=\s*["']\s*([A-Za-z]{0,12})(\d{1,12})\s*["']""")

Cell = str | Decimal


class SheetRefused(Refusal):
    """The file as a whole cannot be read. Codes: SHEET_*, see texts."""

    code = "SHEET_UNREADABLE"


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank, with its number in the file (from 1)."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file's first sheet with content. `kind` is xlsx or csv."""

    kind: str
    rows: tuple[Row, ...]
    name: str = ""


def read(raw: bytes) -> Sheet:
    """The rows of a price list. Raises SheetRefused."""
    if len(raw) > MOST_BYTES:
        raise SheetRefused("SHEET_TOO_BIG", most=MOST_BYTES // 1_000_000)
    if raw.startswith(_OLE):
        raise SheetRefused("SHEET_OLD_FORMAT")
    if raw.startswith(_ZIP):
        return _xlsx(raw)
    return _csv(raw)


def _csv(raw: bytes) -> Sheet:
    text = decode(raw)
    if not text.strip() or "\0" in text:
        raise SheetRefused("SHEET_EMPTY")
    delimiter = _delimiter(text)
    rows = []
    limit = csv.field_size_limit(2_000_000)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cells in reader:
            _bounded(reader.line_num, len(cells))
            row = tuple(cell.strip()[:LONGEST_CELL] for cell in cells)
            if any(row):
                rows.append(Row(reader.line_num, row))
    except csv.Error:
        raise SheetRefused("SHEET_UNREADABLE") from None
    finally:
        csv.field_size_limit(limit)
    return Sheet("csv", tuple(rows))


def decode(raw: bytes) -> str:
    """The text: by its byte order mark, as UTF-8, else cp1252 (Norwegian exports), else latin-1."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _delimiter(text: str) -> str:
    """What separates the cells: named by the file (`sep=;`), else what the first lines have most evenly."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    named = re.match(r"sep=(.)\s*$", lines[0])
    if named:
        return named[1]
    return max(";\t|,", key=lambda sign: (min(line.count(sign) for line in lines[:5]), lines[0].count(sign)))


def _bounded(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise SheetRefused("SHEET_TOO_LONG", most=MOST_ROWS)
    if columns > MOST_COLUMNS:
        raise SheetRefused("SHEET_TOO_WIDE", most=MOST_COLUMNS)


def _xlsx(raw: bytes) -> Sheet:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_unpacked(raw)))
        for name in workbook.sheet_names:
            found = workbook.get_sheet_by_name(name)
            _bounded(found.total_height, found.total_width)
            rows = _cells(found.to_python(skip_empty_area=False))
            if rows:
                return Sheet("xlsx", rows, name)
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise SheetRefused("SHEET_UNREADABLE") from None
    raise SheetRefused("SHEET_EMPTY")


def _unpacked(raw: bytes) -> bytes:
    """The archive packed anew with nothing in it but plain worksheets within bounds."""
    out, left = io.BytesIO(), MOST_UNPACKED
    with zipfile.ZipFile(io.BytesIO(raw)) as archive, zipfile.ZipFile(out, "w") as plain:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or len({one.filename.casefold() for one in members}) != len(members):
            raise SheetRefused("SHEET_UNREADABLE")
        if any(_MACRO.search(one.filename) for one in members):
            raise SheetRefused("SHEET_MACROS")
        for one in members:
            if not _NEEDED.fullmatch(one.filename):
                continue
            with archive.open(one) as member:
                content = member.read(left + 1)
            left -= len(content)
            if left < 0:
                raise SheetRefused("SHEET_TOO_BIG", most=MOST_UNPACKED // 1_000_000)
            _plain_xml(content)
            if one.filename.casefold().startswith("xl/worksheets/"):
                _within(content)
            plain.writestr(one.filename, content)
    return out.getvalue()


def _plain_xml(content: bytes) -> None:
    """UTF-8 without a document type: then what is counted here is what the reader will see."""
    head = content[:200]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head or b"<!DOCTYPE" in content:
        raise SheetRefused("SHEET_UNREADABLE")


def _within(content: bytes) -> None:
    """Refuse a worksheet with a cell or row beyond our bounds."""
    for letters, digits in _PLACE.findall(content):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        _bounded(int(digits), column)


def _cells(rows: Sequence[Sequence[object]]) -> tuple[Row, ...]:
    found = []
    for number, cells in enumerate(rows, 1):
        row = tuple(_cell(cell) for cell in cells)
        if any(cell != "" for cell in row):
            found.append(Row(number, row))
    return tuple(found)


def _cell(value: object) -> Cell:
    """Text, or the exact number that the sheet shows (a spreadsheet's numbers are binary)."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        # 15 significant digits is what a spreadsheet itself shows and keeps: 0.1 + 0.2 is 0.3 there.
        return Decimal(format(value, ".15g"))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r", " ").strip()[:LONGEST_CELL]


def as_text(cell: Cell) -> str:
    """A cell as text; a number without exponent and trailing zeros: item number 402210, not 4.0221E5."""
    if isinstance(cell, str):
        return cell
    return format(cell.normalize(), "f") if cell.is_finite() else ""
