"""Reads a chart of accounts or a budget out of a file's bytes. Pure: bytes in, rows and rejections out.

Layouts: one line a budget line (account, responsibility, service or function, maybe project, each with its
text, and one amount column a year), or a plain chart (dimension, code, name). `;`, `,` or tab; UTF-8 with or
without BOM, else cp1252; spaces or dots between thousands, decimal comma; minus or parentheses for income.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from avrop.coding.facts import DIMENSIONS
from avrop.commitments.facts import BudgetKey
from avrop.kernel.finding import Refusal
from avrop.kernel.money import NotANumber, parse_norwegian, to_minor

# Column names as they stand in exports, folded: what each dimension's code and text are called.
_CODE = {
    "account": ("konto", "kontonr", "kontonummer", "account"),
    "responsibility": ("ansvar", "ansvarnr", "responsibility"),
    "function": ("tjeneste", "teneste", "funksjon", "function"),
    "project": ("prosjekt", "prosjektnr", "project"),
}
_TEXT = {
    dimension: tuple(
        f"{name}{ending}" for name in names for ending in ("tekst", "t", "namn", "navn", "name", "text")
    )
    for dimension, names in _CODE.items()
}
_AMOUNT = ("belop", "amount", "budsjett", "budget")
_YEARLY = re.compile(r"(?:budsjett|budget)(\d{4})")
_CODE_FORM = re.compile(r"[^\s|]{1,20}")
MOST_REJECTED = 1000  # rejections that are kept one by one


class ImportRefused(Refusal):
    """The file as a whole cannot be read. Codes: EMPTY_FILE, NO_COLUMNS, NO_BUDGET_COLUMN, YEAR_MISSING."""

    code = "NO_COLUMNS"


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line: its key, the amount in øre as in the file (income negative), its line in the file."""

    key: str
    amount: int
    row: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that was left out, and why: SHORT_ROW, BAD_CODE, NO_ACCOUNT, NO_RESPONSIBILITY, BAD_AMOUNT."""

    line: int
    reason: str
    value: str = ""


@dataclass(slots=True)
class Parsed:
    """What a file holds."""

    year: int | None = None
    lines: list[Line] = field(default_factory=list)
    codes: dict[tuple[str, str], str] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)
    rows: int = 0

    @property
    def limits(self) -> dict[str, int]:
        """The sum of the lines under each budget key, in øre."""
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.key] = sums.get(line.key, 0) + line.amount
        return sums


def decode(raw: bytes) -> str:
    """The text of a file: UTF-8 (with or without BOM), else cp1252, the code page of Norwegian exports."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def parse_chart(raw: bytes) -> Parsed:
    """The codes in a file, of either layout. Raises ImportRefused."""
    header, rows = _table(raw)
    parsed = Parsed()
    if {"dimension", "code", "name"} <= set(header):
        _plain_chart(header, rows, parsed)
        return parsed
    columns = _columns(header)
    if not columns:
        raise ImportRefused("NO_COLUMNS", found=", ".join(header)[:200])
    for number, row in rows:
        parsed.rows += 1
        if len(row) < len(header):
            parsed.rejected.append(Rejected(number, "SHORT_ROW"))
            continue
        _keep_codes(row, columns, parsed)
    return parsed


def parse_budget(raw: bytes, year: int | None) -> Parsed:
    """The budget lines and codes in a file; `year` chooses the column (None: the latest).

    Raises ImportRefused.
    """
    header, rows = _table(raw)
    columns = _columns(header)
    if "account" not in columns or "responsibility" not in columns:
        raise ImportRefused("NO_COLUMNS", found=", ".join(header)[:200])
    place, chosen = _amount_column(header, year)
    parsed = Parsed(year=chosen)
    for number, row in rows:
        parsed.rows += 1
        reason, value = _take(number, row, len(header), columns, place, parsed)
        if reason:
            parsed.rejected.append(Rejected(number, reason, value[:60]))
    return parsed


