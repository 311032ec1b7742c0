"""How an approval may move. A decision is never undone; what it was about can only be asked anew."""

from avrop.approval.facts import APPROVED, PENDING, RETURNED, VOID

TRANSITIONS = frozenset({(PENDING, APPROVED), (PENDING, RETURNED), (PENDING, VOID), (APPROVED, VOID)})
