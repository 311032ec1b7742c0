"""How postings and batches may move."""

READY, RELEASED, POSTED = "ready", "released", "posted"
SENT, ANSWERED, MISMATCH = "sent", "answered", "mismatch"

POSTING = frozenset({(READY, RELEASED), (RELEASED, POSTED)})
BATCH = frozenset(
    {
        (RELEASED, SENT),
        (RELEASED, ANSWERED),  # the answer may be read before "sent" is noted
        (RELEASED, MISMATCH),
        (SENT, ANSWERED),
        (SENT, MISMATCH),
        (MISMATCH, ANSWERED),  # a corrected answer
        (MISMATCH, MISMATCH),
    }
)
TRANSITIONS = BATCH
