"""Reads of catalogue versions: what waits, what a version changes, what an import tells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from avrop.catalogue import states
from avrop.catalogue.models import CatalogueItem, CatalogueVersion
from avrop.catalogue.rules import ItemRow, find_by_id

_ROW = (
    "seller_item_id",
    "name",
    "unit_code",
    "price",
    "base_quantity",
    "vat_category",
    "vat_rate",
    "min_quantity",
    "multiple",
    "category",
)
_TEXTS = (
    "name_nb",
    "name_en",
    "description",
    "keywords",
    "picture",
    "gtin",
    "category_name",
    "category_nb",
    "category_en",
)
_VERSION = (
    "id",
    "agreement_id",
    "agreement__ref",
    "agreement__name",
    "agreement__supplier__name",
    "number",
    "state",
    "imported_at",
    "lines",
    "added",
    "changed",
    "removed",
    "read",
    "rejected",
    "warnings",
    "decided_by",
    "decided_at",
    "source_name",
    "sha256",
    "layout",
    "agreement__contract_owner_id",
    "owner_id",
)


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A catalogue version as lists and the review show it."""

    id: UUID
    agreement_id: UUID
    agreement_ref: str
    agreement_name: str
    supplier_name: str
    number: int
    state: str
    imported_at: datetime
    lines: int
    added: int
    changed: int
    removed: int
    read: int
    rejected: list[dict[str, Any]]
    warnings: list[dict[str, str]]
    decided_by: UUID | None
    decided_at: datetime | None
    source_name: str
    sha256: str
    layout: dict[str, Any]
    contract_owner_id: UUID | None
    owner_id: UUID


def rows_of(version_id: UUID) -> dict[str, ItemRow]:
    """A version's items as they are compared, by item id."""
    rows = CatalogueItem.objects.filter(version_id=version_id).values_list(*_ROW, *_TEXTS)
    return find_by_id([_row(row) for row in rows])


def active_rows(agreement_id: UUID) -> dict[str, ItemRow]:
    """The items of an agreement's active version, by item id."""
    rows = CatalogueItem.objects.filter(agreement_id=agreement_id, version__state=states.ACTIVE)
    return find_by_id([_row(row) for row in rows.values_list(*_ROW, *_TEXTS)])


def _row(row: tuple[Any, ...]) -> ItemRow:
    values = [*row[: len(_ROW)], "\n".join(row[len(_ROW) :])]
    return ItemRow(*values)


def active_version(agreement_id: UUID) -> UUID | None:
    """The version in force of an agreement's catalogue."""
    found = CatalogueVersion.objects.filter(agreement_id=agreement_id, state=states.ACTIVE)
    return found.values_list("id", flat=True).first()


def version(version_id: UUID) -> VersionFacts | None:
    """A version of an agreement that the viewer's organisation owns, else None."""
    row = CatalogueVersion.objects.filter(id=version_id).values_list(*_VERSION).first()
    return VersionFacts(*row) if row else None


def versions(agreement_id: UUID | None = None) -> list[VersionFacts]:
    """Versions of the viewer's own agreements, the newest first; those being filled in are left out."""
    rows = CatalogueVersion.objects.exclude(state=states.LOADING).order_by("-imported_at", "-number")
    if agreement_id is not None:
        rows = rows.filter(agreement_id=agreement_id)
    return [VersionFacts(*row) for row in rows.values_list(*_VERSION)]


def waiting() -> list[VersionFacts]:
    """Versions that wait for the contract owner's judgement, the oldest first."""
    rows = CatalogueVersion.objects.filter(state=states.IN_REVIEW).order_by("imported_at")
    return [VersionFacts(*row) for row in rows.values_list(*_VERSION)]


def newest_states(agreement_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, int, str, int]]]:
    """(id, number, state, lines) of the active and the waiting version of each agreement of one's own."""
    found: dict[UUID, list[tuple[UUID, int, str, int]]] = {}
    rows = CatalogueVersion.objects.filter(
        agreement_id__in=list(agreement_ids), state__in=(states.ACTIVE, states.IN_REVIEW)
    )
    for agreement_id, *rest in rows.order_by("number").values_list(
        "agreement_id", "id", "number", "state", "lines"
    ):
        found.setdefault(agreement_id, []).append((rest[0], rest[1], rest[2], rest[3]))
    return found


def result_of(row: CatalogueVersion) -> dict[str, Any]:
    """What `avrop catalogue import` tells about a version."""
    return {
        "version": row.number,
        "id": str(row.id),
        "state": row.state,
        "read": row.read,
        "lines": row.lines,
        "added": row.added,
        "changed": row.changed,
        "removed": row.removed,
        "rejected": row.rejected,
        "warnings": row.warnings,
    }
