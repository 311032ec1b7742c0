"""For how much: VAT categories, allowances and charges, prices, totals. BT and BG as in EN 16931-1."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from avrop.ubl.mapping import Part, Quantity, Row, Shape


@dataclass(frozen=True, slots=True)
class TaxCategory(Part):
    """VAT category (UNCL5305) and rate in percent."""

    id: str | None = None
    percent: Decimal | None = None
    exemption_code: str | None = None
    exemption_reason: str | None = None
    scheme: str | None = "VAT"


@dataclass(frozen=True, slots=True)
class AllowanceCharge(Part):
    """An allowance (`charge` false) or a charge (true), amount without VAT, always positive."""

    charge: bool
    amount: Decimal
    reason_code: str | None = None
    reason: str | None = None
    percent: Decimal | None = None
    base_amount: Decimal | None = None
    tax: TaxCategory | None = None


@dataclass(frozen=True, slots=True)
class Price(Part):
    """Net unit price (BT-146) for `base_quantity` units (BT-149), after the discount (BT-147) on gross."""

    amount: Decimal
    base_quantity: Quantity | None = None
    discount: AllowanceCharge | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class MonetaryTotal(Part):
    """Totals of an order or invoice (BG-22), in the document's currency."""

    line_extension: Decimal
    payable: Decimal
    tax_exclusive: Decimal | None = None
    tax_inclusive: Decimal | None = None
    allowance_total: Decimal | None = None
    charge_total: Decimal | None = None
    prepaid: Decimal | None = None
    rounding: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TaxSubtotal(Part):
    """VAT of one category and rate (BG-23)."""

    taxable_amount: Decimal
    tax_amount: Decimal
    category: TaxCategory


@dataclass(frozen=True, slots=True)
class TaxTotal(Part):
    """VAT total (BT-110), or the same in the accounting currency (BT-111) without subtotals."""

    amount: Decimal
    currency: str
    subtotals: tuple[TaxSubtotal, ...] = ()


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
    Row("reason", "cbc:AllowanceChargeReason", first=True),
    Row("percent", "cbc:MultiplierFactorNumeric", "decimal"),
    Row("amount", "cbc:Amount", "price"),
    Row("base_amount", "cbc:BaseAmount", "price"),
    Row("tax", "cac:TaxCategory", shape=TAX_CATEGORY),
)
PRICE = Shape(
    Price,
    Row("amount", "cbc:PriceAmount", "price"),
    Row("base_quantity", "cbc:BaseQuantity", "quantity"),
    Row("type", "cbc:PriceType"),
    Row("discount", "cac:AllowanceCharge", shape=ALLOWANCE_CHARGE),
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
TAX_SUBTOTAL = Shape(
    TaxSubtotal,
    Row("taxable_amount", "cbc:TaxableAmount", "amount"),
    Row("tax_amount", "cbc:TaxAmount", "amount"),
    Row("category", "cac:TaxCategory", shape=TAX_CATEGORY),
)
TAX_TOTAL = Shape(
    TaxTotal,
    Row("amount", "cbc:TaxAmount", "decimal"),
    Row("currency", "cbc:TaxAmount/@currencyID"),
    Row("subtotals", "cac:TaxSubtotal", many=True, shape=TAX_SUBTOTAL),
)
