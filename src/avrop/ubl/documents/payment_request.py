"""EHF Payment Request 3: money asked for where there is no sale (a compensation, a grant).

It has no type code and no VAT, and its totals are line sum, prepaid and payable only. The table is that of the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import etree

from avrop.ubl.documents import invoice as inv
from avrop.ubl.mapping import Context, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:anskaffelser.no:2019:ehf:spec:payment-request:3.0"
PROFILE = "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:07:1.0"


@dataclass(frozen=True, slots=True)
class PaymentRequest(inv.Invoice):
    """As Invoice, under its own specification."""

    type_code: str = ""
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE


SHAPE = Shape(PaymentRequest, *inv.INVOICE.rows)


def read(root: etree._Element) -> PaymentRequest:
    """The document in `root` (UBL Invoice-2). Raises DocumentRefused."""
    expect_root(root, "Invoice")
    return cast(PaymentRequest, read_shape(root, SHAPE, Context()))


def write(document: PaymentRequest) -> bytes:
    """The document as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(document, SHAPE, "Invoice", document.currency)
