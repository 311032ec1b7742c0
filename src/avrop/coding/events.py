"""What happened to charts of accounts and budgets."""

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
