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
        ("accepted", "proposed"),
        ("accepted", "rejected"),
        ("changed", "proposed"),
        ("changed", "accepted"),
        ("changed", "rejected"),
    }
)
RECEIPT = frozenset({("none", "partial"), ("none", "full"), ("partial", "full")})
INVOICE = RECEIPT
