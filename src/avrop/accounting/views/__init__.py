"""The accountant's pages: what is ready, what was sent, what came back, and whether it agrees."""

from avrop.accounting.views.batches import as_csv, as_json, batches, reconciliation, resend, show
from avrop.accounting.views.postings import correct, mend, posting, postings
from avrop.accounting.views.ready import ready, release

__all__ = [
    "as_csv",
    "as_json",
    "batches",
    "correct",
    "mend",
    "posting",
    "postings",
    "ready",
    "reconciliation",
    "release",
    "resend",
    "show",
]
