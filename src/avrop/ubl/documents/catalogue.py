"""Catalogue, Peppol transaction T19 (BIS Catalogue 3). Lines can be streamed, one in memory at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO, cast

from lxml import etree

from avrop.ubl import streams
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.parts import Certificate as Certificate
from avrop.ubl.documents.parts import Hazard as Hazard
from avrop.ubl.location import long
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
from avrop.ubl.streams import Lined

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:catalogue:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:catalogue_wo_response:3"


@dataclass(frozen=True, slots=True)
class LinePrice(Part):
    """A price of the line, maybe for some quantities or places only. Without VAT."""

    amount: Decimal | None = None
    currency: str | None = None
    base_quantity: Quantity | None = None
    orderable_unit_factor: Decimal | None = None
    type: str | None = None
    validity: p.Period | None = None
    minimum_quantity: Quantity | None = None
    maximum_quantity: Quantity | None = None
    lead_time: Quantity | None = None
    territories: tuple[p.Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Related(Part):
    """Another item that this one consists of, replaces or needs."""

    id: str | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class CatalogueItem(Part):
    """What is offered."""

    name: str
    descriptions: tuple[str, ...] = ()
    pack_quantity: Quantity | None = None
    pack_size: Decimal | None = None
    keywords: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()
    buyers_id: str | None = None
    sellers_id: str | None = None
    manufacturers_id: str | None = None
    standard_id: Identifier | None = None
    documents: tuple[p.Document, ...] = ()
    origin_country: str | None = None
    classifications: tuple[p.Classification, ...] = ()
    conditions: tuple[str, ...] = ()
    hazards: tuple[p.Hazard, ...] = ()
    tax: p.TaxCategory | None = None
    properties: tuple[p.ItemProperty, ...] = ()
    manufacturer: str | None = None
    instances: tuple[p.ItemInstance, ...] = ()
    certificates: tuple[p.Certificate, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogueLine(Part):
    """One line; `action` is Add, Update or Delete (the catalogue's own where absent)."""

    id: str
    item: CatalogueItem
    action: str | None = None
    orderable: bool | None = None
    orderable_unit: str | None = None
    content_unit: Quantity | None = None
    quantity_increment: Decimal | None = None
    minimum_order: Quantity | None = None
    maximum_order: Quantity | None = None
    warranty: str | None = None
    pack_level: str | None = None
    validity: p.Period | None = None
    components: tuple[Related, ...] = ()
    accessories: tuple[Related, ...] = ()
    required: tuple[Related, ...] = ()
    replaced: tuple[Related, ...] = ()
    prices: tuple[LinePrice, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue(Part):
    """A catalogue from `provider` (on behalf of `seller`) to `receiver`."""

    id: str
    issue_date: date
    provider: p.Party
    receiver: p.Party
    lines: tuple[CatalogueLine, ...] = ()
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    action: str | None = None
    name: str | None = None
    version: str | None = None
    validity: p.Period | None = None
    contract_reference: str | None = None
    source_catalogue: str | None = None
    seller: p.Party | None = None
    contractor: p.Party | None = None
    trading_terms: tuple[str, ...] = ()


RELATED = Shape(Related, Row("id", "cbc:ID"), Row("quantity", "cbc:Quantity", "quantity"))
LINE_PRICE = Shape(
    LinePrice,
    Row("lead_time", "cbc:LeadTimeMeasure", "quantity"),
    Row("minimum_quantity", "cbc:MinimumQuantity", "quantity"),
    Row("maximum_quantity", "cbc:MaximumQuantity", "quantity"),
    Row("territories", "cac:ApplicableTerritoryAddress", many=True, shape=p.ADDRESS),
    Row("amount", "cac:Price/cbc:PriceAmount", "decimal"),
    Row("currency", "cac:Price/cbc:PriceAmount/@currencyID"),
    Row("base_quantity", "cac:Price/cbc:BaseQuantity", "quantity"),
    Row("type", "cac:Price/cbc:PriceType"),
    Row("orderable_unit_factor", "cac:Price/cbc:OrderableUnitFactorRate", "decimal"),
    Row("validity", "cac:Price/cac:ValidityPeriod", shape=p.PERIOD),
)
ITEM = Shape(
    CatalogueItem,
    Row("descriptions", "cbc:Description", many=True),
    Row("pack_quantity", "cbc:PackQuantity", "quantity"),
    Row("pack_size", "cbc:PackSizeNumeric", "decimal"),
    Row("name", "cbc:Name"),
    Row("keywords", "cbc:Keyword", many=True),
    Row("brands", "cbc:BrandName", many=True),
    Row("buyers_id", "cac:BuyersItemIdentification/cbc:ID"),
    Row("sellers_id", "cac:SellersItemIdentification/cbc:ID"),
    Row("manufacturers_id", "cac:ManufacturersItemIdentification/cbc:ID"),
    Row("standard_id", "cac:StandardItemIdentification/cbc:ID", "identifier"),
    Row("documents", "cac:ItemSpecificationDocumentReference", many=True, shape=p.DOCUMENT),
    Row("origin_country", "cac:OriginCountry/cbc:IdentificationCode"),
    Row("classifications", "cac:CommodityClassification", many=True, shape=p.CLASSIFICATION),
    Row("conditions", "cac:TransactionConditions*/cbc:ActionCode", many=True),
    Row("hazards", "cac:HazardousItem", many=True, shape=p.HAZARD),
    Row("tax", "cac:ClassifiedTaxCategory", shape=p.TAX_CATEGORY),
    Row("properties", "cac:AdditionalItemProperty", many=True, shape=p.ITEM_PROPERTY),
    Row("manufacturer", "cac:ManufacturerParty/cac:PartyName/cbc:Name"),
    Row("instances", "cac:ItemInstance", many=True, shape=p.ITEM_INSTANCE),
    Row("certificates", "cac:Certificate", many=True, shape=p.CERTIFICATE),
)
LINE = Shape(
    CatalogueLine,
    Row("id", "cbc:ID"),
    Row("action", "cbc:ActionCode"),
    Row("orderable", "cbc:OrderableIndicator", "boolean"),
    Row("orderable_unit", "cbc:OrderableUnit"),
    Row("content_unit", "cbc:ContentUnitQuantity", "quantity"),
    Row("quantity_increment", "cbc:OrderQuantityIncrementNumeric", "decimal"),
    Row("minimum_order", "cbc:MinimumOrderQuantity", "quantity"),
    Row("maximum_order", "cbc:MaximumOrderQuantity", "quantity"),
    Row("warranty", "cbc:WarrantyInformation"),
    Row("pack_level", "cbc:PackLevelCode"),
    Row("validity", "cac:LineValidityPeriod", shape=p.PERIOD),
    Row("components", "cac:ComponentRelatedItem", many=True, shape=RELATED),
    Row("accessories", "cac:AccessoryRelatedItem", many=True, shape=RELATED),
    Row("required", "cac:RequiredRelatedItem", many=True, shape=RELATED),
    Row("replaced", "cac:ReplacedRelatedItem", many=True, shape=RELATED),
    Row("prices", "cac:RequiredItemLocationQuantity", many=True, shape=LINE_PRICE),
    Row("item", "cac:Item", shape=ITEM),
)
_HEAD = (
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("action", "cbc:ActionCode"),
    Row("name", "cbc:Name"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("version", "cbc:VersionID"),
    Row("validity", "cac:ValidityPeriod", shape=p.PERIOD),
    Row("contract_reference", "cac:ReferencedContract/cbc:ID"),
    Row("source_catalogue", "cac:SourceCatalogueReference/cbc:ID"),
    Row("provider", "cac:ProviderParty", shape=p.PARTY),
    Row("receiver", "cac:ReceiverParty", shape=p.PARTY),
    Row("seller", "cac:SellerSupplierParty/cac:Party", shape=p.PARTY),
    Row("contractor", "cac:ContractorCustomerParty/cac:Party", shape=p.PARTY),
    Row("trading_terms", "cac:TradingTerms*/cbc:Information", many=True),
)
CATALOGUE_HEAD = Shape(Catalogue, *_HEAD, Row("lines", "cac:CatalogueLine", "skip", many=True))
CATALOGUE = Shape(Catalogue, *_HEAD, Row("lines", "cac:CatalogueLine", many=True, shape=LINE))
LINED = Lined("Catalogue", CATALOGUE_HEAD, "cac:CatalogueLine", LINE)


def read(root: etree._Element) -> Catalogue:
    """The whole catalogue in `root` (UBL Catalogue-2). Raises DocumentRefused."""
    expect_root(root, "Catalogue")
    return cast(Catalogue, read_shape(root, CATALOGUE, Context()))


def read_head(root: etree._Element) -> Catalogue:
    """The catalogue without its lines. Raises DocumentRefused."""
    expect_root(root, "Catalogue")
    return cast(Catalogue, read_shape(root, CATALOGUE_HEAD, Context()))


def lines_of(root: etree._Element) -> Iterator[CatalogueLine]:
    """The lines of an admitted catalogue, one at a time. Raises DocumentRefused at the line that is bad."""
    for element in root.iterchildren(long("cac:CatalogueLine")):
        yield cast(CatalogueLine, read_shape(element, LINE, Context()))


def open_stream(admitted: bytes | BinaryIO) -> tuple[Catalogue, Iterator[CatalogueLine]]:
    """(the catalogue without its lines, its lines one at a time) of what the gate has admitted, without keeping
    the tree in memory. Raises DocumentRefused.
    """
    return streams.read(admitted, LINED)


def iter_lines(admitted: bytes) -> Iterator[CatalogueLine]:
    """The lines of a catalogue whose bytes the gate has admitted, one at a time. Raises DocumentRefused."""
    return open_stream(admitted)[1]


def write_stream(head: Catalogue, lines: Iterable[CatalogueLine]) -> Iterator[bytes]:
    """The catalogue in pieces of UTF-8, with `lines` in place of its own. Raises DocumentRefused."""
    return streams.write(head, lines, LINED, None)


def write(catalogue: Catalogue) -> bytes:
    """The catalogue as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(catalogue, CATALOGUE, "Catalogue", None)
