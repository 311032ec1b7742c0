"""Order response: T76 (Ordering), and the fields of T116 and T110 that the platform uses.

Response codes (UNCL4343, BIS Ordering 3): AB received, AP accepted, RE rejected, CA accepted with changes.
Line status codes (UNCL1229): 1 added, 3 changed, 5 accepted as it stands, 7 not accepted, 42 delivered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Context, Part, Quantity, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order_response:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:ordering:3"


@dataclass(frozen=True, slots=True)
class OrderResponseLine(Part):
    """The seller's answer to one order line; `order_line_id` is the line of the order."""

    id: str
    item: p.Item
    order_line_id: str | None = None
    status_code: str | None = None
    note: str | None = None
    quantity: Quantity | None = None
    maximum_backorder: Quantity | None = None
    promised_period: p.Period | None = None
    price: p.Price | None = None
    substitute_id: str | None = None
    substitute: p.Item | None = None


@dataclass(frozen=True, slots=True)
class OrderResponse(Part):
    """The seller's answer to the order `order_reference`. `code`: AB, AP, RE or CA."""

    id: str
    issue_date: date
    order_reference: str
    seller: p.Party
    buyer: p.Party
    code: str | None = None
    currency: str | None = None
    lines: tuple[OrderResponseLine, ...] = ()
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    sales_order_id: str | None = None
    issue_time: str | None = None
    notes: tuple[str, ...] = ()
    customer_reference: str | None = None
    promised_period: p.Period | None = None


LINE = Shape(
    OrderResponseLine,
    Row("id", "cac:LineItem/cbc:ID"),
    Row("note", "cac:LineItem/cbc:Note"),
    Row("status_code", "cac:LineItem/cbc:LineStatusCode"),
    Row("quantity", "cac:LineItem/cbc:Quantity", "quantity"),
    Row("maximum_backorder", "cac:LineItem/cbc:MaximumBackorderQuantity", "quantity"),
    Row("promised_period", "cac:LineItem/cac:Delivery/cac:PromisedDeliveryPeriod", shape=p.PERIOD),
    Row("price", "cac:LineItem/cac:Price", shape=p.PRICE),
    Row("item", "cac:LineItem/cac:Item", shape=p.ITEM),
    Row("substitute_id", "cac:SellerSubstitutedLineItem/cbc:ID"),
    Row("substitute", "cac:SellerSubstitutedLineItem/cac:Item", shape=p.ITEM),
    Row("order_line_id", "cac:OrderLineReference/cbc:LineID"),
)
ORDER_RESPONSE = Shape(
    OrderResponse,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("sales_order_id", "cbc:SalesOrderID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("code", "cbc:OrderResponseCode"),
    Row("notes", "cbc:Note", many=True),
    Row("currency", "cbc:DocumentCurrencyCode", "currency"),
    Row("customer_reference", "cbc:CustomerReference"),
    Row("order_reference", "cac:OrderReference/cbc:ID"),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("buyer", "cac:BuyerCustomerParty/cac:Party", shape=p.PARTY),
    Row("promised_period", "cac:Delivery/cac:PromisedDeliveryPeriod", shape=p.PERIOD),
    Row("lines", "cac:OrderLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> OrderResponse:
    """The response in `root` (UBL OrderResponse-2). Raises DocumentRefused."""
    expect_root(root, "OrderResponse")
    return cast(OrderResponse, read_shape(root, ORDER_RESPONSE, Context()))


def write(response: OrderResponse) -> bytes:
    """The response as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(response, ORDER_RESPONSE, "OrderResponse", response.currency)
