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
