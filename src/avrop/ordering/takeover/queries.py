"""Reads of what was taken over: lines that wait for their coding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, Subquery, Sum

from avrop.ordering.models import Order, OrderLine
from avrop.ordering.takeover.models import TakenOver

UNCODED = Q(account="", cancelled=False)


def uncoded() -> Any:
    """Orders with lines that lack their coding, oldest first: rows with `waiting` (lines) and `bound` (net øre)."""
    lacking = OrderLine.objects.filter(UNCODED)
    rows = Order.objects.filter(id__in=lacking.values("order_id")).select_related("supplier", "unit")
    mine = lacking.filter(order_id=OuterRef("pk")).order_by().values("order_id")
    sums = {
        "waiting": mine.annotate(n=Count("id")).values("n"),
        "bound": mine.annotate(n=Sum("net")).values("n"),
    }
    return rows.annotate(**{name: Subquery(one) for name, one in sums.items()}).order_by(
        "issued_at", "number"
    )


def count_uncoded() -> int:
    """How many orders of the viewer's organisation wait for coding, in one statement."""
    return int(OrderLine.objects.filter(UNCODED).values("order_id").distinct().count())


def taken_over(order_id: UUID) -> TakenOver | None:
    """Where an order was taken over from; None for an order of our own."""
    row: TakenOver | None = TakenOver.objects.filter(order_id=order_id).first()
    return row


def suppliers_waiting() -> list[tuple[str, str]]:
    """(id, name) of the suppliers with uncoded orders, by name."""
    orders = Order.objects.filter(id__in=OrderLine.objects.filter(UNCODED).values("order_id"))
    named = orders.values_list("supplier_id", "supplier__name").order_by("supplier__name").distinct()
    return [(str(ident), name) for ident, name in named]
