"""Where in a document, in words: a table of places, and every element of a modelled document has words."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

from avrop.kernel.finding import Finding
from avrop.ubl import documents
from avrop.ubl.findings import place_of
from avrop.ubl.mapping import Shape
from avrop.ubl.places import LANGUAGES, field_in_words, has_words, in_words

LINE = "/Invoice/cac:InvoiceLine[3]"
SELLER = "/Invoice/cac:AccountingSupplierParty/cac:Party"
BUYER = "/Order/cac:BuyerCustomerParty/cac:Party"
ORDERED = "/Order/cac:OrderLine[2]/cac:LineItem"
VAT = "/Invoice/cac:TaxTotal/cac:TaxSubtotal[2]"

# path, nynorsk, bokmål, English; written by hand, as a clerk would say it
TABLE = [
    (f"{LINE}/cac:Price/cbc:PriceAmount", "linje 3, pris", "linje 3, pris", "line 3, price"),
    (f"{LINE}", "linje 3", "linje 3", "line 3"),
    ("/Invoice/cac:InvoiceLine/cbc:ID", "linje 1, linjenummer", "linje 1, linjenummer", "line 1, line number"),
    (f"{LINE}/cbc:InvoicedQuantity", "linje 3, fakturert mengd", "linje 3, fakturert mengde",
     "line 3, invoiced quantity"),
    (f"{LINE}/cbc:InvoicedQuantity/@unitCode", "linje 3, fakturert mengd, måleining (unitCode)",
     "linje 3, fakturert mengde, måleenhet (unitCode)", "line 3, invoiced quantity, unit of measure (unitCode)"),
    (f"{LINE}/cbc:LineExtensionAmount", "linje 3, linjebeløp", "linje 3, linjebeløp", "line 3, line amount"),
    (f"{LINE}/cac:Item", "linje 3, vare", "linje 3, vare", "line 3, item"),
    (f"{LINE}/cac:Item/cbc:Name", "linje 3, varenamn", "linje 3, varenavn", "line 3, item name"),
    (f"{LINE}/cac:Item/cbc:Description", "linje 3, varebeskriving", "linje 3, varebeskrivelse",
     "line 3, item description"),
    (f"{LINE}/cac:Item/cac:SellersItemIdentification/cbc:ID", "linje 3, varenummer hos seljaren",
     "linje 3, varenummer hos selgeren", "line 3, seller's item number"),
    (f"{LINE}/cac:Item/cac:StandardItemIdentification/cbc:ID/@schemeID", "linje 3, GTIN, kodesystem (schemeID)",
     "linje 3, GTIN, kodesystem (schemeID)", "line 3, GTIN, scheme (schemeID)"),
    (f"{LINE}/cac:Item/cac:CommodityClassification[2]/cbc:ItemClassificationCode",
     "linje 3, vareklassifisering 2, klassifiseringskode", "linje 3, vareklassifisering 2, klassifiseringskode",
     "line 3, item classification 2, classification code"),
    (f"{LINE}/cac:Item/cac:ClassifiedTaxCategory/cbc:Percent", "linje 3, mva-kategori, sats",
     "linje 3, mva-kategori, sats", "line 3, VAT category, rate"),
    (f"{LINE}/cac:Item/cac:AdditionalItemProperty[4]/cbc:Value", "linje 3, eigenskap 4, verdi",
     "linje 3, egenskap 4, verdi", "line 3, property 4, value"),
    (f"{LINE}/cac:Item/cac:OriginCountry/cbc:IdentificationCode", "linje 3, landkode", "linje 3, landkode",
     "line 3, country code"),
    (f"{LINE}/cac:Price/cbc:BaseQuantity", "linje 3, pris, mengd som prisen gjeld for",
     "linje 3, pris, mengde som prisen gjelder for", "line 3, price, price base quantity"),
    (f"{LINE}/cac:Price/cac:AllowanceCharge/cbc:Amount", "linje 3, pris, rabatt, beløp",
     "linje 3, pris, rabatt, beløp", "line 3, price, discount, amount"),
    (f"{LINE}/cac:Price/cac:AllowanceCharge/cbc:BaseAmount", "linje 3, pris, rabatt, bruttopris",
     "linje 3, pris, rabatt, bruttopris", "line 3, price, discount, gross price"),
    (f"{LINE}/cac:AllowanceCharge[2]/cbc:Amount", "linje 3, frådrag eller gebyr 2, beløp",
     "linje 3, fradrag eller gebyr 2, beløp", "line 3, allowance or charge 2, amount"),
    (f"{LINE}/cac:OrderLineReference/cbc:LineID", "linje 3, linjenummer i bestillinga",
     "linje 3, linjenummer i bestillingen", "line 3, order line number"),
    (f"{LINE}/cac:InvoicePeriod/cbc:StartDate", "linje 3, periode, startdato", "linje 3, periode, startdato",
     "line 3, period, start date"),
    ("/CreditNote/cac:CreditNoteLine[12]/cbc:CreditedQuantity", "linje 12, kreditert mengd",
     "linje 12, kreditert mengde", "line 12, credited quantity"),
    ("/Invoice", "heile meldinga", "hele meldingen", "the whole message"),
    ("/CreditNote", "heile meldinga", "hele meldingen", "the whole message"),
    ("/Invoice/cbc:ID", "fakturanummer", "fakturanummer", "invoice number"),
    ("/Invoice/cbc:IssueDate", "fakturadato", "fakturadato", "invoice date"),
    ("/Invoice/cbc:DueDate", "forfallsdato", "forfallsdato", "due date"),
    ("/Invoice/cbc:Note[2]", "merknad 2", "merknad 2", "note 2"),
    ("/Invoice/cbc:BuyerReference", "kjøparen sin referanse", "kjøperens referanse", "buyer reference"),
    ("/Invoice/cac:OrderReference/cbc:ID", "bestillingsnummer", "bestillingsnummer", "purchase order number"),
    ("/Invoice/cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID", "tidlegare faktura, fakturanummer",
     "tidligere faktura, fakturanummer", "preceding invoice, invoice number"),
    ("/Invoice/cac:AdditionalDocumentReference[2]/cac:Attachment/cbc:EmbeddedDocumentBinaryObject/@mimeCode",
     "vedlegg 2, fil, filtype (mimeCode)", "vedlegg 2, fil, filtype (mimeCode)",
     "attachment 2, file, file type (mimeCode)"),
    (f"{SELLER}", "seljar", "selger", "seller"),
    (f"{SELLER}/cbc:EndpointID", "seljar, elektronisk adresse", "selger, elektronisk adresse",
     "seller, electronic address"),
    (f"{SELLER}/cbc:EndpointID/@schemeID", "seljar, elektronisk adresse, kodesystem (schemeID)",
     "selger, elektronisk adresse, kodesystem (schemeID)", "seller, electronic address, scheme (schemeID)"),
    (f"{SELLER}/cac:PartyName/cbc:Name", "seljar, namn", "selger, navn", "seller, name"),
    (f"{SELLER}/cac:PartyLegalEntity/cbc:CompanyID", "seljar, organisasjonsnummer", "selger, organisasjonsnummer",
     "seller, registration number"),
    (f"{SELLER}/cac:PartyLegalEntity/cbc:RegistrationName", "seljar, registrert namn", "selger, registrert navn",
     "seller, registered name"),
    (f"{SELLER}/cac:PartyTaxScheme/cbc:CompanyID", "seljar, mva-nummer", "selger, mva-nummer",
     "seller, VAT number"),
    (f"{SELLER}/cac:PartyTaxScheme[2]/cbc:CompanyID", "seljar, avgiftsregistrering 2, mva-nummer",
     "selger, avgiftsregistrering 2, mva-nummer", "seller, tax registration 2, VAT number"),
    (f"{SELLER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode", "seljar, adresse, landkode",
     "selger, adresse, landkode", "seller, address, country code"),
    (f"{SELLER}/cac:PostalAddress/cac:Country", "seljar, adresse, land", "selger, adresse, land",
     "seller, address, country"),
    (f"{SELLER}/cac:PostalAddress/cbc:PostalZone", "seljar, adresse, postnummer", "selger, adresse, postnummer",
     "seller, address, postcode"),
    (f"{SELLER}/cac:Contact/cbc:ElectronicMail", "seljar, kontakt, e-post", "selger, kontakt, e-post",
     "seller, contact, e-mail"),
    ("/Invoice/cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:StreetName", "kjøpar, adresse, gate",
     "kjøper, adresse, gate", "buyer, address, street"),
    ("/Order/cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name", "fakturamottakar, namn",
     "fakturamottaker, navn", "invoice recipient, name"),
    ("/Invoice/cac:PayeeParty/cac:PartyName/cbc:Name", "betalingsmottakar, namn", "betalingsmottaker, navn",
     "payee, name"),
    ("/Invoice/cac:TaxRepresentativeParty/cac:PostalAddress", "avgiftsrepresentant, adresse",
     "avgiftsrepresentant, adresse", "tax representative, address"),
    ("/Invoice/cac:Delivery/cbc:ActualDeliveryDate", "levering, leveringsdato", "levering, leveringsdato",
     "delivery, actual delivery date"),
    ("/Invoice/cac:Delivery/cac:DeliveryLocation/cac:Address/cbc:CityName", "levering, adresse, poststad",
     "levering, adresse, poststed", "delivery, address, city"),
    ("/Invoice/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "betaling, kontonummer",
     "betaling, kontonummer", "payment, account number"),
    ("/Invoice/cac:PaymentMeans[2]/cbc:PaymentID", "betaling 2, betalingsreferanse (KID)",
     "betaling 2, betalingsreferanse (KID)", "payment 2, payment reference (KID)"),
    ("/Invoice/cac:PaymentTerms/cbc:Note", "betalingsvilkår", "betalingsbetingelser", "payment terms"),
    ("/Invoice/cac:AllowanceCharge[2]", "frådrag eller gebyr 2", "fradrag eller gebyr 2", "allowance or charge 2"),
    ("/Invoice/cac:AllowanceCharge[2]/cac:TaxCategory/cbc:ID", "frådrag eller gebyr 2, mva-kategori, kode",
     "fradrag eller gebyr 2, mva-kategori, kode", "allowance or charge 2, VAT category, code"),
    ("/Invoice/cac:TaxTotal/cbc:TaxAmount", "mva-beløp", "mva-beløp", "VAT amount"),
    ("/Invoice/cac:TaxTotal", "mva", "mva", "VAT"),
    (f"{VAT}", "mva-oppstilling 2", "mva-oppstilling 2", "VAT breakdown 2"),
    (f"{VAT}/cbc:TaxableAmount", "mva-oppstilling 2, mva-grunnlag", "mva-oppstilling 2, mva-grunnlag",
     "VAT breakdown 2, VAT base"),
    (f"{VAT}/cac:TaxCategory/cbc:TaxExemptionReason", "mva-oppstilling 2, mva-kategori, grunn til mva-fritak",
     "mva-oppstilling 2, mva-kategori, grunn til mva-fritak",
     "VAT breakdown 2, VAT category, VAT exemption reason"),
    ("/Invoice/cac:LegalMonetaryTotal", "sum", "sum", "totals"),
    ("/Invoice/cac:LegalMonetaryTotal/cbc:PayableAmount", "å betale", "å betale", "amount due"),
    ("/Invoice/cac:LegalMonetaryTotal/cbc:LineExtensionAmount", "sum av linjene", "sum av linjene", "sum of lines"),
    ("/Order/cbc:ID", "ordrenummer", "ordrenummer", "order number"),
    (f"{BUYER}/cac:PartyIdentification/cbc:ID", "kjøpar, identifikator", "kjøper, identifikator",
     "buyer, identifier"),
    (f"{ORDERED}/cbc:Quantity", "linje 2, mengd", "linje 2, mengde", "line 2, quantity"),
    (f"{ORDERED}/cac:Delivery/cac:RequestedDeliveryPeriod/cbc:EndDate",
     "linje 2, levering, ønskt leveringstid, sluttdato", "linje 2, levering, ønsket leveringstid, sluttdato",
     "line 2, delivery, requested delivery period, end date"),
    ("/OrderResponse/cac:OrderLine[2]/cac:LineItem/cbc:LineStatusCode", "linje 2, linjestatus",
     "linje 2, linjestatus", "line 2, line status"),
    ("/OrderResponse/cac:OrderLine[2]/cac:SellerSubstitutedLineItem/cac:Item/cbc:Name",
     "linje 2, erstatningsvare frå seljaren, varenamn", "linje 2, erstatningsvare fra selgeren, varenavn",
     "line 2, the seller's substitute, item name"),
    ("/ApplicationResponse/cac:DocumentResponse/cac:Response/cac:Status[2]/cbc:StatusReasonCode",
     "svar, status 2, grunnkode", "svar, status 2, grunnkode", "response, status 2, reason code"),
    ("/Catalogue/cac:CatalogueLine[10000]/cac:RequiredItemLocationQuantity/cac:Price/cbc:PriceAmount",
     "linje 10000, pris", "linje 10000, pris", "line 10000, price"),
    ("/DespatchAdvice/cac:DespatchLine[2]/cbc:DeliveredQuantity", "linje 2, levert mengd",
     "linje 2, levert mengde", "line 2, delivered quantity"),
    ("/Invoice/cac:Strange[2]/cbc:Odd", "Strange 2, Odd", "Strange 2, Odd", "Strange 2, Odd"),
    ("/Elsewhere/cbc:ID", "nummer", "nummer", "number"),
    ("", "", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("path", "nn", "nb", "en"), TABLE, ids=[row[0] or "none" for row in TABLE])
def test_a_place_is_said_as_a_clerk_would_say_it(path: str, nn: str, nb: str, en: str) -> None:
    assert len(TABLE) >= 60
    assert [in_words(path, language) for language in LANGUAGES] == [nn, nb, en]
    assert place_of(Finding("X", "fatal", path), "nb") == nb


def test_a_language_that_we_do_not_speak_reads_english() -> None:
    assert in_words("/Invoice/cbc:DueDate", "de") == "due date"


def test_a_field_is_called_by_its_word_and_its_ubl_name() -> None:
    assert field_in_words("/Order/cac:BuyerCustomerParty", "nn") == "kjøpar (BuyerCustomerParty)"
    assert field_in_words("/Order/cac:BuyerCustomerParty/cac:Party", "en") == "buyer (Party)"
    assert field_in_words("/Order/cbc:Foo", "nb") == "Foo"


def _steps() -> Iterator[str]:
    """Every element and attribute that the table of some document names."""
    for module in pkgutil.iter_modules(documents.__path__, documents.__name__ + "."):
        for shape in vars(importlib.import_module(module.name)).values():
            if isinstance(shape, Shape):
                yield from _of(shape)


def _of(shape: Shape) -> Iterator[str]:
    for row in shape.rows:
        yield from re.findall(r"(?:c[ab]c:|(?=@))(@?\w+)", row.path)
        if row.shape is not None:
            yield from _of(row.shape)


def test_no_element_of_a_modelled_document_lacks_words() -> None:
    found = set(_steps())
    assert len(found) > 150
    assert sorted(name for name in found if not has_words(name)) == []
