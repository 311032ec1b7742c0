"""Writes on matches. `settle` acts on events; `decide`, `hold` and `credit` on a person's click."""

from avrop.matching.operations.credit import choose_originals, treat_credit
from avrop.matching.operations.decide import (
    accept_deviations,
    approve_clean,
    not_a_duplicate,
    reject_duplicate,
    reject_invoice,
)
from avrop.matching.operations.hold import ask_for_credit, dispute, resume
from avrop.matching.operations.settle import match_invoice, rematch_credit, rematch_order, rematch_supplier

__all__ = [
    "accept_deviations",
    "approve_clean",
    "ask_for_credit",
    "choose_originals",
    "dispute",
    "match_invoice",
    "not_a_duplicate",
    "reject_duplicate",
    "reject_invoice",
    "rematch_credit",
    "rematch_order",
    "rematch_supplier",
    "resume",
    "treat_credit",
]
