"""Despatch advice, Peppol transaction T16 (BIS Despatch Advice 3): what is on its way, before it arrives.

`despatch` is who sends the goods, `delivery` who gets them; buyer and seller are named only where they are others.
A line names its order line (`order_line`) and, where the message is about several orders, the order. An
outstanding quantity should have a reason (PEPPOL-T16-R007).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

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

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:despatch_advice:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:despatch_advice:3"


@dataclass(frozen=True, slots=True)
class Shipment(Part):
    """The consignment: who carries it, when it left and is expected, how heavy it is.

    `transport_mode` is UN/ECE Recommendation 19 (3 road). Times are as written.
    """

    id: Identifier | None = None
    information: tuple[str, ...] = ()
    gross_weight: Quantity | None = None
    gross_volume: Quantity | None = None
    handling_units: Quantity | None = None
    consignment_id: Identifier | None = None
    consignment_information: str | None = None
    carrier: tr.Carrier | None = None
    transport_mode: str | None = None
    tracking_id: str | None = None
    expected: p.Period | None = None
    delivery_party: p.Party | None = None
    despatched: date | None = None
    despatched_at: str | None = None
    despatch_address: p.Address | None = None


@dataclass(frozen=True, slots=True)
class LineShipment(Part):
    """The units that the goods of one line are packed in."""

    id: Identifier | None = None
    units: tuple[tr.HandlingUnit, ...] = ()


@dataclass(frozen=True, slots=True)
class DespatchLine(Part):
    """One line: `quantity` is sent now, `outstanding` follows later (for the `outstanding_reasons`)."""

    id: str
    item: p.Item
    quantity: Quantity | None = None
    order_line: str | None = None
    sales_order_line: str | None = None
    order_id: str | None = None
    note: str | None = None
    outstanding: Quantity | None = None
    outstanding_reasons: tuple[str, ...] = ()
    documents: tuple[p.Document, ...] = ()
    shipment: LineShipment | None = None


@dataclass(frozen=True, slots=True)
class DespatchAdvice(Part):
    """The message `id` from `despatch` to `delivery` about goods of the orders `order_references`."""

    id: str
    issue_date: date
    despatch: p.Party
    delivery: p.Party
    lines: tuple[DespatchLine, ...]
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    issue_time: str | None = None
    notes: tuple[str, ...] = ()
    order_references: tuple[str, ...] = ()
    documents: tuple[p.Document, ...] = ()
    delivery_contact: p.Contact | None = None
    buyer: p.Party | None = None
    seller: p.Party | None = None
    originator: p.Party | None = None
    shipment: Shipment | None = None


SHIPMENT = Shape(
    Shipment,
    Row("id", "cbc:ID", "identifier"),
    Row("information", "cbc:Information", many=True),
    Row("gross_weight", "cbc:GrossWeightMeasure", "quantity"),
    Row("gross_volume", "cbc:GrossVolumeMeasure", "quantity"),
    Row("handling_units", "cbc:TotalTransportHandlingUnitQuantity", "quantity"),
    Row("consignment_id", "cac:Consignment/cbc:ID", "identifier"),
    Row("consignment_information", "cac:Consignment/cbc:Information"),
    Row("carrier", "cac:Consignment/cac:CarrierParty", shape=tr.CARRIER),
    Row("transport_mode", "cac:ShipmentStage/cbc:TransportModeCode"),
    Row("tracking_id", "cac:Delivery/cbc:TrackingID"),
    Row("expected", "cac:Delivery/cac:EstimatedDeliveryPeriod", shape=p.PERIOD),
    Row("delivery_party", "cac:Delivery/cac:DeliveryParty", shape=p.PARTY),
    Row("despatched", "cac:Delivery/cac:Despatch/cbc:ActualDespatchDate", "date"),
    Row("despatched_at", "cac:Delivery/cac:Despatch/cbc:ActualDespatchTime"),
    Row("despatch_address", "cac:Delivery/cac:Despatch/cac:DespatchAddress", shape=p.ADDRESS),
)
LINE_SHIPMENT = Shape(
    LineShipment,
    Row("id", "cbc:ID", "identifier"),
    Row("units", "cac:TransportHandlingUnit", many=True, shape=tr.HANDLING_UNIT),
)
LINE = Shape(
    DespatchLine,
    Row("id", "cbc:ID"),
    Row("note", "cbc:Note"),
    Row("quantity", "cbc:DeliveredQuantity", "quantity"),
    Row("outstanding", "cbc:OutstandingQuantity", "quantity"),
    Row("outstanding_reasons", "cbc:OutstandingReason", many=True),
    Row("order_line", "cac:OrderLineReference/cbc:LineID"),
    Row("sales_order_line", "cac:OrderLineReference/cbc:SalesOrderLineID"),
    Row("order_id", "cac:OrderLineReference/cac:OrderReference/cbc:ID"),
    Row("documents", "cac:DocumentReference", many=True, shape=p.DOCUMENT),
    Row("item", "cac:Item", shape=p.ITEM),
    Row("shipment", "cac:Shipment", shape=LINE_SHIPMENT),
)
DESPATCH_ADVICE = Shape(
    DespatchAdvice,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("notes", "cbc:Note", many=True),
    Row("order_references", "cac:OrderReference*/cbc:ID", many=True),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
    Row("despatch", "cac:DespatchSupplierParty/cac:Party", shape=p.PARTY),
    Row("delivery", "cac:DeliveryCustomerParty/cac:Party", shape=p.PARTY),
    Row("delivery_contact", "cac:DeliveryCustomerParty/cac:DeliveryContact", shape=p.CONTACT),
    Row("buyer", "cac:BuyerCustomerParty/cac:Party", shape=p.PARTY),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("originator", "cac:OriginatorCustomerParty/cac:Party", shape=p.PARTY),
    Row("shipment", "cac:Shipment", shape=SHIPMENT),
    Row("lines", "cac:DespatchLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> DespatchAdvice:
    """The message in `root` (UBL DespatchAdvice-2). Raises DocumentRefused."""
    expect_root(root, "DespatchAdvice")
    return cast(DespatchAdvice, read_shape(root, DESPATCH_ADVICE, Context()))


def write(advice: DespatchAdvice) -> bytes:
    """The message as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(advice, DESPATCH_ADVICE, "DespatchAdvice", None)
