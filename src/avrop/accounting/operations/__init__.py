"""Writes on postings and batches, in the order in which a posting meets them."""

from avrop.accounting.operations.answer import refuse_answer, take_answer
from avrop.accounting.operations.correct import mend_posting, reverse_posting
from avrop.accounting.operations.propose import due, propose_posting
from avrop.accounting.operations.release import mark_sent, release_batch
from avrop.accounting.operations.watch import note_late, resend_batch, warn_of_account

__all__ = [
    "due",
    "mark_sent",
    "mend_posting",
    "note_late",
    "propose_posting",
    "refuse_answer",
    "release_batch",
    "resend_batch",
    "reverse_posting",
    "take_answer",
    "warn_of_account",
]
