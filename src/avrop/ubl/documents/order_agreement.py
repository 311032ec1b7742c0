"""Order agreement, Peppol transaction T110 (BIS Order Agreement 3): what buyer and seller agreed on elsewhere.

The seller writes down an order that was never sent as a T01: made by telephone, in a shop, on a web page. The
buyer may take it in as an order. The totals are those of T01's kind; all amounts are in `currency`
(PEPPOL-T110-R004), and where totals are given every line has its amount (R014).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from lxml import etree

from avrop.ubl.documents import catalogue as cat
from avrop.ubl.documents import order as od
from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Context, Part, Quantity, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order_agreement:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:order_agreement:3"


@dataclass(frozen=True, slots=True)
class AgreedDelivery(Part):
    """When the seller promised to deliver, how much, and to whom."""

    quantity: Quantity | None = None
    promised_period: p.Period | None = None
    party: p.Party | None = None


@dataclass(frozen=True, slots=True)
class OrderAgreementLine(Part):
    """One line agreed on; the amount is without VAT in the document's currency."""

    id: str
    quantity: Quantity
    item: cat.CatalogueItem
    price: p.Price | None = None
    line_extension_amount: Decimal | None = None
    note: str | None = None
    delivery: AgreedDelivery | None = None


@dataclass(frozen=True, slots=True)
class OrderAgreement(Part):
    """The agreement `id` from `seller` to `buyer`; `order_reference` is the number they both use for it."""

    id: str
    issue_date: date
    order_reference: str
    seller: p.Party
    buyer: p.Party
    lines: tuple[OrderAgreementLine, ...]
    currency: str | None = None
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    sales_order_id: str | None = None
    issue_time: str | None = None
    notes: tuple[str, ...] = ()
    customer_reference: str | None = None
    originator_reference: str | None = None
    documents: tuple[p.Document, ...] = ()
    contract_reference: str | None = None
    delivery_contact: p.Contact | None = None
    originator: p.Party | None = None
    invoicee: p.Party | None = None
    delivery: AgreedDelivery | None = None
    delivery_terms: od.DeliveryTerms | None = None
    allowance_charges: tuple[p.AllowanceCharge, ...] = ()
    tax_total: p.TaxTotal | None = None
    totals: p.MonetaryTotal | None = None


DELIVERY = Shape(
    AgreedDelivery,
    Row("quantity", "cbc:Quantity", "quantity"),
    Row("promised_period", "cac:PromisedDeliveryPeriod", shape=p.PERIOD),
    Row("party", "cac:DeliveryParty", shape=p.PARTY),
)
LINE = Shape(
    OrderAgreementLine,
    Row("id", "cac:LineItem/cbc:ID"),
    Row("note", "cac:LineItem/cbc:Note"),
    Row("quantity", "cac:LineItem/cbc:Quantity", "quantity"),
    Row("line_extension_amount", "cac:LineItem/cbc:LineExtensionAmount", "amount"),
    Row("delivery", "cac:LineItem/cac:Delivery", shape=DELIVERY),
    Row("price", "cac:LineItem/cac:Price", shape=p.PRICE),
    Row("item", "cac:LineItem/cac:Item", shape=cat.ITEM),
)
ORDER_AGREEMENT = Shape(
    OrderAgreement,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("sales_order_id", "cbc:SalesOrderID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("notes", "cbc:Note", many=True),
    Row("currency", "cbc:DocumentCurrencyCode", "currency"),
    Row("customer_reference", "cbc:CustomerReference"),
    Row("order_reference", "cac:OrderReference/cbc:ID"),
    Row("originator_reference", "cac:OriginatorDocumentReference/cbc:ID"),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
    Row("contract_reference", "cac:Contract/cbc:ID"),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("buyer", "cac:BuyerCustomerParty/cac:Party", shape=p.PARTY),
    Row("delivery_contact", "cac:BuyerCustomerParty/cac:DeliveryContact", shape=p.CONTACT),
    Row("originator", "cac:OriginatorCustomerParty/cac:Party", shape=p.PARTY),
    Row("invoicee", "cac:AccountingCustomerParty/cac:Party", shape=p.PARTY),
    Row("delivery", "cac:Delivery", shape=DELIVERY),
    Row("delivery_terms", "cac:DeliveryTerms", shape=od.DELIVERY_TERMS),
    Row("allowance_charges", "cac:AllowanceCharge", many=True, shape=p.ALLOWANCE_CHARGE),
    Row("tax_total", "cac:TaxTotal", shape=p.TAX_TOTAL),
    Row("totals", "cac:LegalMonetaryTotal", shape=p.MONETARY_TOTAL),
    Row("lines", "cac:OrderLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> OrderAgreement:
    """The agreement in `root` (UBL OrderResponse-2). Raises DocumentRefused."""
    expect_root(root, "OrderResponse")
    return cast(OrderAgreement, read_shape(root, ORDER_AGREEMENT, Context()))


def write(agreement: OrderAgreement) -> bytes:
    """The agreement as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(agreement, ORDER_AGREEMENT, "OrderResponse", agreement.currency)
