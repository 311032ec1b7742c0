"""How a sales order may move. An order that wants no answer goes straight from new to invoiced."""

from __future__ import annotations

NEW, ACCEPTED, CHANGED, REJECTED, INVOICED = "new", "accepted", "changed", "rejected", "invoiced"

TRANSITIONS = frozenset(
    {
        (NEW, ACCEPTED),
        (NEW, CHANGED),
        (NEW, REJECTED),
        (NEW, INVOICED),
        (ACCEPTED, INVOICED),
        (CHANGED, INVOICED),
    }
)


def may_move(before: str, after: str) -> bool:
    """True when the table above has the move."""
    return (before, after) in TRANSITIONS
