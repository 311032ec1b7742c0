"""What happens on the seller's side."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class SalesOrderReceived:
    """An order came in."""

    sales_order_id: UUID


@dataclass(frozen=True)
class SalesOrderAnswered:
    """The seller accepted, changed or rejected it."""

    sales_order_id: UUID
    code: str


@dataclass(frozen=True)
class SalesInvoiceSent:
    """An invoice was made of a sales order and queued."""

    sales_invoice_id: UUID


@dataclass(frozen=True)
class SalesInvoiceAnswered:
    """The buyer told what became of the invoice."""

    sales_invoice_id: UUID
    code: str
