"""Writes on matches. `settle` acts on events, `decide` on a person's click."""

from avrop.matching.operations.decide import accept_deviations, approve_clean, reject_invoice
from avrop.matching.operations.settle import match_invoice, rematch_order

__all__ = ["accept_deviations", "approve_clean", "match_invoice", "reject_invoice", "rematch_order"]
