"""What happened to a catalogue version."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CatalogueImportStarted:
    """A file is being filled in; nothing of it can be ordered."""

    version_id: UUID
    agreement_id: UUID
    sha256: str


@dataclass(frozen=True)
class CatalogueImported:
    """A version waits for the contract owner. `content` is the hash of its items."""

    version_id: UUID
    agreement_id: UUID
    lines: int
    content: str


@dataclass(frozen=True)
class CatalogueApproved:
    """A version is active; the one before it is not any more."""

    version_id: UUID
    agreement_id: UUID


@dataclass(frozen=True)
class CatalogueRejected:
    """The contract owner turned a version down."""

    version_id: UUID
    agreement_id: UUID
    reason: str


@dataclass(frozen=True)
class CatalogueLinesReturned:
    """The contract owner sent lines of a version back; `content` is the hash of the items that are left."""

    version_id: UUID
    agreement_id: UUID
    lines: tuple[str, ...]
    reason: str
    content: str


@dataclass(frozen=True)
class PriceListUploaded:
    """A price list waits for somebody to look at its columns."""

    price_list_id: UUID
    agreement_id: UUID
    sha256: str


@dataclass(frozen=True)
class PriceListConfirmed:
    """The columns are confirmed: it can be read."""

    price_list_id: UUID
    agreement_id: UUID


@dataclass(frozen=True)
class PriceListFailed:
    """It could not be read after all."""

    price_list_id: UUID
    reason: str


@dataclass(frozen=True)
class LayoutRemembered:
    """How a supplier's price lists are laid out."""

    supplier_id: UUID
