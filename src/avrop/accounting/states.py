"""How postings and batches may move."""

READY, RELEASED, POSTED, REJECTED = "ready", "released", "posted", "rejected"
SENT, ANSWERED, PARTLY, MISMATCH = "sent", "answered", "partly", "mismatch"

POSTING = frozenset({(READY, RELEASED), (RELEASED, POSTED), (RELEASED, REJECTED), (REJECTED, READY)})
BATCH = frozenset(
    {(RELEASED, SENT)}
    # the answer may be read before "sent" is noted; after a mismatch a right answer may still come
    | {(here, there) for here in (RELEASED, SENT, MISMATCH) for there in (ANSWERED, PARTLY, MISMATCH)}
)
TRANSITIONS = BATCH
UNSETTLED = (RELEASED, SENT, MISMATCH)  # somebody still waits for an answer that agrees
SETTLED = (ANSWERED, PARTLY)
