"""Who: parties, addresses, contacts, periods, references to documents. BT and BG as in EN 16931-1."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from datetime import date

from avrop.ubl.mapping import DocumentRefused, Identifier, Part, Row, Shape


@dataclass(frozen=True, slots=True)
class Address(Part):
    """A postal or delivery address (BG-5, BG-8, BG-15)."""

    street: str | None = None
    additional_street: str | None = None
    city: str | None = None
    postal_zone: str | None = None
    region: str | None = None
    line: str | None = None
    country: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Contact(Part):
    """A person or office to ask (BG-6, BG-9)."""

    name: str | None = None
    telephone: str | None = None
    email: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRegistration(Part):
    """A tax number: scheme VAT (BT-31, BT-48) or another such as TAX `Foretaksregisteret` (BT-32)."""

    company_id: str
    scheme: str = "VAT"


@dataclass(frozen=True, slots=True)
class Party(Part):
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
class Period(Part):
    """A period; the ends are inclusive. Times are as written (`12:30:00`)."""

    start: date | None = None
    end: date | None = None
    start_time: str | None = None
    end_time: str | None = None
    description_code: str | None = None


@dataclass(frozen=True, slots=True)
class Document(Part):
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


ADDRESS = Shape(
    Address,
    Row("id", "cbc:ID"),
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
    Row("id", "cbc:ID"),
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
