"""What the writes of this room share: rows, their states and their hash."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from avrop.catalogue import rules, states
from avrop.catalogue.documents import ItemData
from avrop.catalogue.models import CatalogueItem, CatalogueVersion
from avrop.kernel.canonical import content_hash
from avrop.kernel.finding import Refusal


def moved(version: CatalogueVersion, state: str) -> CatalogueVersion:
    """The version in its next state, saved. Raises Refusal CATALOGUE_ALREADY_JUDGED."""
    if not states.may_go(version.state, state):
        raise Refusal("CATALOGUE_ALREADY_JUDGED", number=version.number)
    version.state = state
    version.save()
    return version


def item_row(version: CatalogueVersion, item: ItemData) -> CatalogueItem:
    """An item of a version, not saved."""
    values = {name: getattr(item, name) for name in ItemData.__slots__ if name != "line"}
    row = CatalogueItem(version_id=version.id, agreement_id=version.agreement_id, **values)
    row.fold()
    return row


def copy_of(row: CatalogueItem, version: CatalogueVersion) -> CatalogueItem:
    """The item as it stands, in another version, not saved."""
    fields = {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if f.attname not in ("id", "version_id")
    }
    return CatalogueItem(version_id=version.id, **fields)


def content_of(items: Mapping[str, rules.ItemRow]) -> str:
    """The hash of a version's items."""
    return content_hash([[getattr(items[key], name) for name in _COMPARED] for key in sorted(items)])


_COMPARED = rules.ItemRow.__slots__


def stream_of(agreement_id: UUID) -> str:
    """The stream of an agreement."""
    return f"agreement:{agreement_id.hex}"
