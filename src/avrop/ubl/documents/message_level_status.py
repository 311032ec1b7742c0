"""Message level status, Peppol MLS 1.0: what the receiving service provider says of one message.

From service provider to service provider: both ends are Service Provider IDs (scheme 0242), never participants
(SCH-MLS-09, -11, -14, -16). The body is that of the message level response. Reasons: as there, and FD (the
message could not be delivered to its receiver). A rejection has a description and at least one issue that is a
failure: BV, FD or SV (SCH-MLS-20 to -24); any other answer has none (SCH-MLS-25). The time carries an offset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import etree

from avrop.ubl.documents import message_level_response as base
from avrop.ubl.mapping import Context, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:peppol:edec:mls:1.0"
PROFILE = "urn:peppol:edec:mls"
SCHEME = "0242"
FAILED_DELIVERY = "FD"
Issue, Place = base.Issue, base.Place


@dataclass(frozen=True, slots=True)
class MessageLevelStatus(base.MessageLevelResponse):
    """As MessageLevelResponse, between service providers; `issue_time` must be given, with an offset."""

    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE


MESSAGE_LEVEL_STATUS = Shape(MessageLevelStatus, *base.ROWS)


def read(root: etree._Element) -> MessageLevelStatus:
    """The status in `root` (UBL ApplicationResponse-2). Raises DocumentRefused."""
    expect_root(root, "ApplicationResponse")
    return cast(MessageLevelStatus, read_shape(root, MESSAGE_LEVEL_STATUS, Context()))


def write(status: MessageLevelStatus) -> bytes:
    """The status as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(status, MESSAGE_LEVEL_STATUS, "ApplicationResponse", None)
