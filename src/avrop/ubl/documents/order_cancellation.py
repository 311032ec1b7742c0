"""Order cancellation, Peppol transaction T115 (BIS Advanced Ordering 3): the whole order, with a reason.

Exists under the advanced ordering ProfileID only (PEPPOL-T115-R031); see `order_change`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

from avrop.ubl.documents import parts as p
from avrop.ubl.documents.order import PROFILE_ADVANCED
from avrop.ubl.mapping import Context, Part, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order_cancellation:3"
PROFILE = PROFILE_ADVANCED


@dataclass(frozen=True, slots=True)
class OrderCancellation(Part):
    """The buyer takes back the order `order_reference`; `reason` is free text and must be given."""

    id: str
    issue_date: date
    order_reference: str
    reason: str
    buyer: p.Party
    seller: p.Party
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    issue_time: str | None = None
    notes: tuple[str, ...] = ()
    originator_reference: str | None = None
    documents: tuple[p.Document, ...] = ()
    contract_reference: str | None = None
    originator: p.Party | None = None


ORDER_CANCELLATION = Shape(
    OrderCancellation,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("notes", "cbc:Note", many=True),
    Row("reason", "cbc:CancellationNote"),
    Row("order_reference", "cac:OrderReference/cbc:ID"),
    Row("originator_reference", "cac:OriginatorDocumentReference/cbc:ID"),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
    Row("contract_reference", "cac:Contract/cbc:ID"),
    Row("buyer", "cac:BuyerCustomerParty/cac:Party", shape=p.PARTY),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("originator", "cac:OriginatorCustomerParty/cac:Party", shape=p.PARTY),
)


def read(root: etree._Element) -> OrderCancellation:
    """The cancellation in `root` (UBL OrderCancellation-2). Raises DocumentRefused."""
    expect_root(root, "OrderCancellation")
    return cast(OrderCancellation, read_shape(root, ORDER_CANCELLATION, Context()))


def write(cancellation: OrderCancellation) -> bytes:
    """The cancellation as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(cancellation, ORDER_CANCELLATION, "OrderCancellation", None)
