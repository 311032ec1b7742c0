"""How a match may move. Approved and rejected stand."""

AWAITING_RECEIPT, DEVIATION, WITHOUT_ORDER, MATCHED, APPROVED, REJECTED = (
    "awaiting_receipt",
    "deviation",
    "without_order",
    "matched",
    "approved",
    "rejected",
)

OPEN = (AWAITING_RECEIPT, DEVIATION, MATCHED)  # a receipt or an accepted change may move these by itself

TRANSITIONS = frozenset(
    {(here, there) for here in OPEN for there in (*OPEN, APPROVED, REJECTED) if here != there}
    | {(WITHOUT_ORDER, REJECTED)}
)


def may_move(here: str, there: str) -> bool:
    """True when a match may go from one state to the other."""
    return (here, there) in TRANSITIONS
