"""What several documents share: parties, addresses, items, prices, allowances, references.

Names follow Peppol and EN 16931; the BT numbers are those of EN 16931-1 as printed in BIS Billing 3.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from avrop.ubl.mapping import DocumentRefused, Identifier, Quantity, Row, Shape


@dataclass(frozen=True, slots=True)
class Address:
    """A postal or delivery address (BG-5, BG-8, BG-15)."""

    street: str | None = None
    additional_street: str | None = None
    city: str | None = None
    postal_zone: str | None = None
    region: str | None = None
    line: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or office to ask (BG-6, BG-9)."""

    name: str | None = None
    telephone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRegistration:
    """A tax number: scheme VAT (BT-31, BT-48) or another such as TAX `Foretaksregisteret` (BT-32)."""

    company_id: str
    scheme: str = "VAT"


@dataclass(frozen=True, slots=True)
class Party:
    """A buyer, seller, invoicee, originator or payee."""

    endpoint: Identifier | None = None
    ids: tuple[Identifier, ...] = ()
    name: str | None = None
    address: Address | None = None
    tax: tuple[TaxRegistration, ...] = ()
    legal_name: str | None = None
    legal_id: Identifier | None = None
    legal_form: str | None = None
    registration_city: str | None = None
    registration_country: str | None = None
    contact: Contact | None = None

    @property
    def vat_id(self) -> str | None:
        """The VAT number, e.g. `NO305218022MVA` (BT-31, BT-48)."""
        return next((t.company_id for t in self.tax if t.scheme == "VAT"), None)

    @property
    def display_name(self) -> str:
        """The name to show: the trading name, else the registered one."""
        return self.name or self.legal_name or ""


@dataclass(frozen=True, slots=True)
class Period:
    """A period; the ends are inclusive. Times are as written (`12:30:00`)."""

    start: date | None = None
    end: date | None = None
    start_time: str | None = None
    end_time: str | None = None
    description_code: str | None = None


@dataclass(frozen=True, slots=True)
class TaxCategory:
    """VAT category (UNCL5305) and rate in percent."""

    id: str | None = None
    percent: Decimal | None = None
    exemption_code: str | None = None
    exemption_reason: str | None = None
    scheme: str | None = "VAT"


@dataclass(frozen=True, slots=True)
class AllowanceCharge:
    """An allowance (`charge` false) or a charge (true), amount without VAT, always positive."""

    charge: bool
    amount: Decimal
    reason_code: str | None = None
    reason: str | None = None
    percent: Decimal | None = None
    base_amount: Decimal | None = None
    tax: TaxCategory | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """Net unit price (BT-146) for `base_quantity` units (BT-149), after the discount (BT-147) on gross."""

    amount: Decimal
    base_quantity: Quantity | None = None
    discount: AllowanceCharge | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """A commodity code (BT-158) in list `list_id` (UNCL7143: `STI` CPV, `TST` UNSPSC ...)."""

    code: str
    list_id: str | None = None
    list_version: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class ItemProperty:
    """A property of an item: name and value (BT-160, BT-161)."""

    name: str
    value: str | None = None
    value_quantity: Quantity | None = None
    qualifier: str | None = None
    name_code: str | None = None
    name_code_list: str | None = None


@dataclass(frozen=True, slots=True)
class ItemInstance:
    """A serial or lot number."""

    serial_id: str | None = None
    lot_id: str | None = None
    best_before: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A reference to another document (BG-24, BT-17, BT-18).

    `content` is the embedded file in base64, as written; `file_bytes()` gives the file.
    """

    id: str
    id_scheme: str | None = None
    type_code: str | None = None
    type: str | None = None
    description: str | None = None
    mime_code: str | None = None
    filename: str | None = None
    uri: str | None = None
    content: str | None = field(default=None, repr=False)

    def file_bytes(self) -> bytes | None:
        """The embedded file. Raises DocumentRefused BAD_BINARY where it is not base64."""
        if self.content is None:
            return None
        try:
            return b64decode("".join(self.content.split()), validate=True)
        except ValueError:
            raise DocumentRefused("BAD_BINARY", id=self.id[:40]) from None


@dataclass(frozen=True, slots=True)
class Item:
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


@dataclass(frozen=True, slots=True)
class MonetaryTotal:
    """Totals of an order or invoice (BG-22), in the document's currency."""

    line_extension: Decimal
    payable: Decimal
    tax_exclusive: Decimal | None = None
    tax_inclusive: Decimal | None = None
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None


