"""How a basket may move."""

DRAFT, SUBMITTED, RETURNED, APPROVED, REJECTED, WITHDRAWN = (
    "draft",
    "submitted",
    "returned",
    "approved",
    "rejected",
    "withdrawn",
)

TRANSITIONS = frozenset(
    {
        (DRAFT, SUBMITTED),
        (DRAFT, WITHDRAWN),
        (SUBMITTED, RETURNED),
        (SUBMITTED, APPROVED),
        (SUBMITTED, REJECTED),
        (SUBMITTED, WITHDRAWN),
        (RETURNED, SUBMITTED),
        (RETURNED, WITHDRAWN),
    }
)
