"""The documents of a purchase as frozen dataclasses, read from and written to UBL."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

# document type (identify.Identity.document_type) -> the module that reads and writes it
_MODULES = {
    "order": "order",
    "order_change": "order_change",
    "order_cancellation": "order_cancellation",
    "order_response": "order_response",
    "order_response_advanced": "order_response_advanced",
    "catalogue": "catalogue",
    "invoice": "invoice",
    "credit_note": "invoice",
    "self_billed_invoice": "invoice",
    "self_billed_credit_note": "invoice",
    "forward_billing": "invoice",
    "reminder": "invoice",
    "payment_request": "invoice",
    "invoice_response": "invoice_response",
    "message_level_response": "message_level_response",
    "message_level_status": "message_level_status",
}


def modelled(document_type: str | None) -> ModuleType | None:
    """The module with `read(root)` and `write(document)` for a document type; None where we have none."""
    name = _MODULES.get(document_type or "")
    return import_module(f"avrop.ubl.documents.{name}") if name else None
