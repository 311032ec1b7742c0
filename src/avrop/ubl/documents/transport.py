"""What despatch and receipt advices say of the transport: carriers, handling units, packages, their condition."""

from __future__ import annotations

from dataclasses import dataclass

from avrop.ubl.mapping import Identifier, Part, Quantity, Row, Shape


@dataclass(frozen=True, slots=True)
class Paper(Part):
    """An identity document of the person who drives (a driving licence, a vehicle's number)."""

    id: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier(Part):
    """Who carries the goods."""

    ids: tuple[Identifier, ...] = ()
    name: str | None = None
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition(Part):
    """In which state goods arrived: `code`, and why (code and text)."""

    code: str | None = None
    reason_code: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Dimension(Part):
    """A measure of a unit: what is measured (UNCL6313) and how much."""

    attribute: str
    measure: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Package(Part):
    """A package in a handling unit: number and kind (UN/ECE Recommendation 21)."""

    id: str
    type_code: str | None = None


@dataclass(frozen=True, slots=True)
class HandlingUnit(Part):
    """A pallet, box or other unit; `id` is often an SSCC."""

    id: Identifier | None = None
    type_code: str | None = None
    hazardous: bool | None = None
    marks: tuple[str, ...] = ()
    condition: Condition | None = None
    dimensions: tuple[Dimension, ...] = ()
    packages: tuple[Package, ...] = ()


PAPER = Shape(Paper, Row("id", "cbc:ID"), Row("type", "cbc:DocumentType"))
CARRIER = Shape(
    Carrier,
    Row("ids", "cac:PartyIdentification*/cbc:ID", "identifier", many=True),
    Row("name", "cac:PartyName/cbc:Name"),
    Row("papers", "cac:Person/cac:IdentityDocumentReference", many=True, shape=PAPER),
)
CONDITION = Shape(
    Condition,
    Row("code", "cbc:ConditionCode"),
    Row("reason_code", "cbc:StatusReasonCode"),
    Row("reason", "cbc:StatusReason"),
)
DIMENSION = Shape(Dimension, Row("attribute", "cbc:AttributeID"), Row("measure", "cbc:Measure", "quantity"))
PACKAGE = Shape(Package, Row("id", "cbc:ID"), Row("type_code", "cbc:PackagingTypeCode"))
HANDLING_UNIT = Shape(
    HandlingUnit,
    Row("id", "cbc:ID", "identifier"),
    Row("type_code", "cbc:TransportHandlingUnitTypeCode"),
    Row("hazardous", "cbc:HazardousRiskIndicator", "boolean"),
    Row("marks", "cbc:ShippingMarks", many=True),
    Row("dimensions", "cac:MeasurementDimension", many=True, shape=DIMENSION),
    Row("condition", "cac:Status", shape=CONDITION),
    Row("packages", "cac:Package", many=True, shape=PACKAGE),
)
