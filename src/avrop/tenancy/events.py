"""What happens to organisations and their people."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SetupImported:
    """A part of the set-up file (organisation, people, suppliers, agreements ...) was written."""

    organisation_id: UUID
    part: str
    written: int
