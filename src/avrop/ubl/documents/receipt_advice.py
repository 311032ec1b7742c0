"""Receipt advice, Peppol transaction T128 (Logistics BIS 1): what arrived of a despatch advice, and how.

Answers the despatch advice `despatch_reference`, line by line (`despatch_line`). Received, short, rejected and
too much stand side by side; every shortage or rejection may name what should happen (action codes of T128).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

from avrop.ubl.documents import order as od
from avrop.ubl.documents import parts as p
from avrop.ubl.documents import transport as tr
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

CUSTOMIZATION = "urn:fdc:peppol.eu:logistics:trns:receipt_advice:1"
PROFILE = "urn:fdc:peppol.eu:logistics:bis:despatch_advice_w_receipt_advice:1"


@dataclass(frozen=True, slots=True)
class DespatchReference(Part):
    """The despatch advice that is answered, and what is said of the message itself."""

    id: str
    issue_date: date | None = None
    issue_time: str | None = None
    status_code: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ReceivedShipment(Part):
    """How and when the consignment arrived."""

    id: Identifier | None = None
    information: str | None = None
    consignment_id: Identifier | None = None
    condition: tr.Condition | None = None
    carrier: tr.Carrier | None = None
    delivered: date | None = None
    delivered_at: str | None = None
    delivery_terms: od.DeliveryTerms | None = None
    units: tuple[tr.HandlingUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptLine(Part):
    """What arrived of one line of the despatch advice."""

    id: str
    despatch_line: str
    received: Quantity | None = None
    short: Quantity | None = None
    shortage_action: str | None = None
    rejected: Quantity | None = None
    reject_reason_code: str | None = None
    reject_reason: str | None = None
    reject_action: str | None = None
    oversupply: Quantity | None = None
    note: str | None = None
    order_line: str | None = None
    sales_order_line: str | None = None
    order_id: str | None = None
    sales_order_id: str | None = None
    item: p.Item | None = None


@dataclass(frozen=True, slots=True)
class ReceiptAdvice(Part):
    """The message `id` from `delivery` (who received the goods) to `despatch` (who sent them)."""

    id: str
    issue_date: date
    type_code: str
    despatch_reference: DespatchReference
    delivery: p.Party
    despatch: p.Party
    lines: tuple[ReceiptLine, ...]
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    issue_time: str | None = None
    status_code: str | None = None
    notes: tuple[str, ...] = ()
    order_reference: str | None = None
    documents: tuple[p.Document, ...] = ()
    buyer: p.Party | None = None
    seller: p.Party | None = None
    shipment: ReceivedShipment | None = None


DESPATCH_REFERENCE = Shape(
    DespatchReference,
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("status_code", "cbc:DocumentStatusCode"),
    Row("description", "cbc:DocumentDescription", first=True),
)
SHIPMENT = Shape(
    ReceivedShipment,
    Row("id", "cbc:ID", "identifier"),
    Row("information", "cbc:Information", first=True),
    Row("consignment_id", "cac:Consignment/cbc:ID", "identifier"),
    Row("condition", "cac:Consignment/cac:Status", shape=tr.CONDITION),
    Row("carrier", "cac:Consignment/cac:CarrierParty", shape=tr.CARRIER),
    Row("delivered", "cac:Delivery/cbc:ActualDeliveryDate", "date"),
    Row("delivered_at", "cac:Delivery/cbc:ActualDeliveryTime"),
    Row("delivery_terms", "cac:Delivery/cac:DeliveryTerms", shape=od.DELIVERY_TERMS),
    Row("units", "cac:TransportHandlingUnit", many=True, shape=tr.HANDLING_UNIT),
)
LINE = Shape(
    ReceiptLine,
    Row("id", "cbc:ID"),
    Row("note", "cbc:Note"),
    Row("received", "cbc:ReceivedQuantity", "quantity"),
    Row("short", "cbc:ShortQuantity", "quantity"),
    Row("shortage_action", "cbc:ShortageActionCode"),
    Row("rejected", "cbc:RejectedQuantity", "quantity"),
    Row("reject_reason_code", "cbc:RejectReasonCode"),
    Row("reject_reason", "cbc:RejectReason", first=True),
    Row("reject_action", "cbc:RejectActionCode"),
    Row("oversupply", "cbc:OversupplyQuantity", "quantity"),
    Row("order_line", "cac:OrderLineReference/cbc:LineID"),
    Row("sales_order_line", "cac:OrderLineReference/cbc:SalesOrderLineID"),
    Row("order_id", "cac:OrderLineReference/cac:OrderReference/cbc:ID"),
    Row("sales_order_id", "cac:OrderLineReference/cac:OrderReference/cbc:SalesOrderID"),
    Row("despatch_line", "cac:DespatchLineReference/cbc:LineID"),
    Row("item", "cac:Item", shape=p.ITEM),
)
RECEIPT_ADVICE = Shape(
    ReceiptAdvice,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("status_code", "cbc:DocumentStatusCode"),
    Row("type_code", "cbc:ReceiptAdviceTypeCode"),
    Row("notes", "cbc:Note", many=True),
    Row("order_reference", "cac:OrderReference/cbc:ID"),
    Row("despatch_reference", "cac:DespatchDocumentReference", shape=DESPATCH_REFERENCE),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
    Row("delivery", "cac:DeliveryCustomerParty/cac:Party", shape=p.PARTY),
    Row("despatch", "cac:DespatchSupplierParty/cac:Party", shape=p.PARTY),
    Row("buyer", "cac:BuyerCustomerParty/cac:Party", shape=p.PARTY),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("shipment", "cac:Shipment", shape=SHIPMENT),
    Row("lines", "cac:ReceiptLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> ReceiptAdvice:
    """The message in `root` (UBL ReceiptAdvice-2). Raises DocumentRefused."""
    expect_root(root, "ReceiptAdvice")
    return cast(ReceiptAdvice, read_shape(root, RECEIPT_ADVICE, Context()))


def write(advice: ReceiptAdvice) -> bytes:
    """The message as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(advice, RECEIPT_ADVICE, "ReceiptAdvice", None)