def _take(
    number: int,
    row: Sequence[str],
    width: int,
    columns: Mapping[str, tuple[int, int]],
    place: int,
    parsed: Parsed,
) -> tuple[str, str]:
    """Take one line in; else the reason and the value that is wrong."""
    if len(row) < width:
        return "SHORT_ROW", ""
    codes = {d: row[columns[d][0]].strip() if d in columns else "" for d in DIMENSIONS}
    if not codes["account"]:
        return "NO_ACCOUNT", ""
    if not codes["responsibility"]:
        return "NO_RESPONSIBILITY", ""
    for code in codes.values():
        if code and not _CODE_FORM.fullmatch(code):
            return "BAD_CODE", code
    assert parsed.year is not None
    try:
        amount = _amount(row[place])
    except NotANumber:
        return "BAD_AMOUNT", row[place]
    _keep_codes(row, columns, parsed)
    parsed.lines.append(Line(BudgetKey(parsed.year, **codes).text(), amount, number))
    return "", ""


def _amount(text: str) -> int:
    """An amount in kroner as øre; nothing is 0. Raises NotANumber."""
    cleaned = text.strip()
    if cleaned in ("", "-"):
        return 0
    if cleaned.startswith("(") and cleaned.endswith(")"):
        cleaned = f"-{cleaned[1:-1].strip()}"
    return to_minor(parse_norwegian(cleaned))


def _amount_column(header: Sequence[str], year: int | None) -> tuple[int, int]:
    yearly = {int(m[1]): i for i, name in enumerate(header) if (m := _YEARLY.fullmatch(name))}
    if yearly and (year is None or year in yearly):
        chosen = year or max(yearly)
        return yearly[chosen], chosen
    plain = [i for i, name in enumerate(header) if name in _AMOUNT]
    if not plain:
        raise ImportRefused("NO_BUDGET_COLUMN", year=year or "", found=", ".join(header)[:200])
    if year is None:
        raise ImportRefused("YEAR_MISSING")
    return plain[0], year


def _table(raw: bytes) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The folded header, and the rows that are not blank with their line numbers."""
    text = decode(raw)
    first = text.split("\n", 1)[0]
    if not text.strip() or "\0" in text:
        raise ImportRefused("EMPTY_FILE")
    delimiter = max(";\t,", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header = [_fold(name) for name in next(reader)]

    def rows() -> Iterator[tuple[int, list[str]]]:
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield reader.line_num, row
        except csv.Error:
            raise ImportRefused("NO_COLUMNS", found=", ".join(header)[:200]) from None

    return header, rows()


def _fold(name: str) -> str:
    plain = name.casefold().replace("ø", "o").replace("å", "a").replace("æ", "ae")
    return re.sub(r"[^a-z0-9]", "", plain)


def _columns(header: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Dimension -> (place of its code, place of its text or -1)."""
    found = {}
    for dimension, names in _CODE.items():
        code = next((i for i, name in enumerate(header) if name in names), -1)
        text = next((i for i, name in enumerate(header) if name in _TEXT[dimension]), -1)
        if code >= 0:
            found[dimension] = (code, text)
    return found


def _keep_codes(row: Sequence[str], columns: Mapping[str, tuple[int, int]], parsed: Parsed) -> None:
    for dimension, (place, text) in columns.items():
        code = row[place].strip()
        if code and _CODE_FORM.fullmatch(code):
            name = row[text].strip()[:200] if text >= 0 else ""
            parsed.codes[dimension, code] = name or parsed.codes.get((dimension, code), "")


def _plain_chart(header: Sequence[str], rows: Iterator[tuple[int, list[str]]], parsed: Parsed) -> None:
    at = {name: i for i, name in enumerate(header)}
    for number, row in rows:
        parsed.rows += 1
        if len(row) < len(header):
            parsed.rejected.append(Rejected(number, "SHORT_ROW"))
            continue
        dimension, code = row[at["dimension"]].strip(), row[at["code"]].strip()
        if dimension not in DIMENSIONS or not _CODE_FORM.fullmatch(code):
            parsed.rejected.append(Rejected(number, "BAD_CODE", f"{dimension} {code}"[:60]))
            continue
        parsed.codes[dimension, code] = row[at["name"]].strip()[:200]
