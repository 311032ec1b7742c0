"""What a version does to the one that it was compared with: rows for a list, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from avrop.catalogue.models import CatalogueChange
from avrop.catalogue.rules import Difference, ItemRow, price_change, what_differs

_MOST_PERCENT = 2_000_000_000  # basis points; what an integer column holds


def changes_between(found: Difference) -> list[CatalogueChange]:
    """A difference as rows, not saved: first what is changed, then what is new, then what is gone."""
    rows = [_changed(before, after) for before, after in found.changed]
    rows += [_row(CatalogueChange.ADDED, None, after) for after in found.added]
    return rows + [_row(CatalogueChange.REMOVED, before, None) for before in found.removed]


def _changed(before: ItemRow, after: ItemRow) -> CatalogueChange:
    row = _row(CatalogueChange.CHANGED, before, after)
    what = what_differs(before, after)
    row.texts, row.unit, row.vat, row.quantities = what.texts, what.unit, what.vat, what.quantities
    percent = price_change(before, after)
    row.percent = None if percent is None else max(-_MOST_PERCENT, min(_MOST_PERCENT, percent))
    row.name_before = before.name if before.name != after.name else ""
    return row


def _row(kind: str, before: ItemRow | None, after: ItemRow | None) -> CatalogueChange:
    shown = after or before
    assert shown is not None
    return CatalogueChange(
        kind=kind,
        seller_item_id=shown.seller_item_id,
        name=shown.name,
        price_before=before.price if before else None,
        price_after=after.price if after else None,
        base_before=before.base_quantity if before else None,
        base_after=after.base_quantity if after else None,
        unit_before=before.unit_code if before else "",
        unit_after=after.unit_code if after else "",
        vat_before=before.vat_rate if before else None,
        vat_after=after.vat_rate if after else None,
    )


def changes(version_id: UUID) -> QuerySet[CatalogueChange]:
    """A version's changes, for a list."""
    return CatalogueChange.objects.filter(version_id=version_id)


@dataclass(frozen=True, slots=True)
class Totals:
    """How much of each kind a version changes (an item may count under several); `steepest` in basis points."""

    added: int
    changed: int
    removed: int
    dearer: int
    cheaper: int
    texts: int
    unit: int
    vat: int
    returned: int
    steepest: int | None


def totals(version_id: UUID) -> Totals:
    """The version's changes counted, in one statement."""
    conditions = {
        "added": Q(kind=CatalogueChange.ADDED),
        "changed": Q(kind=CatalogueChange.CHANGED),
        "removed": Q(kind=CatalogueChange.REMOVED),
        "dearer": Q(percent__gt=0),
        "cheaper": Q(percent__lt=0),
        "texts": Q(texts=True),
        "unit": Q(unit=True),
        "vat": Q(vat=True),
        "returned": Q(returned=True),
    }
    # "n_": a name of its own for each, for some conditions are called as their column is.
    counts = {f"n_{name}": Count("id", filter=which) for name, which in conditions.items()}
    rows = CatalogueChange.objects.filter(version_id=version_id)
    found = rows.aggregate(**counts, n_steepest=Max("percent", filter=Q(returned=False)))
    return Totals(**{name.removeprefix("n_"): value for name, value in found.items()})
