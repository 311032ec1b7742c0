"""Three-way match, pure: facts in, an outcome with every check's numbers out. No clock, no database.

`judge` compares one invoice; `settle` all open invoices and credit notes of a purchase at once, in an order of
their own, so that the outcome does not depend on which of order change, receipt and invoice came first.
"""

from __future__ import annotations

from avrop.matching.rules.checks import Context
from avrop.matching.rules.claims import (
    ALL_LINES,
    Accepted,
    add_claims,
    all_claims,
    claims_of,
    failing,
    fully_invoiced,
    gathered,
)
from avrop.matching.rules.credits import Original
from avrop.matching.rules.judging import judge
from avrop.matching.rules.pairing import order_numbers
from avrop.matching.rules.settling import Open, settle

__all__ = [
    "ALL_LINES",
    "Accepted",
    "Context",
    "Open",
    "Original",
    "add_claims",
    "all_claims",
    "claims_of",
    "failing",
    "fully_invoiced",
    "gathered",
    "judge",
    "order_numbers",
    "settle",
]
