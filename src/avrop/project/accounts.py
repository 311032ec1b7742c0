"""From an invoice with an unknown bank account to the question whether the account is the supplier's."""

from __future__ import annotations

from uuid import UUID

from avrop.invoicing import queries as invoicing
from avrop.kernel.ports import now
from avrop.matching import queries as matching
from avrop.suppliers import operations as suppliers
from avrop.suppliers.facts import NamingInvoice


def ask(*, invoice_id: UUID) -> None:
    """Ask about the account that the invoice names. It names none, or we do not know the seller: nothing."""
    invoice = invoicing.header(invoice_id)
    if invoice.supplier_id is None or not invoice.bank_account:
        return
    match = matching.of_invoice(invoice_id)
    naming = NamingInvoice(
        invoice_id=invoice.id,
        number=invoice.number,
        payable=invoice.payable,
        currency=invoice.currency,
        received_at=invoice.received_at or now(),
        streams=(invoice.stream, *([match.stream] if match else [])),
    )
    suppliers.ask_about_account(supplier_id=invoice.supplier_id, account=invoice.bank_account, invoice=naming)
