"""Writes on orders: placing, what the network says, the supplier's answers, what later stations tell."""

from avrop.ordering.operations.answers import decide_change, take_response
from avrop.ordering.operations.placing import place_orders
from avrop.ordering.operations.progress import note_invoice, note_receipt

__all__ = [
    "decide_change",
    "note_invoice",
    "note_receipt",
    "place_orders",
    "take_response",
]
