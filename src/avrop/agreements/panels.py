"""What rooms ahead tell about an agreement, for its pages. They register here when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Note:
    """A line on the agreement's page: what, in which state, and where to read more."""

    label: str
    state: str = ""
    tone: str = "neutral"
    url: str = ""


Panel = Callable[[Sequence[UUID]], dict[UUID, list[Note]]]
_panels: list[Panel] = []


def register(panel: Panel) -> None:
    """Add a teller: agreement ids -> notes, in as few statements as it can."""
    if panel not in _panels:
        _panels.append(panel)


def notes(agreement_ids: Sequence[UUID]) -> dict[UUID, list[Note]]:
    """Everything that is told about these agreements."""
    found: dict[UUID, list[Note]] = {}
    for panel in _panels:
        for agreement_id, lines in panel(agreement_ids).items():
            found.setdefault(agreement_id, []).extend(lines)
    return found
