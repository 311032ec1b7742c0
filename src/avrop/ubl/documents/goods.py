"""What: items, their classes, properties and instances. BT and BG as in EN 16931-1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from avrop.ubl.documents.money import TAX_CATEGORY, TaxCategory
from avrop.ubl.mapping import Identifier, Part, Quantity, Row, Shape


@dataclass(frozen=True, slots=True)
class Classification(Part):
    """A commodity code (BT-158) in list `list_id` (UNCL7143: `STI` CPV, `TST` UNSPSC ...)."""

    code: str
    list_id: str | None = None
    list_version: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ItemProperty(Part):
    """A property of an item: name and value (BT-160, BT-161)."""

    name: str
    value: str | None = None
    value_quantity: Quantity | None = None
    qualifier: str | None = None
    name_code: str | None = None
    name_code_list: str | None = None
    id: str | None = None
    id_scheme: str | None = None
    id_scheme_version: str | None = None
    id_scheme_uri: str | None = None


@dataclass(frozen=True, slots=True)
class ItemInstance(Part):
    """A serial or lot number."""

    serial_id: str | None = None
    lot_id: str | None = None
    best_before: date | None = None
    trace_id: Identifier | None = None
    manufactured: date | None = None
    lot_expires: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate(Part):
    """An environmental or other label (`Svanemerket`, EU EcoLabel)."""

    id: str
    type_code: str | None = None
    type: str | None = None
    remarks: tuple[str, ...] = ()
    issuer: str | None = None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hazard(Part):
    """Dangerous goods: UNDG code and class."""

    undg_code: str | None = None
    hazard_class: str | None = None


@dataclass(frozen=True, slots=True)
class Item(Part):
    """What is bought: name (BT-153), ids (BT-155, BT-156, BT-157), classification, VAT category."""

    name: str | None = None
    description: str | None = None
    buyers_id: str | None = None
    sellers_id: str | None = None
    manufacturers_id: str | None = None
    standard_id: Identifier | None = None
    specifications: tuple[str, ...] = ()
    origin_country: str | None = None
    classifications: tuple[Classification, ...] = ()
    tax: TaxCategory | None = None
    properties: tuple[ItemProperty, ...] = ()
    instances: tuple[ItemInstance, ...] = ()
    sellers_extended_id: str | None = None
    standard_extended_id: str | None = None
    hazards: tuple[Hazard, ...] = ()


CLASSIFICATION = Shape(
    Classification,
    Row("code", "cbc:ItemClassificationCode"),
    Row("list_id", "cbc:ItemClassificationCode/@listID"),
    Row("list_version", "cbc:ItemClassificationCode/@listVersionID"),
    Row("name", "cbc:ItemClassificationCode/@name"),
)
ITEM_PROPERTY = Shape(
    ItemProperty,
    Row("id", "cbc:ID"),
    Row("id_scheme", "cbc:ID/@schemeID"),
    Row("id_scheme_version", "cbc:ID/@schemeVersionID"),
    Row("id_scheme_uri", "cbc:ID/@schemeDataURI"),
    Row("name", "cbc:Name"),
    Row("name_code", "cbc:NameCode"),
    Row("name_code_list", "cbc:NameCode/@listID"),
    Row("value", "cbc:Value"),
    Row("value_quantity", "cbc:ValueQuantity", "quantity"),
    Row("qualifier", "cbc:ValueQualifier"),
)
ITEM_INSTANCE = Shape(
    ItemInstance,
    Row("trace_id", "cbc:ProductTraceID", "identifier"),
    Row("manufactured", "cbc:ManufactureDate", "date"),
    Row("best_before", "cbc:BestBeforeDate", "date"),
    Row("serial_id", "cbc:SerialID"),
    Row("lot_id", "cac:LotIdentification/cbc:LotNumberID"),
    Row("lot_expires", "cac:LotIdentification/cbc:ExpiryDate", "date"),
)
CERTIFICATE = Shape(
    Certificate,
    Row("id", "cbc:ID"),
    Row("type_code", "cbc:CertificateTypeCode"),
    Row("type", "cbc:CertificateType"),
    Row("remarks", "cbc:Remarks", many=True),
    Row("issuer", "cac:IssuerParty/cac:PartyName/cbc:Name"),
    Row("documents", "cac:DocumentReference*/cbc:ID", many=True),
)
HAZARD = Shape(Hazard, Row("undg_code", "cbc:UNDGCode"), Row("hazard_class", "cbc:HazardClassID"))
ITEM = Shape(
    Item,
    Row("description", "cbc:Description"),
    Row("name", "cbc:Name"),
    Row("buyers_id", "cac:BuyersItemIdentification/cbc:ID"),
    Row("sellers_id", "cac:SellersItemIdentification/cbc:ID"),
    Row("sellers_extended_id", "cac:SellersItemIdentification/cbc:ExtendedID"),
    Row("manufacturers_id", "cac:ManufacturersItemIdentification/cbc:ID"),
    Row("standard_id", "cac:StandardItemIdentification/cbc:ID", "identifier"),
    Row("standard_extended_id", "cac:StandardItemIdentification/cbc:ExtendedID"),
    Row("specifications", "cac:ItemSpecificationDocumentReference*/cbc:ID", many=True),
    Row("origin_country", "cac:OriginCountry/cbc:IdentificationCode"),
    Row("classifications", "cac:CommodityClassification", many=True, shape=CLASSIFICATION),
    Row("hazards", "cac:HazardousItem", many=True, shape=HAZARD),
    Row("tax", "cac:ClassifiedTaxCategory", shape=TAX_CATEGORY),
    Row("properties", "cac:AdditionalItemProperty", many=True, shape=ITEM_PROPERTY),
    Row("instances", "cac:ItemInstance", many=True, shape=ITEM_INSTANCE),
)
