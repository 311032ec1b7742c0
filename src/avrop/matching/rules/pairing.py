"""Which order line an invoice line is for: order number and BT-132, then the seller's item id, else none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class _Index:
    """An order's lines by number and by item, so that 10,000 lines are not looked through 10,000 times."""

    by_number: dict[str, OrderLineFacts] = field(default_factory=dict)
    by_item: dict[str, OrderLineFacts | None] = field(default_factory=dict)  # None: several have it

    @classmethod
    def of(cls, order: OrderFacts) -> _Index:
        index = cls()
        for one in order.lines:
            index.by_number.setdefault(str(one.line_no), one)
            if one.seller_item_id:
                several = one.seller_item_id in index.by_item
                index.by_item[one.seller_item_id] = None if several else one
        return index

    def find(self, line: InvoiceLineFacts) -> OrderLineFacts | None:
        """The line with this number, else the one line with this item; two of them leave it to a person."""
        found = self.by_number.get(line.order_line_reference) if line.order_line_reference else None
        return found or (self.by_item.get(line.seller_item_id) if line.seller_item_id else None)


def order_numbers(invoice: InvoiceFacts) -> tuple[str, ...]:
    """Every order that the invoice names, the header's (BT-13) first."""
    named = [invoice.order_reference, *(line.order_reference for line in invoice.lines)]
    return tuple(dict.fromkeys(number for number in named if number))


def pair(invoice: InvoiceFacts, orders: Mapping[str, OrderFacts]) -> tuple[Pair, ...]:
    """Each invoice line with its order line, in the invoice's order."""
    indexes: dict[str, _Index] = {}
    pairs = []
    for line in invoice.lines:
        number = line.order_reference or invoice.order_reference
        order = orders.get(number) if number else None
        if order is None:
            pairs.append(Pair(line, number, problem=UNKNOWN if number else MISSING))
            continue
        if number not in indexes:
            indexes[number] = _Index.of(order)
        found = indexes[number].find(line)
        pairs.append(Pair(line, number, order, found, "" if found else MISSING))
    return tuple(pairs)
