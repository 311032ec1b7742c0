"""Message level response, Peppol transaction T71 (BIS MLR 3): the receiver's word on one received message.

From participant to participant. `code` (UNCL4343 subset): AB acknowledged, AP accepted, RE rejected. Issues carry
BV (rule broken, fatal), BW (rule broken, warning) or SV (syntax broken); see `message_level_status` for the
newer answer between service providers, which has the same body.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

from avrop.ubl.kinds import Identifier
from avrop.ubl.mapping import Context, Part, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:mlr:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:mlr:3"
ACKNOWLEDGED, ACCEPTED, REJECTED = "AB", "AP", "RE"
RULE_FATAL, RULE_WARNING, SYNTAX = "BV", "BW", "SV"
# What stands where no place in the document can be named.
NOT_APPLICABLE = "NA"


@dataclass(frozen=True, slots=True)
class Issue(Part):
    """One thing that is wrong: why (`reason`: BV, BW, SV; in an MLS also FD) and a sentence about it."""

    description: str
    reason: str
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Place(Part):
    """What is wrong at one place: an XPath in the message, or NOT_APPLICABLE."""

    location: str
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageLevelResponse(Part):
    """The answer to the envelope whose InstanceIdentifier is `refers_to`. `code`: AB, AP or RE."""

    id: str
    issue_date: date
    sender: Identifier
    receiver: Identifier
    code: str
    refers_to: str
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    issue_time: str | None = None
    description: str | None = None
    document_type_code: str | None = None
    version_id: str | None = None
    places: tuple[Place, ...] = ()


_PLACE = Shape(
    Place,
    Row("location", "cac:LineReference/cbc:LineID"),
    Row(
        "issues",
        "cac:Response",
        many=True,
        shape=Shape(
            Issue,
            Row("code", "cbc:ResponseCode"),
            Row("description", "cbc:Description"),
            Row("reason", "cac:Status/cbc:StatusReasonCode"),
        ),
    ),
)
_ANSWER = "cac:DocumentResponse/"
ROWS = (
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("sender", "cac:SenderParty/cbc:EndpointID", "identifier"),
    Row("receiver", "cac:ReceiverParty/cbc:EndpointID", "identifier"),
    Row("code", _ANSWER + "cac:Response/cbc:ResponseCode"),
    Row("description", _ANSWER + "cac:Response/cbc:Description"),
    Row("refers_to", _ANSWER + "cac:DocumentReference/cbc:ID"),
    Row("document_type_code", _ANSWER + "cac:DocumentReference/cbc:DocumentTypeCode"),
    Row("version_id", _ANSWER + "cac:DocumentReference/cbc:VersionID"),
    Row("places", _ANSWER + "cac:LineResponse", many=True, shape=_PLACE),
)
MESSAGE_LEVEL_RESPONSE = Shape(MessageLevelResponse, *ROWS)


def read(root: etree._Element) -> MessageLevelResponse:
    """The response in `root` (UBL ApplicationResponse-2). Raises DocumentRefused."""
    expect_root(root, "ApplicationResponse")
    return cast(MessageLevelResponse, read_shape(root, MESSAGE_LEVEL_RESPONSE, Context()))


def write(response: MessageLevelResponse) -> bytes:
    """The response as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(response, MESSAGE_LEVEL_RESPONSE, "ApplicationResponse", None)
