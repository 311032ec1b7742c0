"""Rows of a price list -> items that can be ordered, or rows that are left out with a reason. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from importlib import resources

from avrop.catalogue.documents import ItemData, LineRefused, RejectedLine, scaled
from avrop.catalogue.pricelist.mapping import POINT, Layout, Places, folded, places
from avrop.catalogue.pricelist.sheet import Cell, Row, as_text
from avrop.kernel.money import MICRO, NotANumber, parse_decimal
from avrop.ubl.codes import codes, is_known

_NOISE = re.compile(r"[\s\u00a0\u202f\u2009'’]|kr\.?|nok|,-|%", re.IGNORECASE)
_GROUPED = {
    ",": re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"),
    ".": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
}
_EXEMPT = ("e", "unntatt", "unnateke", "unntatteke", "exempt", "fritatt", "friteke")
_GTIN = re.compile(r"[0-9]{8}|[0-9]{12,14}")


def items_of(rows: Sequence[Row], layout: Layout, currency: str) -> Iterator[ItemData | RejectedLine]:
    """Every row below the headings as an item or a rejection with its row number; never raises for a row.

    A row with one cell only is a heading among the items, not a line.
    """
    where = places(rows, layout)
    for row in rows:
        if row.number <= layout.header or sum(cell != "" for cell in row.cells) < 2:
            continue
        try:
            yield item(row, layout, where, currency)
        except LineRefused as refused:
            yield RejectedLine(str(row.number), refused.reason, refused.value)


def item(row: Row, layout: Layout, where: Places, currency: str) -> ItemData:
    """One row as an item. Raises LineRefused."""

    def text(name: str, most: int) -> str:
        return " ".join(as_text(where.cell(row, name)).split())[:most]

    def amount(name: str, reason: str, least: int) -> int:
        cell = where.cell(row, name)
        return scaled(number(cell, layout.decimal, reason), reason, least) if cell != "" else 0

    identity = as_text(where.cell(row, "seller_item_id"))
    if not identity or len(identity) > 60:
        raise LineRefused("NO_ITEM_ID", identity)
    if not text("name", 300):
        raise LineRefused("NO_NAME")
    if where.cell(row, "price") == "":
        raise LineRefused("NO_PRICE")
    category, rate = vat_of(where.cell(row, "vat") or layout.vat, layout.decimal)
    gtin = text("gtin", 20)
    return ItemData(
        seller_item_id=identity,
        name=text("name", 300),
        name_nb=text("name_nb", 300),
        name_en=text("name_en", 300),
        unit_code=unit_of(text("unit", 60) or layout.unit),
        price=amount("price", "BAD_PRICE", 0),
        base_quantity=amount("per", "BAD_BASE_QUANTITY", 1) or MICRO,
        currency=currency,
        vat_category=category,
        vat_rate=rate,
        gtin=gtin if _GTIN.fullmatch(gtin) else "",
        description=as_text(where.cell(row, "description"))[:4000],
        keywords=text("keywords", 2000),
        category=text("category", 40),
        category_name=text("category_name", 120),
        min_quantity=amount("min_quantity", "BAD_QUANTITY", 0),
        multiple=amount("multiple", "BAD_QUANTITY", 0),
        line=str(row.number),
    )


def number(cell: Cell, decimal: str, reason: str) -> Decimal:
    """A cell as an exact number. Raises LineRefused with the reason and what stood there.

    "1.234" is 1234 where the decimal sign is a comma; a sign that cannot separate thousands is decimal.
    """
    if isinstance(cell, Decimal):
        if not cell.is_finite() or abs(cell) >= 10**15:
            raise LineRefused(reason, cell)
        return cell
    plain = _NOISE.sub("", cell).replace("\u2212", "-")
    grouping = "," if decimal == POINT else "."
    if _GROUPED[decimal].fullmatch(plain):
        plain = plain.replace(grouping, "")
    if plain.count(",") + plain.count(".") > 1:
        raise LineRefused(reason, cell)
    try:
        return parse_decimal(plain.replace(",", "."))
    except NotANumber:
        raise LineRefused(reason, cell) from None


def vat_of(cell: Cell, decimal: str) -> tuple[str, int]:
    """Category (UNCL5305) and basis points of 25, "25 %" or a cell shown as per cent (0.25)."""
    if cell == "":
        raise LineRefused("NO_VAT")
    if isinstance(cell, str) and folded(cell) in _EXEMPT:
        return "E", 0
    value = number(cell, decimal, "NO_VAT")
    rate = int(value * 10_000) if 0 < value < 1 else int(value * 100)
    if not 0 <= rate <= 10_000:
        raise LineRefused("NO_VAT", cell)
    return ("S", rate) if rate else ("Z", 0)


@cache
def _units() -> dict[str, str]:
    """Folded word -> UNECE code: the names of the code list, then our table of abbreviations."""
    found: dict[str, str] = {}
    for code in codes("unit"):
        for name in (code.nn, code.nb, code.en):
            found.setdefault(folded(name.replace("²", "2").replace("³", "3")), code.code)
    text = (resources.files("avrop.catalogue") / "tables" / "units.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return found | {word: row["code"] for row in rows for word in row["words"].split()}


def unit_of(text: str) -> str:
    """The UNECE code of a unit written as code or word. Raises LineRefused NO_UNIT; never guesses."""
    upper = text.upper()
    if is_known("unit", upper):
        return upper
    code = _units().get(folded(text.replace("²", "2").replace("³", "3")))
    if code is None:
        raise LineRefused("NO_UNIT", text)
    return code
