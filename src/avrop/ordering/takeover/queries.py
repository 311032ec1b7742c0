"""Reads of what was taken over: lines that wait for their coding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Min, Q, Sum

from avrop.ordering.models import Order, OrderLine
from avrop.ordering.takeover.models import TakenOver

UNCODED = Q(account="", cancelled=False)


def uncoded() -> Any:
    """Orders with lines that lack their coding, oldest first: rows with `waiting` (lines) and `bound` (net øre)."""
    lacking = Q(lines__account="", lines__cancelled=False)
    rows = Order.objects.filter(lacking).select_related("supplier", "unit")
    return rows.annotate(waiting=Count("lines"), bound=Sum("lines__net")).order_by("issued_at", "number")


def count_uncoded() -> int:
    """How many orders of the viewer's organisation wait for coding, in one statement."""
    return int(OrderLine.objects.filter(UNCODED).values("order_id").distinct().count())


def taken_over(order_id: UUID) -> TakenOver | None:
    """Where an order was taken over from; None for an order of our own."""
    row: TakenOver | None = TakenOver.objects.filter(order_id=order_id).first()
    return row


def suppliers_waiting() -> list[tuple[str, str]]:
    """(id, name) of the suppliers with uncoded orders, by name."""
    rows = OrderLine.objects.filter(UNCODED).values("order__supplier_id")
    named = rows.annotate(name=Min("order__supplier__name")).order_by("name")
    return [(str(one["order__supplier_id"]), one["name"]) for one in named]
