"""How the question of a bank account may move. An answer stands; asked anew it is another question."""

OPEN, CONFIRMED, REJECTED = "open", "confirmed", "rejected"

TRANSITIONS = frozenset({(OPEN, CONFIRMED), (OPEN, REJECTED)})
