"""Self-billed invoice and credit note, Peppol BIS Self-billing 3: the buyer writes the seller's invoice.

Type codes (BT-3) 389 for an invoice, 261 for a credit note. The sender is
the buyer, yet the parties keep their places. The table is that of the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import etree

from avrop.ubl.documents import invoice as inv
from avrop.ubl.mapping import Context, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:selfbilling:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:selfbilling:01:1.0"


@dataclass(frozen=True, slots=True)
class SelfBilledInvoice(inv.Invoice):
    """As Invoice, under its own specification."""

    type_code: str = "389"
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE


INVOICE = Shape(SelfBilledInvoice, *inv.INVOICE.rows)
CREDIT_NOTE = Shape(SelfBilledInvoice, *inv.CREDIT_NOTE.rows)


def read(root: etree._Element) -> SelfBilledInvoice:
    """The invoice or credit note in `root`. Raises DocumentRefused."""
    credit_note = expect_root(root, "Invoice", "CreditNote") == "CreditNote"
    shape = CREDIT_NOTE if credit_note else INVOICE
    return cast(SelfBilledInvoice, read_shape(root, shape, Context(), credit_note=credit_note))


def write(document: SelfBilledInvoice) -> bytes:
    """The invoice or credit note as UBL in UTF-8. Raises DocumentRefused."""
    if document.credit_note:
        return write_document(document, CREDIT_NOTE, "CreditNote", document.currency)
    return write_document(document, INVOICE, "Invoice", document.currency)
