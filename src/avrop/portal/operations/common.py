"""What several operations of the seller's side begin with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from avrop.journal.within import lock_stream
from avrop.kernel.finding import Refusal
from avrop.portal.models import SalesOrder, SalesOrderLine
from avrop.portal.permissions import may_sell
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer

# What an order line and a line of a change have in common.
LINE_COLUMNS = (
    "position", "line_id", "seller_item_id", "name", "description", "note", "quantity", "unit_code", "price",
    "base_quantity", "net", "vat_category", "vat_rate", "free_text",
)  # fmt: skip


def stream_of(sales_order_id: UUID) -> str:
    """The stream of everything that happens to a sales order."""
    return f"sale:{sales_order_id.hex}"


def check_clerk() -> None:
    """Raises Refusal with the reason when the viewer does not sell for this organisation."""
    demand(may_sell(viewer()))


def hold(sales_order_id: UUID) -> tuple[SalesOrder, list[SalesOrderLine]]:
    """The order and its lines, locked. Raises Refusal SALES_ORDER_UNKNOWN."""
    lock_stream(stream_of(sales_order_id))
    row = SalesOrder.objects.select_for_update().filter(id=sales_order_id).first()
    if row is None:
        raise Refusal("SALES_ORDER_UNKNOWN")
    return row, list(SalesOrderLine.objects.filter(order_id=row.id).order_by("position"))


def hold_as_clerk(sales_order_id: UUID) -> tuple[SalesOrder, list[SalesOrderLine]]:
    """As `hold`, for a clerk of the seller."""
    check_clerk()
    return hold(sales_order_id)


def columns_of(line: SalesOrderLine) -> dict[str, Any]:
    """What a line of a change has of an order line."""
    return {name: getattr(line, name) for name in LINE_COLUMNS}
