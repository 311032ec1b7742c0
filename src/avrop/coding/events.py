"""What happened to charts of accounts, defaults and budget policies."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class CodingImportStarted:
    """A file is being filled in; nothing of it is in force yet."""

    import_id: UUID
    kind: str
    sha256: str


@dataclass(frozen=True)
class CodingImported:
    """A chart or a budget is in force. `content` is the hash of its budget keys and amounts."""

    import_id: UUID
    kind: str
    year: int | None
    lines: int
    content: str


@dataclass(frozen=True)
class CodingDefaultsSet:
    """Default codings were set."""

    count: int


@dataclass(frozen=True)
class BudgetPolicySet:
    """How a passed budget is met from now on."""

    mode: str
