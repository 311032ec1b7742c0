"""EHF Reminder 3: asks again for the invoice that its billing reference (BT-25) names, with charges for being late.

It has no type code. What is paid already is BT-113, what remains BT-115. The table is that of the invoice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import etree

from avrop.ubl.documents import invoice as inv
from avrop.ubl.mapping import Context, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = inv.CUSTOMIZATION + "#conformant#urn:fdc:anskaffelser.no:2019:ehf:reminder:3.0"
PROFILE = "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3:06:1.0"


@dataclass(frozen=True, slots=True)
class Reminder(inv.Invoice):
    """As Invoice, under its own specification."""

    type_code: str = ""
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE


SHAPE = Shape(Reminder, *inv.INVOICE.rows)


def read(root: etree._Element) -> Reminder:
    """The document in `root` (UBL Invoice-2). Raises DocumentRefused."""
    expect_root(root, "Invoice")
    return cast(Reminder, read_shape(root, SHAPE, Context()))


def write(document: Reminder) -> bytes:
    """The document as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(document, SHAPE, "Invoice", document.currency)
