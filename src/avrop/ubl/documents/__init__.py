"""The documents of a purchase as frozen dataclasses, read from and written to UBL."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

# document type (identify.Identity.document_type) -> the module that reads and writes it
MODULES = {
    "order": "order",
    "order_change": "order_change",
    "order_cancellation": "order_cancellation",
    "order_response": "order_response",
    "order_response_advanced": "order_response_advanced",
    "order_agreement": "order_agreement",
    "catalogue": "catalogue",
    "catalogue_response": "catalogue_response",
    "punch_out": "punch_out",
    "despatch_advice": "despatch_advice",
    "receipt_advice": "receipt_advice",
    "invoice": "invoice",
    "credit_note": "invoice",
    "self_billed_invoice": "self_billing",
    "self_billed_credit_note": "self_billing",
    "forward_billing": "forward_billing",
    "reminder": "reminder",
    "payment_request": "payment_request",
    "invoice_response": "invoice_response",
    "message_level_response": "message_level_response",
    "message_level_status": "message_level_status",
    "end_user_statistics": "reports",
    "transaction_statistics": "reports",
}


def modelled(document_type: str | None) -> ModuleType | None:
    """The module with `read(root)` and `write(document)` for a document type; None where we have none."""
    name = MODULES.get(document_type or "")
    return import_module(f"avrop.ubl.documents.{name}") if name else None
