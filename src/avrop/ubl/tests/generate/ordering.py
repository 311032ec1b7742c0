"""Orders and what answers, changes, takes back or replaces them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from avrop.ubl import build
from avrop.ubl.arithmetic import Sums, signed, sums_of
from avrop.ubl.documents import (
    order,
    order_agreement,
    order_cancellation,
    order_change,
    order_response,
    order_response_advanced,
)
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Quantity
from avrop.ubl.tests.generate import common, values
from avrop.ubl.tests.generate.common import one_of
from avrop.ubl.tests.generate.maker import Fields, Kind, Making, enter

RATES = {"S": ("25", "15", "12", "8.5"), "AE": ("0",), "Z": ("0",), "E": ("0",), "K": ("0",), "G": ("0",)}


def tax_category(making: Making, given: Fields) -> None:
    """A category and a rate that go together."""
    given["id"] = making.rng.choice((*RATES, "O"))
    given["percent"] = Decimal(making.rng.choice(RATES.get(given["id"], ("0",))))
    if given["id"] == "O":
        given.pop("percent")


def price(making: Making, given: Fields) -> None:
    """The gross price is the net price and the discount."""
    discount = given.get("discount")
    if discount is not None:
        amount = values.price(making.rng)
        gross = discount.base_amount is not None
        given["discount"] = replace(
            discount, charge=False, amount=amount, base_amount=given["amount"] + amount if gross else None
        )


def line(making: Making, given: Fields) -> None:
    """The amount of a line follows from quantity, price and the line's charges."""
    rng, quantity = making.rng, given["quantity"]
    charges = given.get("allowance_charges", ())
    if given.get("price") is None:
        given["allowance_charges"] = charges = tuple(_charge(one) for one in charges)
        given["line_extension_amount"] = signed(charges)
        return
    if quantity.value * given["price"].amount > 10**12:
        quantity = given["quantity"] = Quantity(Decimal(1), quantity.unit)
    if given["price"].base_quantity is not None:
        base = Quantity(rng.choice((Decimal(1), Decimal(10), Decimal("0.5"), Decimal(1000))), quantity.unit)
        given["price"] = replace(given["price"], base_quantity=base)
    amount = build.line_amount(quantity.value, given["price"], charges)
    if amount < 0:  # T01-R007
        given["allowance_charges"] = charges = tuple(_charge(one) for one in charges)
        amount = build.line_amount(quantity.value, given["price"], charges)
    given["line_extension_amount"] = amount


def _charge(one: p.AllowanceCharge) -> p.AllowanceCharge:
    """An allowance as a charge."""
    return replace(one, charge=True, reason_code="FC" if one.reason_code else None)


def changed(making: Making, given: Fields) -> None:
    """A line that is deleted is worth nothing."""
    line(making, given)
    if given["status_code"] == order_change.DELETED:
        given["quantity"] = Quantity(Decimal(0), given["quantity"].unit)
        given.pop("allowance_charges", None)
        given["line_extension_amount"] = Decimal("0.00")


def summed(making: Making, document: Any) -> Any:
    """With its sums."""
    whole = build.sum_up_order(document)
    if whole.totals.payable < 0:  # T01-R006
        charges = tuple(_charge(one) for one in document.allowance_charges)
        whole = build.sum_up_order(replace(document, allowance_charges=charges))
    return replace(whole, totals=paid(making, whole.totals))


def paid(making: Making, totals: p.MonetaryTotal) -> p.MonetaryTotal:
    """Now and then something is paid already, or rounded."""
    prepaid = rounding = None
    if making.wants("totals.prepaid"):
        prepaid = min(values.amount(making.rng), totals.payable)
    if making.wants("totals.rounding"):
        rounding = Decimal(making.rng.randint(0, 50)).scaleb(-2)
    payable = totals.payable - (prepaid or 0) + (rounding or 0)
    return replace(totals, prepaid=prepaid, rounding=rounding, payable=payable)


def ordered(making: Making, given: Fields) -> None:
    """The document as a whole, before its sums."""
    given.pop("tax_amount", None)
    given.pop("totals", None)
    if not given.get("quotation_reference"):  # T01-R035
        given["lines"] = tuple(replace(one, quotation_line=None) for one in given["lines"])
    common.numbered(making, given)


def answered(making: Making, given: Fields) -> None:
    """Only an acceptance with changes has lines (T76-R007 to R010)."""
    if making.probing:
        given["code"] = "CA"
    elif given["code"] != "CA":
        given.pop("lines", None)
    common.numbered(making, given)


