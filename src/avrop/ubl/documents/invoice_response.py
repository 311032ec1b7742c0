"""Invoice response, Peppol transaction T111 (BIS Invoice Response 3).

Codes (UNCL4343 subset): AB received, IP in process, UQ under query, CA conditionally accepted, RE rejected,
AP accepted, PD paid. Reasons: list OPStatusReason (why) and OPStatusAction (what the receiver should do).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Context, Part, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:invoice_response:3"
REASON_LIST = "OPStatusReason"
ACTION_LIST = "OPStatusAction"


@dataclass(frozen=True, slots=True)
class Condition(Part):
    """Which business term is meant (`BT-48`) and the value it should have."""

    attribute_id: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Status(Part):
    """One reason or wanted action: `code` in list `list_id`, free text, conditions."""

    code: str | None = None
    list_id: str | None = None
    reason: str | None = None
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class InvoiceResponse(Part):
    """The buyer's answer to the invoice `invoice_id`. `code`: AB, IP, UQ, CA, RE, AP or PD."""

    id: str
    issue_date: date
    sender: p.Party
    receiver: p.Party
    code: str
    invoice_id: str
    invoice_type_code: str | None = "380"
    invoice_issue_date: date | None = None
    effective_date: date | None = None
    statuses: tuple[Status, ...] = ()
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    issue_time: str | None = None
    notes: tuple[str, ...] = ()
    issuer: p.Party | None = None
    recipient: p.Party | None = None


STATUS = Shape(
    Status,
    Row("code", "cbc:StatusReasonCode"),
    Row("list_id", "cbc:StatusReasonCode/@listID"),
    Row("reason", "cbc:StatusReason"),
    Row(
        "conditions",
        "cac:Condition",
        many=True,
        shape=Shape(
            Condition,
            Row("attribute_id", "cbc:AttributeID"),
            Row("description", "cbc:Description"),
        ),
    ),
)
_ANSWER = "cac:DocumentResponse/cac:Response/"
_INVOICE = "cac:DocumentResponse/cac:DocumentReference/"
INVOICE_RESPONSE = Shape(
    InvoiceResponse,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("notes", "cbc:Note", many=True),
    Row("sender", "cac:SenderParty", shape=p.PARTY),
    Row("receiver", "cac:ReceiverParty", shape=p.PARTY),
    Row("code", _ANSWER + "cbc:ResponseCode"),
    Row("effective_date", _ANSWER + "cbc:EffectiveDate", "date"),
    Row("statuses", _ANSWER + "cac:Status", many=True, shape=STATUS),
    Row("invoice_id", _INVOICE + "cbc:ID"),
    Row("invoice_issue_date", _INVOICE + "cbc:IssueDate", "date"),
    Row("invoice_type_code", _INVOICE + "cbc:DocumentTypeCode"),
    Row("issuer", "cac:DocumentResponse/cac:IssuerParty", shape=p.PARTY),
    Row("recipient", "cac:DocumentResponse/cac:RecipientParty", shape=p.PARTY),
)


def read(root: etree._Element) -> InvoiceResponse:
    """The response in `root` (UBL ApplicationResponse-2). Raises DocumentRefused."""
    expect_root(root, "ApplicationResponse")
    return cast(InvoiceResponse, read_shape(root, INVOICE_RESPONSE, Context()))


def write(response: InvoiceResponse) -> bytes:
    """The response as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(response, INVOICE_RESPONSE, "ApplicationResponse", None)
