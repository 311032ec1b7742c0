"""Reads of receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Abs

from avrop.delivery.facts import RETURN, Before, ReceiptFacts, ReceiptLineFacts
from avrop.delivery.models import Receipt, ReceiptLine
from avrop.ordering import queries as ordering
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import RECEIVER
from avrop.tenancy.scope import Viewer

_RECEIPT = (
    "id", "number", "order_id", "received_by_id", "received_by__name", "received_at", "note", "by_exception",
    "exception_reason", "kind", "against_id", "reason_code", "expected",
)  # fmt: skip


def received(order_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Order line id -> how much of it is here (scaled by 10^6): received less returned, in one statement.

    What was refused at the door never counts.
    """
    return {line: one.quantity for line, one in before(order_ids).items()}


def before(order_ids: Iterable[UUID]) -> dict[UUID, Before]:
    """Order line id -> what is here of it and at what cost, in one statement."""
    rows = ReceiptLine.objects.filter(receipt__order_id__in=list(order_ids)).values("order_line_id")
    sums = rows.annotate(
        came=Sum("quantity"), paid=Sum("cost"), back=Sum("credited"), moved=Sum(Abs("quantity"))
    )
    found = sums.values_list("order_line_id", "came", "paid", "back", "moved")
    return {line: Before(*(int(number) for number in numbers)) for line, *numbers in found}


def returned(order_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Order line id -> how much of it was sent back (scaled by 10^6), corrections of receipts not counted."""
    rows = ReceiptLine.objects.filter(receipt__order_id__in=list(order_ids), receipt__kind=RETURN)
    sums = rows.values("order_line_id").annotate(back=Sum("quantity"))
    return {line: -int(back) for line, back in sums.values_list("order_line_id", "back")}


def left_of(receipt_id: UUID) -> list[ReceiptLineFacts]:
    """The lines of a receipt with what of each has not been taken back since, in three statements."""
    found = receipt(receipt_id)
    if found is None:
        return []
    later = ReceiptLine.objects.filter(receipt__against_id=receipt_id).values("order_line_id")
    back = dict(later.annotate(back=Sum("quantity")).values_list("order_line_id", "back"))
    left = [
        replace(line, quantity=line.quantity + int(back.get(line.order_line_id, 0))) for line in found.lines
    ]
    return [line for line in left if line.quantity > 0]


def receipts(order_ids: Iterable[UUID]) -> list[ReceiptFacts]:
    """The receipts of some orders with their lines, oldest first, in two statements."""
    rows = Receipt.objects.filter(order_id__in=list(order_ids)).order_by("received_at", "number")
    return _with_lines([tuple(row) for row in rows.values_list(*_RECEIPT)])


def receipt(receipt_id: UUID) -> ReceiptFacts | None:
    """One receipt with its lines, in two statements."""
    row = Receipt.objects.filter(id=receipt_id).values_list(*_RECEIPT).first()
    return _with_lines([row])[0] if row else None


def _with_lines(rows: list[Any]) -> list[ReceiptFacts]:
    lines: dict[UUID, list[ReceiptLineFacts]] = {row[0]: [] for row in rows}
    found = ReceiptLine.objects.filter(receipt_id__in=list(lines)).order_by("order_line__line_no")
    of_line = (f"order_line__{name}" for name in ("line_no", "name", "unit_code", "quantity"))
    fields = ("receipt_id", "order_line_id", *of_line, "quantity", "refused", "reason_code")
    for receipt_id, *values in found.values_list(*fields) if lines else ():
        lines[receipt_id].append(ReceiptLineFacts(*values))
    return [replace(ReceiptFacts(*row), lines=tuple(lines[row[0]])) for row in rows]


def awaited(who: Viewer) -> Any:
    """Orders of which goods are still to come and that the viewer may receive, oldest first, as rows."""
    rows = ordering.expected_deliveries()
    roots = who.units(RECEIVER)
    if None in roots:
        return rows
    units = [unit.id for unit in tenancy.units_below(tenancy.units(), roots)] if roots else []
    return rows.filter(Q(unit_id__in=units) | Q(requester_id=who.person_id))


def count(order_id: UUID) -> int:
    """How many receipts, returns and corrections the order has."""
    return int(Receipt.objects.filter(order_id=order_id).count())


def with_refused() -> Any:
    """The ids of receipts where something was turned away, as a subquery."""
    return ReceiptLine.objects.filter(refused__gt=0).values("receipt_id")


def listed() -> Any:
    """Receipts, returns and corrections as rows for a list, newest first (order, supplier, person are there)."""
    rows = Receipt.objects.select_related("order__supplier", "order__unit", "received_by")
    return rows.order_by("-received_at", "-number")


def recent(person_id: UUID, limit: int = 5) -> list[Receipt]:
    """The person's own latest receipts with their order's number, newest first, in one statement."""
    rows = Receipt.objects.filter(received_by_id=person_id).order_by("-received_at", "-number")
    return list(rows.select_related("order")[:limit])
