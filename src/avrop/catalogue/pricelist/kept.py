"""What a price list does not say of an item stays as it is in force; and a list's first rows, as they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from avrop.catalogue import states
from avrop.catalogue.documents import ItemData, RejectedLine
from avrop.catalogue.models import CatalogueItem
from avrop.catalogue.pricelist.mapping import Layout
from avrop.catalogue.pricelist.sheet import Cell, Row

# Texts and ordering rules that only richer files carry. Names in other languages follow the name.
_NAMES = ("name_nb", "name_en")
_FIELDS = (
    *_NAMES, "description", "keywords", "category", "category_name", "category_nb", "category_en", "gtin",
    "picture", "min_quantity", "multiple",
)  # fmt: skip
_WITH = {"category": ("category", "category_name", "category_nb", "category_en")}  # one says them all


def with_kept(
    outcomes: Iterable[ItemData | RejectedLine], layout: Layout, agreement_id: UUID
) -> Iterator[ItemData | RejectedLine]:
    """The items, with what no column of the list holds taken from the version in force."""
    silent = set(_FIELDS) - set(layout.columns)
    for source, follows in _WITH.items():
        if source in layout.columns or "category_name" in layout.columns:
            silent -= set(follows)
    rows = CatalogueItem.objects.filter(agreement_id=agreement_id, version__state=states.ACTIVE)
    fields = sorted(silent)
    known = {row[0]: row for row in rows.values_list("seller_item_id", "name", *fields)}
    for outcome in outcomes:
        before = known.get(outcome.seller_item_id) if isinstance(outcome, ItemData) else None
        if before is None or not isinstance(outcome, ItemData):
            yield outcome
            continue
        values: dict[str, Any] = dict(zip(fields, before[2:], strict=True))
        if before[1] != outcome.name:
            values = {name: value for name, value in values.items() if name not in _NAMES}
        yield replace(outcome, **values)


def sample_of(rows: Sequence[Row]) -> list[Any]:
    """Rows as JSON: [number, [cells]], a number as {"n": "12.5"}."""
    return [[row.number, [_out(cell) for cell in row.cells]] for row in rows]


def rows_of(sample: Iterable[Any]) -> tuple[Row, ...]:
    """What `sample_of` wrote."""
    return tuple(Row(int(number), tuple(_in(cell) for cell in cells)) for number, cells in sample)


def _out(cell: Cell) -> str | dict[str, str]:
    return {"n": str(cell)} if isinstance(cell, Decimal) else cell[:200]


def _in(value: Any) -> Cell:
    return Decimal(value["n"]) if isinstance(value, dict) else str(value)
