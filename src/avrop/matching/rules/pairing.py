"""Which order line an invoice line is for: order number and BT-132, then the seller's item id, else none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avrop.invoicing.facts import InvoiceFacts, InvoiceLineFacts
from avrop.ordering.facts import OrderFacts, OrderLineFacts

MISSING, UNKNOWN = "missing", "unknown"


@dataclass(frozen=True, slots=True)
class Pair:
    """An invoice line, the order it names and the order line found; `problem` says why there is none."""

    line: InvoiceLineFacts
    number: str
    order: OrderFacts | None = None
    order_line: OrderLineFacts | None = None
    problem: str = ""


def order_numbers(invoice: InvoiceFacts) -> tuple[str, ...]:
    """Every order that the invoice names, the header's (BT-13) first."""
    named = [invoice.order_reference, *(line.order_reference for line in invoice.lines)]
    return tuple(dict.fromkeys(number for number in named if number))


def pair(invoice: InvoiceFacts, orders: Mapping[str, OrderFacts]) -> tuple[Pair, ...]:
    """Each invoice line with its order line, in the invoice's order."""
    return tuple(
        _pair(line, line.order_reference or invoice.order_reference, orders) for line in invoice.lines
    )


def _pair(line: InvoiceLineFacts, number: str, orders: Mapping[str, OrderFacts]) -> Pair:
    if not number:
        return Pair(line, "", problem=MISSING)
    order = orders.get(number)
    if order is None:
        return Pair(line, number, problem=UNKNOWN)
    found = _by_number(line, order) or _by_item(line, order)
    return Pair(line, number, order, found, "" if found else MISSING)


def _by_number(line: InvoiceLineFacts, order: OrderFacts) -> OrderLineFacts | None:
    reference = line.order_line_reference
    return next((one for one in order.lines if str(one.line_no) == reference), None) if reference else None


def _by_item(line: InvoiceLineFacts, order: OrderFacts) -> OrderLineFacts | None:
    """The one line of the order with this item; two of them leave it to a person."""
    if not line.seller_item_id:
        return None
    same = [one for one in order.lines if one.seller_item_id == line.seller_item_id]
    return same[0] if len(same) == 1 else None