ADDRESS = Shape(
    Address,
    Row("street", "cbc:StreetName"),
    Row("additional_street", "cbc:AdditionalStreetName"),
    Row("city", "cbc:CityName"),
    Row("postal_zone", "cbc:PostalZone"),
    Row("region", "cbc:CountrySubentity"),
    Row("line", "cac:AddressLine/cbc:Line"),
    Row("country", "cac:Country/cbc:IdentificationCode"),
)
CONTACT = Shape(
    Contact,
    Row("name", "cbc:Name"),
    Row("telephone", "cbc:Telephone"),
    Row("email", "cbc:ElectronicMail"),
)
TAX_REGISTRATION = Shape(
    TaxRegistration,
    Row("company_id", "cbc:CompanyID"),
    Row("scheme", "cac:TaxScheme/cbc:ID"),
)
PARTY = Shape(
    Party,
    Row("endpoint", "cbc:EndpointID", "identifier"),
    Row("ids", "cac:PartyIdentification*/cbc:ID", "identifier", many=True),
    Row("name", "cac:PartyName/cbc:Name"),
    Row("address", "cac:PostalAddress", shape=ADDRESS),
    Row("tax", "cac:PartyTaxScheme", many=True, shape=TAX_REGISTRATION),
    Row("legal_name", "cac:PartyLegalEntity/cbc:RegistrationName"),
    Row("legal_id", "cac:PartyLegalEntity/cbc:CompanyID", "identifier"),
    Row("legal_form", "cac:PartyLegalEntity/cbc:CompanyLegalForm"),
    Row("registration_city", "cac:PartyLegalEntity/cac:RegistrationAddress/cbc:CityName"),
    Row(
        "registration_country",
        "cac:PartyLegalEntity/cac:RegistrationAddress/cac:Country/cbc:IdentificationCode",
    ),
    Row("contact", "cac:Contact", shape=CONTACT),
)
PERIOD = Shape(
    Period,
    Row("start", "cbc:StartDate", "date"),
    Row("start_time", "cbc:StartTime"),
    Row("end", "cbc:EndDate", "date"),
    Row("end_time", "cbc:EndTime"),
    Row("description_code", "cbc:DescriptionCode"),
)
TAX_CATEGORY = Shape(
    TaxCategory,
    Row("id", "cbc:ID"),
    Row("percent", "cbc:Percent", "decimal"),
    Row("exemption_code", "cbc:TaxExemptionReasonCode"),
    Row("exemption_reason", "cbc:TaxExemptionReason"),
    Row("scheme", "cac:TaxScheme/cbc:ID"),
)
ALLOWANCE_CHARGE = Shape(
    AllowanceCharge,
    Row("charge", "cbc:ChargeIndicator", "boolean"),
    Row("reason_code", "cbc:AllowanceChargeReasonCode"),
    Row("reason", "cbc:AllowanceChargeReason"),
    Row("percent", "cbc:MultiplierFactorNumeric", "decimal"),
    Row("amount", "cbc:Amount", "price"),
    Row("base_amount", "cbc:BaseAmount", "price"),
    Row("tax", "cac:TaxCategory", shape=TAX_CATEGORY),
)
PRICE = Shape(
    Price,
    Row("amount", "cbc:PriceAmount", "price"),
    Row("base_quantity", "cbc:BaseQuantity", "quantity"),
    Row("discount", "cac:AllowanceCharge", shape=ALLOWANCE_CHARGE),
)
CLASSIFICATION = Shape(
    Classification,
    Row("code", "cbc:ItemClassificationCode"),
    Row("list_id", "cbc:ItemClassificationCode/@listID"),
    Row("list_version", "cbc:ItemClassificationCode/@listVersionID"),
    Row("name", "cbc:ItemClassificationCode/@name"),
)
ITEM_PROPERTY = Shape(
    ItemProperty,
    Row("name", "cbc:Name"),
    Row("name_code", "cbc:NameCode"),
    Row("name_code_list", "cbc:NameCode/@listID"),
    Row("value", "cbc:Value"),
    Row("value_quantity", "cbc:ValueQuantity", "quantity"),
    Row("qualifier", "cbc:ValueQualifier"),
)
ITEM_INSTANCE = Shape(
    ItemInstance,
    Row("best_before", "cbc:BestBeforeDate", "date"),
    Row("serial_id", "cbc:SerialID"),
    Row("lot_id", "cac:LotIdentification/cbc:LotNumberID"),
)
DOCUMENT = Shape(
    Document,
    Row("id", "cbc:ID"),
    Row("id_scheme", "cbc:ID/@schemeID"),
    Row("type_code", "cbc:DocumentTypeCode"),
    Row("type", "cbc:DocumentType"),
    Row("description", "cbc:DocumentDescription"),
    Row("content", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"),
    Row("mime_code", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode"),
    Row("filename", "cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@filename"),
    Row("uri", "cac:Attachment/cac:ExternalReference/cbc:URI"),
)
ITEM = Shape(
    Item,
    Row("description", "cbc:Description"),
    Row("name", "cbc:Name"),
    Row("buyers_id", "cac:BuyersItemIdentification/cbc:ID"),
    Row("sellers_id", "cac:SellersItemIdentification/cbc:ID"),
    Row("manufacturers_id", "cac:ManufacturersItemIdentification/cbc:ID"),
    Row("standard_id", "cac:StandardItemIdentification/cbc:ID", "identifier"),
    Row("specifications", "cac:ItemSpecificationDocumentReference*/cbc:ID", many=True),
    Row("origin_country", "cac:OriginCountry/cbc:IdentificationCode"),
    Row("classifications", "cac:CommodityClassification", many=True, shape=CLASSIFICATION),
    Row("tax", "cac:ClassifiedTaxCategory", shape=TAX_CATEGORY),
    Row("properties", "cac:AdditionalItemProperty", many=True, shape=ITEM_PROPERTY),
    Row("instances", "cac:ItemInstance", many=True, shape=ITEM_INSTANCE),
)
MONETARY_TOTAL = Shape(
    MonetaryTotal,
    Row("line_extension", "cbc:LineExtensionAmount", "amount"),
    Row("tax_exclusive", "cbc:TaxExclusiveAmount", "amount"),
    Row("tax_inclusive", "cbc:TaxInclusiveAmount", "amount"),
    Row("allowance_total", "cbc:AllowanceTotalAmount", "amount"),
    Row("charge_total", "cbc:ChargeTotalAmount", "amount"),
    Row("prepaid", "cbc:PrepaidAmount", "amount"),
    Row("rounding", "cbc:PayableRoundingAmount", "amount"),
    Row("payable", "cbc:PayableAmount", "amount"),
)
