"""How a sales order may move, and a buyer's wish to change it.

An order that wants no answer goes straight from new to invoiced. What is invoiced opens again when the invoice
is rejected or a quantity is credited, or when the buyer asks for more. What is invoiced can also be what is left
after a change.
"""

from __future__ import annotations

NEW, ACCEPTED, CHANGED, REJECTED, INVOICED = "new", "accepted", "changed", "rejected", "invoiced"
CANCELLED = "cancelled"

TRANSITIONS = frozenset(
    {
        (NEW, ACCEPTED),
        (NEW, CHANGED),
        (NEW, REJECTED),
        (NEW, INVOICED),
        (NEW, CANCELLED),
        (ACCEPTED, CHANGED),
        (ACCEPTED, INVOICED),
        (ACCEPTED, CANCELLED),
        (CHANGED, ACCEPTED),
        (CHANGED, INVOICED),
        (CHANGED, CANCELLED),
        (INVOICED, NEW),
        (INVOICED, ACCEPTED),
        (INVOICED, CHANGED),
        (INVOICED, CANCELLED),
    }
)

# A change or cancellation as the buyer sent it; a newer one takes the place of one not answered.
ASKED, AS_ASKED, PARTLY, DECLINED, SUPERSEDED = "asked", "accepted", "partly", "declined", "superseded"

CHANGES = frozenset({(ASKED, AS_ASKED), (ASKED, PARTLY), (ASKED, DECLINED), (ASKED, SUPERSEDED)})


def may_move(before: str, after: str) -> bool:
    """True when the table above has the move."""
    return (before, after) in TRANSITIONS
