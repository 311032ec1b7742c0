"""Writes on orders: placing, what the network says, the supplier's answers, what later stations tell."""

from avrop.ordering.operations.again import send_again
from avrop.ordering.operations.answers import decide_change, take_advanced_response, take_response
from avrop.ordering.operations.changes import (
    approve_change,
    cancel_order,
    close_rest,
    propose_change,
    record_answer,
    withdraw_change,
)
from avrop.ordering.operations.placing import place_orders
from avrop.ordering.operations.progress import note_invoice, note_receipt

__all__ = [
    "approve_change",
    "cancel_order",
    "close_rest",
    "decide_change",
    "note_invoice",
    "note_receipt",
    "place_orders",
    "propose_change",
    "record_answer",
    "send_again",
    "take_advanced_response",
    "take_response",
    "withdraw_change",
]
