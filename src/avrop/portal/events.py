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


@dataclass(frozen=True)
class SalesCreditNoteSent:
    """A credit note to an invoice was made and queued. `sales_invoice_id` is the credit note's own."""

    sales_invoice_id: UUID
    credits: UUID


@dataclass(frozen=True)
class SalesChangeReceived:
    """The buyer wants an order changed (T114) or cancelled (T115)."""

    sales_change_id: UUID
    kind: str


@dataclass(frozen=True)
class SalesChangeAnswered:
    """The seller accepted it, in whole (AP) or in part (CA), or not (RE)."""

    sales_change_id: UUID
    code: str


@dataclass(frozen=True)
class SalesInvoiceStopped:
    """The buyer's side turned an invoice or credit note away at the door: it was never received."""

    sales_invoice_id: UUID
