"""Order, change and cancellation XML -> sales order rows. Nothing of the buyer's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from avrop.kernel.finding import Refusal
from avrop.kernel.identifiers import orgnr_of
from avrop.kernel.money import (
    MICRO,
    from_micro,
    line_amount,
    quantity_from_micro,
    to_micro,
    to_minor,
    vat_by_rate,
)
from avrop.portal.facts import (
    SalesLine,
    SalesOrderFacts,
)
from avrop.portal.rules.selling import ORDER_ONLY
from avrop.ubl.documents import order, order_change
from avrop.ubl.documents import parts as p
from avrop.ubl.kinds import Identifier, Quantity

_INT64 = 2**63


# --- an order in ----------------------------------------------------------------------------------


def order_values(document: order.Order) -> dict[str, Any]:
    """The columns of a SalesOrder that come from the document.

    Raises Refusal ORDER_FIELD_TOO_LONG, ORDER_NUMBER_TOO_LARGE or ORDER_WITHOUT_BUYER_ENDPOINT.
    """
    buyer = document.buyer
    if buyer.endpoint is None:
        raise Refusal("ORDER_WITHOUT_BUYER_ENDPOINT", order=document.id[:40])
    endpoint = str(buyer.endpoint)
    where = document.delivery
    return {
        "number": fit(document.id, 100, "ID"),
        "profile_id": fit(document.profile_id, 200, "ProfileID"),
        "buyer_endpoint": fit(endpoint, 80, "EndpointID"),
        "buyer_name": fit(buyer.legal_name or buyer.display_name, 200, "RegistrationName"),
        "buyer_orgnr": _buyer_orgnr(buyer, endpoint),
        "buyer_reference": fit(document.customer_reference or "", 100, "CustomerReference"),
        "buyer_address": _address(buyer.address),
        "delivery": _delivery(where),
        "marking": fit((where.shipping_marks or "") if where else "", 200, "ShippingMarks"),
        "contract": fit(document.contract_reference or "", 100, "Contract/ID"),
        "note": "\n".join(document.notes),
        "response_wanted": document.profile_id != ORDER_ONLY,
        "currency": fit(document.currency, 3, "DocumentCurrencyCode"),
        "issue_date": document.issue_date,
    }


def _buyer_orgnr(buyer: p.Party, endpoint: str) -> str:
    if buyer.legal_id is not None:
        return fit(buyer.legal_id.value, 20, "CompanyID")
    return orgnr_of(endpoint) or ""


def _address(address: p.Address | None) -> dict[str, str]:
    if address is None:
        return {}
    values = {
        "street": address.street,
        "additional_street": address.additional_street,
        "city": address.city,
        "postal_zone": address.postal_zone,
        "country": address.country,
    }
    return {key: value for key, value in values.items() if value}


def _delivery(where: order.Delivery | None) -> dict[str, str]:
    if where is None:
        return {}
    result = _address(where.address)
    name = where.location_name or (where.party.display_name if where.party else "")
    if name:
        result["name"] = name
    if where.period and where.period.start:
        result["from"] = where.period.start.isoformat()
    if where.period and where.period.end:
        result["to"] = where.period.end.isoformat()
    return result


def line_values(document: order.Order) -> list[dict[str, Any]]:
    """The columns of each SalesOrderLine, in the order of the document."""
    return [_line(position, line) for position, line in enumerate(document.lines, 1)]


def _line(position: int, line: order.OrderLine) -> dict[str, Any]:
    item, price = line.item, line.price
    quantity = _micro(line.quantity.value, line.id)
    amount = _micro(price.amount, line.id) if price else 0
    base = _micro(price.base_quantity.value, line.id) if price and price.base_quantity else MICRO
    base = base if base > 0 else MICRO
    stated = line.line_extension_amount
    net = line_amount(quantity, amount, base) if stated is None else to_minor(stated)
    tax = item.tax
    rate = to_minor(tax.percent) if tax and tax.percent is not None else 0
    return {
        "position": position,
        "line_id": fit(line.id, 60, "LineItem/ID"),
        "seller_item_id": fit(item.sellers_id or "", 100, "SellersItemIdentification"),
        "name": item.name or item.description or "",
        "description": (item.description or "") if item.name else "",
        "note": line.note or "",
        "quantity": quantity,
        "unit_code": fit(line.quantity.unit or "", 3, "unitCode"),
        "price": amount,
        "base_quantity": base,
        "net": _whole(net, line.id),
        "vat_category": fit((tax.id or "") if tax else "", 2, "ClassifiedTaxCategory/ID"),
        "vat_rate": _whole(rate, line.id, 2**31),
        # What has no number in anybody's catalogue was described in words.
        "free_text": item.sellers_id is None and item.standard_id is None,
    }


def totals(lines: Sequence[Mapping[str, Any]]) -> tuple[int, int, int]:
    """(net, VAT, gross) in øre of lines as `line_values` gives them."""
    net = sum(line["net"] for line in lines)
    rates = vat_by_rate([(line["vat_category"], line["vat_rate"], line["net"]) for line in lines])
    vat = sum(part for _, part in rates.values())
    return net, vat, _whole(net + vat, "total")


def fit(text: str, longest: int, field: str) -> str:
    """`text` when it can be kept whole. Raises Refusal ORDER_FIELD_TOO_LONG."""
    if len(text) > longest:
        raise Refusal("ORDER_FIELD_TOO_LONG", field=field, longest=longest)
    return text


def _micro(value: Decimal, line: str) -> int:
    return _whole(to_micro(value), line)


def _whole(value: int, line: str, limit: int = _INT64) -> int:
    if abs(value) >= limit:
        raise Refusal("ORDER_NUMBER_TOO_LARGE", line=line[:40])
    return value


def change_header(document: order_change.OrderChange, facts: SalesOrderFacts) -> dict[str, Any]:
    """What a change wants outside the lines that the order does not have already."""
    asked: dict[str, Any] = {}
    if document.delivery is not None:
        asked["delivery"] = _delivery(document.delivery)
        asked["marking"] = fit(document.delivery.shipping_marks or "", 200, "ShippingMarks")
    if document.customer_reference:
        asked["buyer_reference"] = fit(document.customer_reference, 100, "CustomerReference")
    return {name: value for name, value in asked.items() if value and value != getattr(facts, name)}


def change_line_values(document: order_change.OrderChange) -> list[dict[str, Any]]:
    """The columns of each SalesChangeLine that come from the document."""
    return [
        {**_line(position, line), "action": fit(line.status_code, 2, "LineStatusCode")}
        for position, line in enumerate(document.lines, 1)
    ]


def participant(endpoint: str) -> Identifier:
    """`0192:305218022` as a document writes it."""
    scheme, _, value = endpoint.partition(":")
    return Identifier(value, scheme)


def quantity_of(micro: int, line: SalesLine) -> Quantity:
    """A scaled quantity in the line's own unit."""
    return Quantity(quantity_from_micro(micro), line.unit_code)


def price_of(line: SalesLine, micro: int) -> p.Price:
    """A scaled price, for the number of units that the order's price was for."""
    base = None if line.base_quantity == MICRO else quantity_of(line.base_quantity, line)
    return p.Price(amount=from_micro(micro), base_quantity=base)
