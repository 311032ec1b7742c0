"""What an invoice is to us. It is decided once, when it comes in, so there is no way between the states."""

VALID, INVALID, DUPLICATE, FILED = "valid", "invalid", "duplicate", "filed"

STATES = (VALID, INVALID, DUPLICATE, FILED)

TRANSITIONS: frozenset[tuple[str, str]] = frozenset()
