"""Invoice and credit note: EN 16931 in UBL, as profiled by Peppol BIS Billing 3 (= EHF Invoice 3).

One dataclass serves both roots; `credit_note` tells which. BT numbers are those of EN 16931-1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO, cast

from lxml import etree

from avrop.ubl import streams
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.parts import TaxSubtotal as TaxSubtotal
from avrop.ubl.documents.parts import TaxTotal as TaxTotal
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

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"


@dataclass(frozen=True, slots=True)
class Preceding(Part):
    """The invoice that this one corrects or credits (BT-25, BT-26)."""

    id: str
    issue_date: date | None = None


@dataclass(frozen=True, slots=True)
class Delivery(Part):
    """What was delivered when and where (BG-13)."""

    date: date | None = None
    location_id: Identifier | None = None
    address: p.Address | None = None
    party_name: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentMeans(Part):
    """How to pay (BG-16). `payment_id` is BT-83: in Norway the KID. `account_id` is BT-84 (BBAN or IBAN)."""

    code: str
    code_name: str | None = None
    due_date: date | None = None
    payment_id: str | None = None
    card_number: str | None = None
    card_network: str | None = None
    card_holder: str | None = None
    account_id: str | None = None
    account_name: str | None = None
    branch_id: str | None = None
    mandate_id: str | None = None
    payer_account: str | None = None


@dataclass(frozen=True, slots=True)
class InvoiceLine(Part):
    """A line (BG-25). `order_line` is BT-132; `order_id` an order named on the line (UBL, outside BIS).

    `quantity` is positive on a credit note: what is credited.
    """

    id: str
    quantity: Quantity
    line_extension_amount: Decimal
    item: p.Item
    price: p.Price
    note: str | None = None
    accounting_cost: str | None = None
    period: p.Period | None = None
    order_line: str | None = None
    order_id: str | None = None
    object_id: Identifier | None = None
    object_type_code: str | None = None
    allowance_charges: tuple[p.AllowanceCharge, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoice(Part):
    """An invoice (BT-3 380 ...) or credit note (381 ...). Amounts in `currency`."""

    id: str
    issue_date: date
    currency: str
    seller: p.Party
    buyer: p.Party
    totals: p.MonetaryTotal
    lines: tuple[InvoiceLine, ...]
    type_code: str = "380"
    credit_note: bool = False
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    due_date: date | None = None
    notes: tuple[str, ...] = ()
    tax_point_date: date | None = None
    tax_currency: str | None = None
    accounting_cost: str | None = None
    buyer_reference: str | None = None
    period: p.Period | None = None
    order_reference: str | None = None
    sales_order_id: str | None = None
    preceding: tuple[Preceding, ...] = ()
    despatch_reference: str | None = None
    receipt_reference: str | None = None
    originator_reference: str | None = None
    contract_reference: str | None = None
    documents: tuple[p.Document, ...] = ()
    project_reference: str | None = None
    payee: p.Party | None = None
    tax_representative: p.Party | None = None
    delivery: Delivery | None = None
    payment_means: tuple[PaymentMeans, ...] = ()
    payment_terms: str | None = None
    allowance_charges: tuple[p.AllowanceCharge, ...] = ()
    tax_totals: tuple[TaxTotal, ...] = ()

    @property
    def pay_by(self) -> date | None:
        """The due date (BT-9), which a credit note carries among its payment means."""
        return self.due_date or next((m.due_date for m in self.payment_means if m.due_date), None)

    @property
    def kid(self) -> str | None:
        """Remittance information (BT-83): in Norway usually the KID."""
        return next((m.payment_id for m in self.payment_means if m.payment_id), None)

    @property
    def account(self) -> str | None:
        """The account to pay to (BT-84), as written."""
        return next((m.account_id for m in self.payment_means if m.account_id), None)

    @property
    def tax_total(self) -> TaxTotal | None:
        """The VAT total in the invoice's currency (BT-110)."""
        return next((t for t in self.tax_totals if t.currency == self.currency), None)

    @property
    def document_type(self) -> str:
        """`invoice` or `credit_note`."""
        return "credit_note" if self.credit_note else "invoice"


