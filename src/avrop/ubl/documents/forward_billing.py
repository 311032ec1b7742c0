"""EHF Forward Billing 3: an invoice that another company passes on (grid rent on the bill of a power company).

Type code (BT-3) 82 for metered services. The table is that of the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import etree

from avrop.ubl.documents import invoice as inv
from avrop.ubl.mapping import Context, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = inv.CUSTOMIZATION + "#conformant#urn:fdc:anskaffelser.no:2019:ehf:forward-billing:3.0"
PROFILE = "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:08:1.0"


@dataclass(frozen=True, slots=True)
class ForwardBilling(inv.Invoice):
    """As Invoice, under its own specification."""

    type_code: str = "82"
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE


SHAPE = Shape(ForwardBilling, *inv.INVOICE.rows)


def read(root: etree._Element) -> ForwardBilling:
    """The document in `root` (UBL Invoice-2). Raises DocumentRefused."""
    expect_root(root, "Invoice")
    return cast(ForwardBilling, read_shape(root, SHAPE, Context()))


def write(document: ForwardBilling) -> bytes:
    """The document as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(document, SHAPE, "Invoice", document.currency)