def agreed(making: Making, document: order_agreement.OrderAgreement) -> order_agreement.OrderAgreement:
    """With VAT and totals, as a seller writes it down."""
    if making.probing:
        return document
    charges = document.allowance_charges
    if _sums(document, charges).payable < 0:  # T110-R005
        charges = tuple(_charge(one) for one in charges)
    subtotals = build.vat_breakdown(
        [(one.item.tax, one.line_extension_amount) for one in document.lines]
        + [(one.tax, signed((one,))) for one in charges]
    )
    tax = sum((one.tax_amount for one in subtotals), Decimal("0.00"))
    totals = _sums(document, charges).totals(with_charges=bool(charges))
    assert totals.tax_exclusive is not None
    inclusive = totals.tax_exclusive + tax
    totals = replace(totals, tax_inclusive=inclusive, payable=inclusive)
    return replace(
        document,
        allowance_charges=charges,
        tax_total=p.TaxTotal(tax, document.currency or "NOK", subtotals) if _some(document) else None,
        totals=paid(making, totals) if document.totals else None,
    )


def _some(document: order_agreement.OrderAgreement) -> bool:
    return document.tax_total is not None or document.totals is not None


def _sums(document: order_agreement.OrderAgreement, charges: tuple[p.AllowanceCharge, ...]) -> Sums:
    return sums_of([(one.item.tax, one.line_extension_amount) for one in document.lines], charges)


def identified(making: Making, given: Fields) -> None:
    """An item has the seller's number or one of GS1's (T110-R002, T77)."""
    if not given.get("standard_id") and not given.get("sellers_id"):
        given["sellers_id"] = values.identifier(making.rng)


VALUES = common.VALUES | {
    "id": values.identifier,
    "issue_time": values.time,
    "type_code": one_of("220", "226", "227", "105"),
    "code": one_of("AB", "AP", "RE", "CA", "CA", "CA"),
    "profile_id": one_of(order.PROFILE, order.PROFILE_ORDER_ONLY, order.PROFILE_ADVANCED),
    "lines.status_code": one_of("1", "3", "5", "7", "42"),
    "Document.mime_code": one_of(*common.MIME[1:]),
    "Document.type_code": one_of("130", "916", "758"),
    "CatalogueItem.conditions": one_of("CT"),
    "Certificate.type_code": one_of("NA"),
    "delivery.shipping_priority": one_of("1", "2", "3", "4"),
    "sequence_number": lambda rng: str(rng.randint(1, 99)),
    "Party.ids": common.party_ids,
}
MENDS = common.MENDS | {
    "TaxCategory": tax_category,
    "allowance_charges": common.allowance,
    "lines.allowance_charges": common.allowance,
    "Price": price,
    "lines": line,
    "": ordered,
}
ALWAYS = frozenset(
    [
        "buyer.endpoint",
        "buyer.legal_name",
        "seller.endpoint",
        "seller.legal_name",
        "validity_end",
        "buyer.address.country",
        "seller.address.country",
        "originator.name",
        "lines.item.name",
        "lines.line_extension_amount",
    ]
)


def _kind(name: str, module: Any, shape: Any, **more: Any) -> Kind:
    return Kind(
        name,
        module,
        shape,
        values=VALUES | more.pop("values", {}),
        mends=MENDS | more.pop("mends", {}),
        always=ALWAYS | more.pop("always", frozenset()),
        most={"lines": 3, "notes": 1},
        finish=more.pop("finish", summed),
        **more,
    )


def _as_it_is(making: Making, document: Any) -> Any:
    return document


KINDS = (
    _kind("order", order, order.ORDER),
    _kind(
        "order_change",
        order_change,
        order_change.ORDER_CHANGE,
        values={
            "lines.status_code": one_of("1", "2", "3", "4", "74"),
            "profile_id": one_of(order_change.PROFILE),
        },
        mends={"lines": changed},
        always=frozenset({"sequence_number"}),
    ),
    _kind(
        "order_cancellation",
        order_cancellation,
        order_cancellation.ORDER_CANCELLATION,
        values={"profile_id": one_of(order_cancellation.PROFILE)},
        mends={"": lambda making, given: None},
        finish=_as_it_is,
    ),
    _kind(
        "order_response",
        order_response,
        order_response.ORDER_RESPONSE,
        values={"profile_id": one_of(order_response.PROFILE)},
        mends={"": answered, "lines": common.together("substitute_id", "substitute")},
        always=frozenset({"code", "lines", "lines.order_line_id", "lines.status_code", "currency"}),
        finish=_as_it_is,
    ),
    _kind(
        "order_response_advanced",
        order_response_advanced,
        order_response_advanced.ORDER_RESPONSE_ADVANCED,
        values={"profile_id": one_of(order_response_advanced.PROFILE)},
        mends={"": answered, "lines": common.together("substitute_id", "substitute")},
        always=frozenset({"code", "lines", "lines.order_line_id", "lines.status_code", "currency"}),
        finish=_as_it_is,
    ),
    _kind(
        "order_agreement",
        order_agreement,
        order_agreement.ORDER_AGREEMENT,
        values={
            "profile_id": one_of(order_agreement.PROFILE),
            "lines.item.documents.type_code": one_of("130", "PRODUCT_IMAGE", "TRADE_ITEM_DESCRIPTION"),
        },
        mends={"": common.numbered, "CatalogueItem": identified},
        finish=agreed,
        always=frozenset({"currency", "lines.price", "lines.item.tax"}),
    ),
)
enter(*KINDS)
