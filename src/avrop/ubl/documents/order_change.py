"""Order change, Peppol transaction T114 (BIS Advanced Ordering 3).

T114, T115 and T116 exist under one ProfileID only, `PROFILE` (rules PEPPOL-T114-R031, T115-R031, T116-B00301).
What they change or answer was therefore sent as a T01 with that same ProfileID; its CustomizationID stays that
of every order (`order.CUSTOMIZATION`). The standard asks nothing more of such a T01: a validity end (warning
PEPPOL-T01-R002), and line ids that stay what they are, for a change and an answer name lines by them. A buyer
must receive T116 under this profile, never T76.

A change names the order by its number (`order_reference`), has a number of its own and a running number per
order (`sequence_number`). Line status (UNCL1229 as profiled): 1 added, 2 deleted, 3 changed, 4 no action,
74 opened again. Totals are those of the order as it stands after the change, and must be the sum of the lines
given (R008): so carry every line (4 where nothing happens to it), a deleted one with quantity and amount 0. A
reader takes a line that is not given as untouched. The guide of T114 and UBL's schema want `sequence_number`
always; the rules do not, and what comes without it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import cast

from lxml import etree

from avrop.ubl.documents import order as od
from avrop.ubl.documents import parts as p
from avrop.ubl.mapping import Context, Part, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order_change:3"
PROFILE = od.PROFILE_ADVANCED
ADDED, DELETED, CHANGED, NO_ACTION, REOPENED = "1", "2", "3", "4", "74"


@dataclass(frozen=True, slots=True)
class OrderChangeLine(od.OrderLine):
    """One line as it stands after the change; `status_code` says what happens to it."""

    status_code: str = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class OrderChange(Part):
    """The buyer's wish to change the order `order_reference`. Amounts without VAT in `currency`."""

    id: str
    issue_date: date
    currency: str
    order_reference: str
    buyer: p.Party
    seller: p.Party
    lines: tuple[OrderChangeLine, ...]
    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    sequence_number: str | None = None
    sales_order_id: str | None = None
    issue_time: str | None = None
    notes: tuple[str, ...] = ()
    customer_reference: str | None = None
    accounting_cost: str | None = None
    validity_end: date | None = None
    quotation_reference: str | None = None
    originator_reference: str | None = None
    documents: tuple[p.Document, ...] = ()
    contract_reference: str | None = None
    originator: p.Party | None = None
    invoicee: p.Party | None = None
    delivery: od.Delivery | None = None
    delivery_terms: od.DeliveryTerms | None = None
    payment_terms: str | None = None
    allowance_charges: tuple[p.AllowanceCharge, ...] = ()
    tax_amount: Decimal | None = None
    totals: p.MonetaryTotal | None = None


LINE = Shape(
    OrderChangeLine,
    *od.LINE.rows[:2],
    Row("status_code", "cac:LineItem/cbc:LineStatusCode"),
    *od.LINE.rows[2:],
)
ORDER_CHANGE = Shape(
    OrderChange,
    Row("customization_id", "cbc:CustomizationID"),
    Row("profile_id", "cbc:ProfileID"),
    Row("id", "cbc:ID"),
    Row("sales_order_id", "cbc:SalesOrderID"),
    Row("issue_date", "cbc:IssueDate", "date"),
    Row("issue_time", "cbc:IssueTime"),
    Row("sequence_number", "cbc:SequenceNumberID"),
    Row("notes", "cbc:Note", many=True),
    Row("currency", "cbc:DocumentCurrencyCode", "currency"),
    Row("customer_reference", "cbc:CustomerReference"),
    Row("accounting_cost", "cbc:AccountingCost"),
    Row("validity_end", "cac:ValidityPeriod/cbc:EndDate", "date"),
    Row("order_reference", "cac:OrderReference/cbc:ID"),
    Row("quotation_reference", "cac:QuotationDocumentReference/cbc:ID"),
    Row("originator_reference", "cac:OriginatorDocumentReference/cbc:ID"),
    Row("documents", "cac:AdditionalDocumentReference", many=True, shape=p.DOCUMENT),
    Row("contract_reference", "cac:Contract/cbc:ID"),
    *od.REST,
    Row("lines", "cac:OrderLine", many=True, shape=LINE),
)


def read(root: etree._Element) -> OrderChange:
    """The change in `root` (UBL OrderChange-2). Raises DocumentRefused."""
    expect_root(root, "OrderChange")
    return cast(OrderChange, read_shape(root, ORDER_CHANGE, Context()))


def write(change: OrderChange) -> bytes:
    """The change as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(change, ORDER_CHANGE, "OrderChange", change.currency)
