"""Punch-out shopping cart, Peppol transaction T77 (BIS Punch Out 3): what was put in the basket of a web shop.

A UBL Catalogue with one price and one quantity per line (`quantity` is the batch quantity of the delivery unit,
in the unit of the price, PEPPOL-T77-R006). The buyer's session is the receiver's contact id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from lxml import etree

from avrop.ubl.documents import catalogue as cat
from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Context, Part, Quantity, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:punch_out:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:punch_out:3"


@dataclass(frozen=True, slots=True)
class CartLine(Part):
    """One line: `quantity` of `item` at `price` (without VAT, in `currency`) for `base_quantity`."""

    id: str
    item: cat.CatalogueItem
    price: Decimal
    currency: str | None = None
    quantity: Quantity | None = None
    base_quantity: Quantity | None = None
    price_type: str | None = None
    contract_subdivision: str | None = None
    validity: p.Period | None = None
    lead_time: Quantity | None = None
    territory: p.Address | None = None


@dataclass(frozen=True, slots=True)
class ShoppingCart(Part):
    """The cart from the shop (`provider`) to the buyer (`receiver`), good until the end of `validity`."""

    id: str
    issue_date: date
    provider: p.Party
    receiver: p.Party
    lines: tuple[CartLine, ...]
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    action: str | None = None
    issue_time: str | None = None
    validity: p.Period | None = None
    contract_reference: str | None = None

    @property
    def session(self) -> str | None:
        """What the buyer's system called the visit to the shop."""
        return self.receiver.contact.id if self.receiver.contact else None


_PRICED = "cac:RequiredItemLocationQuantity/"
LINE = Shape(
    CartLine,
    Row("id", "cbc:ID"),
    Row("contract_subdivision", "cbc:ContractSubdivision"),
    Row("validity", "cac:LineValidityPeriod", shape=p.PERIOD),
    Row("lead_time", _PRICED + "cbc:LeadTimeMeasure", "quantity"),
    Row("territory", _PRICED + "cac:ApplicableTerritoryAddress", shape=p.ADDRESS),
    Row("price", _PRICED + "cac:Price/cbc:PriceAmount", "decimal"),
    Row("currency", _PRICED + "cac:Price/cbc:PriceAmount/@currencyID"),
    Row("base_quantity", _PRICED + "cac:Price/cbc:BaseQuantity", "quantity"),
    Row("price_type", _PRICED + "cac:Price/cbc:PriceType"),
    Row("quantity", _PRICED + "cac:DeliveryUnit/cbc:BatchQuantity", "quantity"),
    Row("item", "cac:Item", shape=cat.ITEM),
)
SHOPPING_CART = Shape(
    ShoppingCart,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("action", "cbc:ActionCode"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("validity", "cac:ValidityPeriod", shape=p.PERIOD),
    Row("contract_reference", "cac:ReferencedContract/cbc:ID"),
    Row("provider", "cac:ProviderParty", shape=p.PARTY),
    Row("receiver", "cac:ReceiverParty", shape=p.PARTY),
    Row("lines", "cac:CatalogueLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> ShoppingCart:
    """The cart in `root` (UBL Catalogue-2). Raises DocumentRefused."""
    expect_root(root, "Catalogue")
    return cast(ShoppingCart, read_shape(root, SHOPPING_CART, Context()))


def write(cart: ShoppingCart) -> bytes:
    """The cart as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(cart, SHOPPING_CART, "Catalogue", None)
