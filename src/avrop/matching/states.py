"""How a match may move: an invoice's, and a credit note's. Approved, rejected and credited stand."""

AWAITING_RECEIPT, DEVIATION, WITHOUT_ORDER, MATCHED, APPROVED, REJECTED = (
    "awaiting_receipt",
    "deviation",
    "without_order",
    "matched",
    "approved",
    "rejected",
)
DISPUTED, AWAITING_CREDIT = "disputed", "awaiting_credit"  # a person has stopped it
CREDITED = "credited"  # invoice and credit note cancel each other out: nothing is paid, nothing posted
WITHOUT_ORIGINAL, AWAITING_ORIGINAL = "without_original", "awaiting_original"  # of credit notes only

HELD = (DISPUTED, AWAITING_CREDIT)
# a receipt, an accepted change or a credit note may move these by itself
OPEN = (AWAITING_RECEIPT, DEVIATION, MATCHED, *HELD, AWAITING_ORIGINAL)
WAITING = (*OPEN, WITHOUT_ORDER, WITHOUT_ORIGINAL)  # everything not decided
DECIDED = (APPROVED, REJECTED, CREDITED)

_JUDGED = (AWAITING_RECEIPT, DEVIATION, MATCHED, WITHOUT_ORDER)
_CREDIT = (WITHOUT_ORIGINAL, AWAITING_ORIGINAL, DEVIATION, MATCHED)

TRANSITIONS = frozenset(
    {(here, there) for here in (AWAITING_RECEIPT, DEVIATION, MATCHED) for there in _JUDGED if here != there}
    | {(here, there) for here in _JUDGED for there in (*HELD, REJECTED, CREDITED)}
    | {
        (here, there)
        for here in HELD
        for there in (*_JUDGED, *HELD, APPROVED, REJECTED, CREDITED)
        if here != there
    }
    | {(here, APPROVED) for here in (AWAITING_RECEIPT, DEVIATION, MATCHED)}
    | {(WITHOUT_ORDER, DEVIATION)}
)
CREDIT_NOTE = frozenset(
    {(here, there) for here in _CREDIT for there in (*_CREDIT, APPROVED, REJECTED, CREDITED) if here != there}
    - {(WITHOUT_ORIGINAL, APPROVED)}
)


def may_move(here: str, there: str, *, credit_note: bool = False) -> bool:
    """True when a match may go from one state to the other."""
    return (here, there) in (CREDIT_NOTE if credit_note else TRANSITIONS)
