"""What several operations of the seller's side begin with."""

from __future__ import annotations

from uuid import UUID

from avrop.journal.within import lock_stream
from avrop.kernel.finding import Refusal
from avrop.portal.models import SalesOrder, SalesOrderLine
from avrop.portal.permissions import may_sell
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer


def stream_of(sales_order_id: UUID) -> str:
    """The stream of everything that happens to a sales order."""
    return f"sale:{sales_order_id.hex}"


def check_clerk() -> None:
    """Raises Refusal with the reason when the viewer does not sell for this organisation."""
    allowed = may_sell(viewer())
    if isinstance(allowed, Denied):
        raise Refusal(allowed.reason)


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
