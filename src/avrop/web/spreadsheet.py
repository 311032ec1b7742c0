"""A list as a spreadsheet: csv as a Norwegian Excel opens it, or xlsx. What a person typed never becomes a formula.

    rows = listing(request, queries.all_orders(), ..., exports=True)
    if rows.export:
        return spreadsheet(rows, COLUMNS, name=_("orders"))

The whole list as it is searched, filtered and sorted, not only the page that is shown. Amounts are øre, prices and
quantities scaled by 10^6, rates basis points in the rows; the sheet gets kroner, units and per cent as numbers.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.functional import Promise
from django.utils.text import slugify

from avrop.kernel.money import from_micro, from_minor, quantity_from_micro
from avrop.kernel.ports import today
from avrop.web.format import local
from avrop.web.lists import Listing
from avrop.web.rows import value_of

TEXT, MONEY, PRICE, QUANTITY, NUMBER, PERCENT, DAY, MOMENT = (
    "text", "money", "price", "quantity", "number", "percent", "day", "moment",
)  # fmt: skip
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 1000
_MOST = 200_000  # rows; a list that is longer wants a filter first
# What Excel, LibreOffice and Google's sheets take as the start of a formula (OWASP, CSV injection).
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONGEST = 32_767  # characters in one cell of xlsx
_SHOWN = {
    MONEY: "#,##0.00", PRICE: "#,##0.00####", QUANTITY: "#,##0.######", PERCENT: "0.##", NUMBER: "0",
    DAY: "dd.mm.yyyy", MOMENT: "dd.mm.yyyy hh:mm",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its heading, where the value is (a path with `__`, or a function of the row), what it is."""

    label: str | Promise
    value: str | Callable[[Any], Any]
    kind: str = TEXT
    width: int = 16

    def of(self, row: Any) -> Any:
        """The row's value as a number, date or text; None where there is none."""
        raw = self.value(row) if callable(self.value) else value_of(row, self.value)
        if raw is None or raw == "":
            return None
        return _READ.get(self.kind, str)(raw)


def _moment(value: datetime) -> datetime:
    return local(value).replace(tzinfo=None, microsecond=0)


def _day(value: date | datetime) -> date:
    return local(value).date() if isinstance(value, datetime) else value


_READ: dict[str, Callable[[Any], Any]] = {
    MONEY: from_minor,
    PRICE: from_micro,
    QUANTITY: quantity_from_micro,
    PERCENT: lambda basis: Decimal(basis) / 100,
    NUMBER: int,
    DAY: _day,
    MOMENT: _moment,
}


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before what would start one."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def spreadsheet(
    rows: Listing,
    columns: Sequence[Column],
    *,
    name: str,
    prepare: Callable[[Sequence[Any]], Iterable[Any]] | None = None,
) -> FileResponse:
    """The listing's export as a file to save. `prepare` makes shown rows out of a chunk of rows (a few statements)."""
    lines = _lines(rows.found, columns, prepare)
    write = _xlsx if rows.export == "xlsx" else _csv
    file = write([str(one.label) for one in columns], columns, lines)
    filename = f"{slugify(name) or 'avrop'}-{today().isoformat()}.{rows.export}"
    return FileResponse(file, as_attachment=True, filename=filename, content_type=FORMATS[rows.export])


def _lines(
    found: Any, columns: Sequence[Column], prepare: Callable[[Sequence[Any]], Iterable[Any]] | None
) -> Iterator[list[Any]]:
    for chunk in _chunks(found):
        for row in prepare(chunk) if prepare else chunk:
            yield [one.of(row) for one in columns]


def _chunks(found: Any) -> Iterator[list[Any]]:
    rows = found[:_MOST]
    chunk: list[Any] = []
    for row in rows.iterator(chunk_size=_CHUNK) if isinstance(rows, QuerySet) else rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _csv(heading: Sequence[str], columns: Sequence[Column], lines: Iterable[Sequence[Any]]) -> IO[bytes]:
    """UTF-8 with a byte order mark, semicolons, decimal comma: what a Norwegian Excel opens by a double click."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    out = csv.writer(text, delimiter=";", lineterminator="\r\n")
    out.writerow(harmless(one) for one in heading)
    for line in lines:
        out.writerow(_plain(value, column.kind) for value, column in zip(line, columns, strict=True))
    text.detach()
    file.seek(0)
    return file


def _plain(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == MOMENT:
        return str(value.strftime("%d.%m.%Y %H:%M"))
    if kind == DAY:
        return str(value.strftime("%d.%m.%Y"))
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return str(value) if kind == NUMBER else harmless(value)


def _xlsx(heading: Sequence[str], columns: Sequence[Column], lines: Iterable[Sequence[Any]]) -> IO[bytes]:
    """One sheet, headings frozen; a text is written as text, whatever it looks like."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    formats = [book.add_format({"num_format": _SHOWN[c.kind]} if c.kind in _SHOWN else {}) for c in columns]
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, heading[at], bold)
    for number, line in enumerate(lines, start=1):
        for at, (value, column) in enumerate(zip(line, columns, strict=True)):
            _cell(sheet, number, at, value, column.kind, formats[at])
    book.close()
    file.seek(0)
    return file


def _cell(sheet: Any, row: int, at: int, value: Any, kind: str, shown: Any) -> None:
    if value is None:
        return
    if kind in (DAY, MOMENT):
        sheet.write_datetime(row, at, value, shown)
    elif kind == TEXT:
        sheet.write_string(row, at, harmless(value)[:_LONGEST], shown)
    else:
        sheet.write_number(row, at, value, shown)
