"""What kind of thing came in: something to pay, to read, or to set aside."""

from __future__ import annotations

from avrop.invoicing.states import DUPLICATE, FILED, INVALID, VALID
from avrop.ubl.documents.invoice import Invoice

# Specifications whose documents use the invoice's root but ask for no payment of their own (Decision 16).
_READ_ONLY = ("forward-billing", "reminder", "selfbilling")


def only_to_read(document: Invoice) -> bool:
    """True for what is shown but not routed as payable: credit notes, forward billing, reminders."""
    return document.credit_note or any(name in document.customization_id for name in _READ_ONLY)


def state_of(*, fatal: bool, to_read: bool, duplicate: bool) -> str:
    """The state of an incoming invoice. A fault counts first, then that we have it already."""
    if fatal:
        return INVALID
    if duplicate:
        return DUPLICATE
    return FILED if to_read else VALID
