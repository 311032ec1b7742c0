"""The states of a catalogue version. Pure."""

LOADING, IN_REVIEW, ACTIVE, SUPERSEDED, REJECTED = "loading", "in_review", "active", "superseded", "rejected"

TRANSITIONS = {
    (LOADING, IN_REVIEW),
    (LOADING, REJECTED),  # a file without one line that can be ordered
    (IN_REVIEW, ACTIVE),
    (IN_REVIEW, REJECTED),
    (IN_REVIEW, SUPERSEDED),  # a newer version came before this one was judged
    (ACTIVE, SUPERSEDED),
}

# A price list on its way to being a version.
OPEN, READING, DONE, FAILED = "open", "reading", "done", "failed"
PRICE_LIST = frozenset({(OPEN, READING), (READING, DONE), (READING, FAILED), (FAILED, READING)})


def may_go(before: str, after: str) -> bool:
    """True when the step is one of the table's."""
    return (before, after) in TRANSITIONS
