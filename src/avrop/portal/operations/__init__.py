"""Writes of the seller's side: orders in and answered, changed, invoiced, credited; then the invoice's fate."""

from avrop.portal.operations.billing import PAYMENT_TERM, invoice, note_stopped, take_invoice_response
from avrop.portal.operations.change_answers import answer_change
from avrop.portal.operations.changes import take_cancellation, take_change
from avrop.portal.operations.credits import credit_invoice
from avrop.portal.operations.orders import answer, take_order

__all__ = [
    "PAYMENT_TERM",
    "answer",
    "answer_change",
    "credit_invoice",
    "invoice",
    "note_stopped",
    "take_cancellation",
    "take_change",
    "take_invoice_response",
    "take_order",
]
