"""Which column holds what: proposed from the headings, corrected by a person, remembered per supplier. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from avrop.catalogue.pricelist.sheet import Cell, Row, as_text

REQUIRED = ("seller_item_id", "name", "price")
SEARCHED = 25  # rows from the top in which the headings are looked for
COMMA, POINT = ",", "."
_PREFIX = 4  # letters that a heading must share with a known one from its start
_GROSS = re.compile(r"inkl|incl|medmva")
_GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Layout:
    """Field -> heading, and what holds for rows that do not say. `header` is the headings' row number."""

    header: int
    columns: Mapping[str, str]
    decimal: str = COMMA
    unit: str = ""
    vat: str = ""

    def missing(self) -> list[str]:
        """The fields without which no row can be ordered, and that no column or default gives."""
        lacking = [name for name in REQUIRED if name not in self.columns]
        lacking += ["unit"] if "unit" not in self.columns and not self.unit else []
        return lacking + (["vat"] if "vat" not in self.columns and not self.vat else [])

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "header": self.header,
            "columns": dict(self.columns),
            "decimal": self.decimal,
            "unit": self.unit,
            "vat": self.vat,
        }


def from_json(kept: Mapping[str, Any]) -> Layout:
    """What `as_json` wrote."""
    return Layout(
        header=int(kept.get("header", 1)),
        columns={str(name): str(heading) for name, heading in dict(kept.get("columns", {})).items()},
        decimal=POINT if kept.get("decimal") == POINT else COMMA,
        unit=str(kept.get("unit", "")),
        vat=str(kept.get("vat", "")),
    )


@cache
def known_headings() -> dict[str, str]:
    """Folded heading -> field, from tables/columns.csv."""
    text = (resources.files("avrop.catalogue") / "tables" / "columns.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {heading: row["field"] for row in rows for heading in row["headings"].split()}


def fields() -> tuple[str, ...]:
    """Every field that a column can hold, in the order of the table."""
    return tuple(dict.fromkeys(known_headings().values()))


def folded(text: str) -> str:
    """A heading in small letters and digits only: "Pris (eks. mva)" is "priseksmva"."""
    plain = text.casefold()
    for letter, other in (("ø", "o"), ("å", "a"), ("æ", "ae"), ("ö", "o"), ("ä", "a"), ("é", "e")):
        plain = plain.replace(letter, other)
    return re.sub(r"[^a-z0-9]", "", plain)


def headings(row: Row | None, width: int) -> list[str]:
    """What each column is called, each name once; a column without a heading goes by its letter."""
    found: list[str] = []
    for place in range(width):
        text = " ".join(as_text(row.cells[place]).split())[:60] if row and place < len(row.cells) else ""
        name, again = text or _letter(place), 2
        while name in found:
            name, again = f"{text or _letter(place)} ({again})", again + 1
        found.append(name)
    return found


def _letter(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def propose(rows: Sequence[Row], remembered: Layout | None = None) -> Layout:
    """The layout of a file: as remembered where its headings are all there, else guessed from them."""
    if remembered is not None:
        for row in rows[:SEARCHED]:
            if set(remembered.columns.values()) <= set(headings(row, len(row.cells))):
                kept = remembered.as_json()
                return from_json({**kept, "header": row.number})
    header = max(rows[:SEARCHED], key=lambda row: len(_exact(row)), default=None)
    if header is None:
        return Layout(1, {})
    names = headings(header, len(header.cells))
    columns = {name: names[place] for name, place in _guessed(header).items()}
    body = [row for row in rows if row.number > header.number]
    places = [names.index(columns["price"])] if "price" in columns else []
    decimal = _decimal([row.cells[at] for row in body for at in places if at < len(row.cells)])
    return Layout(
        header.number,
        columns,
        decimal,
        unit=remembered.unit if remembered else "",
        vat=remembered.vat if remembered else "",
    )


def _exact(row: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        name = known_headings().get(folded(cell)) if isinstance(cell, str) else None
        if name:
            found.setdefault(name, place)
    return found


def _guessed(row: Row) -> dict[str, int]:
    """Headings that we know, then those that begin as one that we know. A price with VAT is no price of ours."""
    found = _exact(row)
    taken = set(found.values())
    for place, cell in enumerate(row.cells):
        plain = folded(cell) if isinstance(cell, str) else ""
        if place in taken or len(plain) < _PREFIX or _GROSS.search(plain):
            continue
        fits = [known for known in known_headings() if len(known) >= _PREFIX and plain.startswith(known)]
        name = known_headings()[max(fits, key=len)] if fits else ""
        if name and name not in found:
            found[name] = place
    return found


def _decimal(cells: Collection[Cell]) -> str:
    """The decimal sign of a column of prices: the last sign where both stand, else what cannot be grouping."""
    for cell in cells:
        text = re.sub(r"[^\d.,]", "", cell) if isinstance(cell, str) else ""
        if "," in text and "." in text:
            return COMMA if text.rfind(",") > text.rfind(".") else POINT
        if ("." in text or "," in text) and not _GROUPED.fullmatch(text):
            return COMMA if "," in text else POINT
    return COMMA


@dataclass(frozen=True, slots=True)
class Places:
    """Field -> the column's place in a row, for one file."""

    at: Mapping[str, int] = field(default_factory=dict)

    def cell(self, row: Row, name: str) -> Cell:
        """The cell of a field; empty where the row is short or no column holds it."""
        place = self.at.get(name, -1)
        return row.cells[place] if 0 <= place < len(row.cells) else ""


def places(rows: Sequence[Row], layout: Layout) -> Places:
    """Where each field stands in this file."""
    header = next((row for row in rows if row.number == layout.header), None)
    width = max((len(row.cells) for row in rows[:SEARCHED]), default=0)
    names = headings(header, max(width, len(header.cells) if header else 0))
    return Places({name: names.index(title) for name, title in layout.columns.items() if title in names})
