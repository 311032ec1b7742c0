"""Order response advanced, Peppol transaction T116 (BIS Advanced Ordering 3).

The seller's answer to an order (T01), a change (T114: then `order_change_reference` names it) or a cancellation
(T115: it has no reference of its own, the order's is all there is) under the advanced ordering ProfileID; see
`order_change`. Lines and codes are those of T76: what acts on one acts on the other. AB, AP and RE carry no
lines (PEPPOL-T116-R008 to R010), CA carries at least one (R007), and a currency is always given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from lxml import etree

from avrop.ubl.documents import order_response as base
from avrop.ubl.documents.order import PROFILE_ADVANCED
from avrop.ubl.mapping import Context, Row, Shape, expect_root, read_shape, write_document

CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order_response_advanced:3"
PROFILE = PROFILE_ADVANCED
OrderResponseLine = base.OrderResponseLine


@dataclass(frozen=True, slots=True)
class OrderResponseAdvanced(base.OrderResponse):
    """As OrderResponse. `order_change_reference`: the id of the change (T114) it answers, else None."""

    customization_id: str = CUSTOMIZATION
    profile_id: str = PROFILE
    order_change_reference: str | None = None


_AT = [row.field for row in base.ORDER_RESPONSE.rows].index("order_reference") + 1
ORDER_RESPONSE_ADVANCED = Shape(
    OrderResponseAdvanced,
    *base.ORDER_RESPONSE.rows[:_AT],
    Row("order_change_reference", "cac:OrderChangeDocumentReference/cbc:ID"),
    *base.ORDER_RESPONSE.rows[_AT:],
)


def read(root: etree._Element) -> OrderResponseAdvanced:
    """The response in `root` (UBL OrderResponse-2). Raises DocumentRefused."""
    expect_root(root, "OrderResponse")
    return cast(OrderResponseAdvanced, read_shape(root, ORDER_RESPONSE_ADVANCED, Context()))


def write(response: OrderResponseAdvanced) -> bytes:
    """The response as UBL in UTF-8. Raises DocumentRefused."""
    return write_document(response, ORDER_RESPONSE_ADVANCED, "OrderResponse", response.currency)
