"""Catalogue response, Peppol transaction T58 (BIS Catalogue 3): the buyer's answer to a catalogue.

Exists under the profile with responses only (`PROFILE`); a catalogue without response is answered outside. Codes
(UNCL4343 subset): AP accepted, RE rejected. The answer is to the whole catalogue: T58 has no lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from lxml import etree

from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Context, Part, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:catalogue_response:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:catalogue_only:3"
ACCEPTED, REJECTED = "AP", "RE"


@dataclass(frozen=True, slots=True)
class Answer(Part):
    """The word on one catalogue: `code` AP or RE."""

    code: str
    catalogue_id: str
    catalogue_version: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueResponse(Part):
    """The answer from `sender` (who received the catalogue) to `receiver` (who provided it)."""

    id: str
    issue_date: date
    sender: p.Party
    receiver: p.Party
    answers: tuple[Answer, ...] = ()
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    issue_time: str | None = None
    notes: tuple[str, ...] = ()


ANSWER = Shape(
    Answer,
    Row("code", "cac:Response/cbc:ResponseCode"),
    Row("catalogue_id", "cac:DocumentReference/cbc:ID"),
    Row("catalogue_version", "cac:DocumentReference/cbc:VersionID"),
)
CATALOGUE_RESPONSE = Shape(
    CatalogueResponse,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("notes", "cbc:Note", many=True),
    Row("sender", "cac:SenderParty", shape=p.PARTY),
    Row("receiver", "cac:ReceiverParty", shape=p.PARTY),
    Row("answers", "cac:DocumentResponse", many=True, shape=ANSWER),
)


def read(root: etree._Element) -> CatalogueResponse:
    """The response in `root` (UBL ApplicationResponse-2). Raises DocumentRefused."""
    expect_root(root, "ApplicationResponse")
    return cast(CatalogueResponse, read_shape(root, CATALOGUE_RESPONSE, Context()))


def write(response: CatalogueResponse) -> bytes:
    """The response as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(response, CATALOGUE_RESPONSE, "ApplicationResponse", None)
