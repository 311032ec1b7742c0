"""Order, Peppol transaction T01 (BIS Order only, Ordering and Advanced ordering 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from lxml import etree

from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import (
    Context,
    Identifier,
    Part,
    Quantity,
    Row,
    Shape,
    expect_root,
    read_shape,
    write_document,
)

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:ordering:3"
PROFILE_ORDER_ONLY = "urn:fdc:peppol.eu:poacc:bis:order_only:3"
PROFILE_ADVANCED = "urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3"  # changed by T114, answered by T116


@dataclass(frozen=True, slots=True)
class Delivery(Part):
    """Where and when the goods are wanted, and for whom."""

    id: Identifier | None = None
    location_id: Identifier | None = None
    location_name: str | None = None
    address: p.Address | None = None
    period: p.Period | None = None
    party: p.Party | None = None
    despatch_date: date | None = None
    despatch_time: str | None = None
    shipment_id: str | None = None
    shipping_priority: str | None = None
    shipping_marks: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryTerms(Part):
    """Incoterms code, special terms and the place they refer to."""

    id: str | None = None
    special_terms: str | None = None
    location_id: str | None = None
    address: p.Address | None = None


@dataclass(frozen=True, slots=True)
class OrderLine(Part):
    """One line. Amounts without VAT in the order's currency."""

    id: str
    quantity: Quantity
    item: p.Item
    price: p.Price | None = None
    line_extension_amount: Decimal | None = None
    note: str | None = None
    partial_delivery: bool | None = None
    accounting_cost: str | None = None
    delivery: Delivery | None = None
    originator: p.Party | None = None
    allowance_charges: tuple[p.AllowanceCharge, ...] = ()
    quotation_line: str | None = None


@dataclass(frozen=True, slots=True)
class Order(Part):
    """A purchase order from `buyer` to `seller`."""

    id: str
    issue_date: date
    currency: str
    buyer: p.Party
    seller: p.Party
    lines: tuple[OrderLine, ...]
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    sales_order_id: str | None = None
    issue_time: str | None = None
    type_code: str | None = None
    notes: tuple[str, ...] = ()
    customer_reference: str | None = None
    accounting_cost: str | None = None
    validity_end: date | None = None
    quotation_reference: str | None = None
    rejected_order_reference: str | None = None
    originator_reference: str | None = None
    catalogue_reference: str | None = None
    documents: tuple[p.Document, ...] = ()
    contract_reference: str | None = None
    project_reference: str | None = None
    originator: p.Party | None = None
    invoicee: p.Party | None = None
    delivery: Delivery | None = None
    delivery_terms: DeliveryTerms | None = None
    payment_terms: str | None = None
    allowance_charges: tuple[p.AllowanceCharge, ...] = ()
    tax_amount: Decimal | None = None
    totals: p.MonetaryTotal | None = None


DELIVERY = Shape(
    Delivery,
    Row("id", "cbc:ID", "identifier"),
    Row("location_id", "cac:DeliveryLocation/cbc:ID", "identifier"),
    Row("location_name", "cac:DeliveryLocation/cbc:Name"),
    Row("address", "cac:DeliveryLocation/cac:Address", shape=p.ADDRESS),
    Row("period", "cac:RequestedDeliveryPeriod", shape=p.PERIOD),
    Row("party", "cac:DeliveryParty", shape=p.PARTY),
    Row("despatch_date", "cac:Despatch/cbc:RequestedDespatchDate", "date"),
    Row("despatch_time", "cac:Despatch/cbc:RequestedDespatchTime"),
    Row("shipment_id", "cac:Shipment/cbc:ID"),
    Row("shipping_priority", "cac:Shipment/cbc:ShippingPriorityLevelCode"),
    Row("shipping_marks", "cac:Shipment/cac:TransportHandlingUnit/cbc:ShippingMarks"),
)
DELIVERY_TERMS = Shape(
    DeliveryTerms,
    Row("id", "cbc:ID"),
    Row("special_terms", "cbc:SpecialTerms"),
    Row("location_id", "cac:DeliveryLocation/cbc:ID"),
    Row("address", "cac:DeliveryLocation/cac:Address", shape=p.ADDRESS),
)
LINE = Shape(
    OrderLine,
    Row("note", "cbc:Note"),
    Row("id", "cac:LineItem/cbc:ID"),
    Row("quantity", "cac:LineItem/cbc:Quantity", "quantity"),
    Row("line_extension_amount", "cac:LineItem/cbc:LineExtensionAmount", "amount"),
    Row("partial_delivery", "cac:LineItem/cbc:PartialDeliveryIndicator", "boolean"),
    Row("accounting_cost", "cac:LineItem/cbc:AccountingCost"),
    Row("delivery", "cac:LineItem/cac:Delivery", shape=DELIVERY),
    Row("originator", "cac:LineItem/cac:OriginatorParty", shape=p.PARTY),
    Row("allowance_charges", "cac:LineItem/cac:AllowanceCharge", many=True, shape=p.ALLOWANCE_CHARGE),
    Row("price", "cac:LineItem/cac:Price", shape=p.PRICE),
    Row("item", "cac:LineItem/cac:Item", shape=p.ITEM),
    Row("quotation_line", "cac:QuotationLineReference/cbc:LineID"),
)
REST = (  # what an order and its change say alike, in this order: who, where to, on what terms, for how much
    Row("buyer", "cac:BuyerCustomerParty/cac:Party", shape=p.PARTY),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("originator", "cac:OriginatorCustomerParty/cac:Party", shape=p.PARTY),
    Row("invoicee", "cac:AccountingCustomerParty/cac:Party", shape=p.PARTY),
    Row("delivery", "cac:Delivery", shape=DELIVERY),
    Row("delivery_terms", "cac:DeliveryTerms", shape=DELIVERY_TERMS),
    Row("payment_terms", "cac:PaymentTerms/cbc:Note"),
    Row("allowance_charges", "cac:AllowanceCharge", many=True, shape=p.ALLOWANCE_CHARGE),
    Row("tax_amount", "cac:TaxTotal/cbc:TaxAmount", "amount"),
    Row("totals", "cac:AnticipatedMonetaryTotal", shape=p.MONETARY_TOTAL),
)
ORDER = Shape(
    Order,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("sales_order_id", "cbc:SalesOrderID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("type_code", "cbc:OrderTypeCode"),
    Row("notes", "cbc:Note", many=True),
    Row("currency", "cbc:DocumentCurrencyCode", "currency"),
    Row("customer_reference", "cbc:CustomerReference"),
    Row("accounting_cost", "cbc:AccountingCost"),
    Row("validity_end", "cac:ValidityPeriod/cbc:EndDate", "date"),
    Row("quotation_reference", "cac:QuotationDocumentReference/cbc:ID"),
    Row("rejected_order_reference", "cac:OrderDocumentReference/cbc:ID"),
    Row("originator_reference", "cac:OriginatorDocumentReference/cbc:ID"),
    Row("catalogue_reference", "cac:CatalogueReference/cbc:ID"),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
    Row("contract_reference", "cac:Contract/cbc:ID"),
    Row("project_reference", "cac:ProjectReference/cbc:ID"),
    *REST,
    Row("lines", "cac:OrderLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> Order:
    """The order in `root` (UBL Order-2). Raises DocumentRefused."""
    expect_root(root, "Order")
    return cast(Order, read_shape(root, ORDER, Context()))


def write(order: Order) -> bytes:
    """The order as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(order, ORDER, "Order", order.currency)