PAYMENT_MEANS = Shape(
    PaymentMeans,
    Row("code", "cbc:PaymentMeansCode"),
    Row("code_name", "cbc:PaymentMeansCode/@name"),
    Row("due_date", "cbc:PaymentDueDate", "date"),
    Row("payment_id", "cbc:PaymentID"),
    Row("card_number", "cac:CardAccount/cbc:PrimaryAccountNumberID"),
    Row("card_network", "cac:CardAccount/cbc:NetworkID"),
    Row("card_holder", "cac:CardAccount/cbc:HolderName"),
    Row("account_id", "cac:PayeeFinancialAccount/cbc:ID"),
    Row("account_name", "cac:PayeeFinancialAccount/cbc:Name"),
    Row("branch_id", "cac:PayeeFinancialAccount/cac:FinancialInstitutionBranch/cbc:ID"),
    Row("mandate_id", "cac:PaymentMandate/cbc:ID"),
    Row("payer_account", "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
)
DELIVERY = Shape(
    Delivery,
    Row("date", "cbc:ActualDeliveryDate", "date"),
    Row("location_id", "cac:DeliveryLocation/cbc:ID", "identifier"),
    Row("address", "cac:DeliveryLocation/cac:Address", shape=p.ADDRESS),
    Row("party_name", "cac:DeliveryParty/cac:PartyName/cbc:Name"),
)
PRECEDING = Shape(
    Preceding,
    Row("id", "cac:InvoiceDocumentReference/cbc:ID"),
    Row("issue_date", "cac:InvoiceDocumentReference/cbc:IssueDate", "date"),
)


def _line(quantity: str) -> Shape:
    return Shape(
        InvoiceLine,
        Row("id", "cbc:ID"),
        Row("note", "cbc:Note"),
        Row("quantity", f"cbc:{quantity}", "quantity"),
        Row("line_extension_amount", "cbc:LineExtensionAmount", "amount"),
        Row("accounting_cost", "cbc:AccountingCost"),
        Row("period", "cac:InvoicePeriod", shape=p.PERIOD),
        Row("order_line", "cac:OrderLineReference/cbc:LineID"),
        Row("order_id", "cac:OrderLineReference/cac:OrderReference/cbc:ID"),
        Row("object_id", "cac:DocumentReference/cbc:ID", "identifier"),
        Row("object_type_code", "cac:DocumentReference/cbc:DocumentTypeCode"),
        Row("allowance_charges", "cac:AllowanceCharge", many=True, shape=p.ALLOWANCE_CHARGE),
        Row("item", "cac:Item", shape=p.ITEM),
        Row("price", "cac:Price", shape=p.PRICE),
    )


_NOTES = Row("notes", "cbc:Note", many=True)
_TAX_POINT = Row("tax_point_date", "cbc:TaxPointDate", "date")
_ORIGINATOR = Row("originator_reference", "cac:OriginatorDocumentReference/cbc:ID")
_TOP = (
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("issue_date", "cbc:IssueDate", "date"),
)
_REFERENCES = (
    Row("currency", "cbc:DocumentCurrencyCode", "currency"),
    Row("tax_currency", "cbc:TaxCurrencyCode"),
    Row("accounting_cost", "cbc:AccountingCost"),
    Row("buyer_reference", "cbc:BuyerReference"),
    Row("period", "cac:InvoicePeriod", shape=p.PERIOD),
    Row("order_reference", "cac:OrderReference/cbc:ID"),
    Row("sales_order_id", "cac:OrderReference/cbc:SalesOrderID"),
    Row("preceding", "cac:BillingReference", many=True, shape=PRECEDING),
    Row("despatch_reference", "cac:DespatchDocumentReference/cbc:ID"),
    Row("receipt_reference", "cac:ReceiptDocumentReference/cbc:ID"),
)
_CONTRACT = (
    Row("contract_reference", "cac:ContractDocumentReference/cbc:ID"),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
)
_REST = (
    Row("seller", "cac:AccountingSupplierParty/cac:Party", shape=p.PARTY),
    Row("buyer", "cac:AccountingCustomerParty/cac:Party", shape=p.PARTY),
    Row("payee", "cac:PayeeParty", shape=p.PARTY),
    Row("tax_representative", "cac:TaxRepresentativeParty", shape=p.PARTY),
    Row("delivery", "cac:Delivery", shape=DELIVERY),
    Row("payment_means", "cac:PaymentMeans", many=True, shape=PAYMENT_MEANS),
    Row("payment_terms", "cac:PaymentTerms/cbc:Note"),
    Row("allowance_charges", "cac:AllowanceCharge", many=True, shape=p.ALLOWANCE_CHARGE),
    Row("tax_totals", "cac:TaxTotal", many=True, shape=p.TAX_TOTAL),
    Row("totals", "cac:LegalMonetaryTotal", shape=p.MONETARY_TOTAL),
)
INVOICE = Shape(
    Invoice,
    *_TOP,
    Row("due_date", "cbc:DueDate", "date"),
    Row("type_code", "cbc:InvoiceTypeCode"),
    _NOTES,
    _TAX_POINT,
    *_REFERENCES,
    _ORIGINATOR,
    *_CONTRACT,
    Row("project_reference", "cac:ProjectReference/cbc:ID"),
    *_REST,
    Row("lines", "cac:InvoiceLine", many=True, shape=_line("InvoicedQuantity")),
)
CREDIT_NOTE = Shape(
    Invoice,
    *_TOP,
    _TAX_POINT,
    Row("type_code", "cbc:CreditNoteTypeCode"),
    _NOTES,
    *_REFERENCES,
    *_CONTRACT,
    _ORIGINATOR,
    *_REST,
    Row("lines", "cac:CreditNoteLine", many=True, shape=_line("CreditedQuantity")),
)


_LINED = {
    "Invoice": Lined(
        "Invoice",
        Shape(Invoice, *INVOICE.rows[:-1], Row("lines", "cac:InvoiceLine", "skip", many=True)),
        "cac:InvoiceLine",
        _line("InvoicedQuantity"),
    ),
    "CreditNote": Lined(
        "CreditNote",
        Shape(Invoice, *CREDIT_NOTE.rows[:-1], Row("lines", "cac:CreditNoteLine", "skip", many=True)),
        "cac:CreditNoteLine",
        _line("CreditedQuantity"),
    ),
}


def read(root: etree._Element) -> Invoice:
    """The invoice or credit note in `root`. Raises DocumentRefused."""
    credit_note = expect_root(root, "Invoice", "CreditNote") == "CreditNote"
    shape = CREDIT_NOTE if credit_note else INVOICE
    return cast(Invoice, read_shape(root, shape, Context(), credit_note=credit_note))


def write(invoice: Invoice) -> bytes:
    """The invoice or credit note as UBL in UTF-8. Raises DocumentRefused.

    A credit note has no place for a due date or project reference of its own (use `PaymentMeans.due_date`).
    """
    if invoice.credit_note:
        return write_document(invoice, CREDIT_NOTE, "CreditNote", invoice.currency)
    return write_document(invoice, INVOICE, "Invoice", invoice.currency)


def open_stream(
    admitted: bytes | BinaryIO, *, credit_note: bool = False
) -> tuple[Invoice, Iterator[InvoiceLine]]:
    """(the invoice without its lines, its lines one at a time) of what the gate has admitted, without keeping
    the tree in memory. Raises DocumentRefused.
    """
    return streams.read(admitted, _LINED["CreditNote" if credit_note else "Invoice"], credit_note=credit_note)


def write_stream(head: Invoice, lines: Iterable[InvoiceLine]) -> Iterator[bytes]:
    """The invoice or credit note in pieces of UTF-8, with `lines` in place of its own. Raises DocumentRefused."""
    return streams.write(head, lines, _LINED["CreditNote" if head.credit_note else "Invoice"], head.currency)
