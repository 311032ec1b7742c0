"""What several documents share, under one name: parties, goods and money (see the three modules).

Names follow Peppol and EN 16931; the BT numbers are those of EN 16931-1 as printed in BIS Billing 3.
"""

from __future__ import annotations

from avrop.ubl.documents.goods import (
    CLASSIFICATION,
    ITEM,
    ITEM_INSTANCE,
    ITEM_PROPERTY,
    Classification,
    Item,
    ItemInstance,
    ItemProperty,
)
from avrop.ubl.documents.money import (
    ALLOWANCE_CHARGE,
    MONETARY_TOTAL,
    PRICE,
    TAX_CATEGORY,
    AllowanceCharge,
    MonetaryTotal,
    Price,
    TaxCategory,
)
from avrop.ubl.documents.parties import (
    ADDRESS,
    CONTACT,
    DOCUMENT,
    PARTY,
    PERIOD,
    TAX_REGISTRATION,
    Address,
    Contact,
    Document,
    Party,
    Period,
    TaxRegistration,
)

__all__ = [
    "ADDRESS",
    "ALLOWANCE_CHARGE",
    "CLASSIFICATION",
    "CONTACT",
    "DOCUMENT",
    "ITEM",
    "ITEM_INSTANCE",
    "ITEM_PROPERTY",
    "MONETARY_TOTAL",
    "PARTY",
    "PERIOD",
    "PRICE",
    "TAX_CATEGORY",
    "TAX_REGISTRATION",
    "Address",
    "AllowanceCharge",
    "Classification",
    "Contact",
    "Document",
    "Item",
    "ItemInstance",
    "ItemProperty",
    "MonetaryTotal",
    "Party",
    "Period",
    "Price",
    "TaxCategory",
    "TaxRegistration",
]
