"""How the axes of an order may move, independently of each other. Transport is its message's own state."""

RESPONSE = frozenset(
    {
        ("none", "accepted"),
        ("none", "proposed"),
        ("none", "rejected"),
        ("none", "changed"),  # a free-text price confirmed within its frame
        ("awaited", "changed"),
        ("accepted", "changed"),
        ("awaited", "accepted"),
        ("awaited", "proposed"),
        ("awaited", "rejected"),
        ("proposed", "proposed"),
        ("proposed", "accepted"),
        ("proposed", "rejected"),
        ("proposed", "changed"),
        ("proposed", "awaited"),
        ("proposed", "none"),  # nobody waits any more: the order has ended, or it never waited
        ("awaited", "none"),
        ("accepted", "proposed"),
        ("accepted", "rejected"),
        ("changed", "proposed"),
        ("changed", "accepted"),
        ("changed", "rejected"),
    }
)
RECEIPT = frozenset({("none", "partial"), ("none", "full"), ("partial", "full")})  # and back, by returns
INVOICE = RECEIPT | {("full", "partial")}  # a credit note may take back what was invoiced
# The buyer's own change. Recorded as agreed by other means it is accepted at once; a closed rest too.
CHANGE = frozenset(
    {
        ("awaiting", "sent"),
        ("awaiting", "accepted"),
        ("awaiting", "withdrawn"),
        ("sent", "accepted"),
        ("sent", "declined"),
        ("accepted", "declined"),  # what had taken effect at once, and the supplier says no all the same
    }
)
