"""Reads of orders, as facts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from avrop.coding.facts import Coding
from avrop.ordering.facts import OrderFacts, OrderLineFacts, ProposedLine, ResponseFacts
from avrop.ordering.models import Order, OrderLine, OrderResponse
from avrop.ordering.rules import ChangeLimit
from avrop.tenancy.scope import viewer

_HEAD = (
    "id", "buyer_id", "number", "stream", "supplier_id", "agreement_id", "agreement_ref", "unit_id",
    "requester_id", "currency", "net", "vat", "gross", "message__state", "response_state", "issued_at",
    "requisition_id", "requester_name", "unit__name", "address_id", "delivery", "marking", "message__done_at",
    "message_id", "approval_hash", "receipt_state", "invoice_state", "approved_gross",
)  # fmt: skip
_NAMES = {"unit__name": "unit_name", "message__state": "transport_state", "message__done_at": "sent_at"}
_LINE = (
    "id", "line_no", "kind", "seller_item_id", "name", "quantity", "unit_code", "price", "base_quantity",
    "vat_category", "vat_rate", "net", "frame", "cancelled", "category", "reason", "account",
    "responsibility", "function", "project", "vat_treatment",
)  # fmt: skip
_RESPONSE = (
    "id", "order_id", "number", "code", "note", "lines", "state", "message_id", "received_at", "decided_by",
    "decided_at",
)  # fmt: skip


def order(order_id: UUID) -> OrderFacts | None:
    """One order of the viewer's organisation with its lines, in one statement; None when there is none."""
    return orders([order_id]).get(order_id)


def orders(ids: Iterable[UUID]) -> dict[UUID, OrderFacts]:
    """Orders by id, in one statement."""
    wanted = set(ids)
    return _facts(id__in=wanted) if wanted else {}


def orders_by_numbers(numbers: Iterable[str]) -> dict[str, OrderFacts]:
    """Orders by number, in one statement; numbers that are not ours are left out."""
    wanted = set(numbers)
    found = _facts(number__in=wanted) if wanted else {}
    return {one.number: one for one in found.values()}


def orders_of(requisition_id: UUID) -> list[OrderFacts]:
    """The orders that a basket became, by number."""
    found = _facts(requisition_id=requisition_id)
    return sorted(found.values(), key=lambda one: one.number)


def listed(*, mine: bool = False) -> Any:
    """Orders as rows for a list, newest first (supplier and unit are there); `mine`: the viewer's own."""
    rows = _rows().order_by("-issued_at")
    return rows.filter(requester_id=viewer().person_id) if mine else rows


def expected_deliveries() -> Any:
    """Orders that have left and of which goods are still to come, oldest first, as rows."""
    rows = _rows().filter(message__state="sent")
    return rows.exclude(receipt_state="full").exclude(response_state="rejected").order_by("issued_at")


def _rows() -> Any:
    return Order.objects.select_related("supplier", "unit", "message").defer("message__body")


def waiting_changes() -> int:
    """How many suppliers' changes wait for the viewer's organisation."""
    return int(OrderResponse.objects.filter(state="proposed").count())


def responses(order_id: UUID) -> list[ResponseFacts]:
    """The supplier's answers to an order, oldest first, in one statement."""
    rows = OrderResponse.objects.filter(order_id=order_id).order_by("received_at", "id")
    return [response_from_row(row) for row in rows.values_list(*_RESPONSE)]


def response_from_row(row: Iterable[Any]) -> ResponseFacts:
    """An answer from its columns."""
    values = list(row)
    values[5] = tuple(ProposedLine(**line) for line in values[5])
    return ResponseFacts(*values)


def line_facts(line: OrderLine) -> OrderLineFacts:
    """A line from its row."""
    return _line([getattr(line, name) for name in _LINE])


@cache
def change_limits() -> tuple[ChangeLimit, ...]:
    """The dated limits of `tables/change_limits.csv`."""
    text = (resources.files("avrop.ordering") / "tables" / "change_limits.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        ChangeLimit(date.fromisoformat(row["valid_from"]), int(row["basis_points"]), int(row["amount"]))
        for row in rows
    )


def _facts(**which: Any) -> dict[UUID, OrderFacts]:
    """Orders with their lines, in one statement; every order has at least one line."""
    rows = OrderLine.objects.filter(**{f"order__{name}": value for name, value in which.items()})
    heads: dict[UUID, tuple[Any, ...]] = {}
    lines: dict[UUID, list[OrderLineFacts]] = {}
    for row in rows.order_by("line_no").values_list(*(f"order__{name}" for name in _HEAD), *_LINE):
        heads.setdefault(row[0], row[: len(_HEAD)])
        lines.setdefault(row[0], []).append(_line(row[len(_HEAD) :]))
    return {ident: _order(row, tuple(lines[ident])) for ident, row in heads.items()}


def _order(row: tuple[Any, ...], lines: tuple[OrderLineFacts, ...]) -> OrderFacts:
    named = {_NAMES.get(name, name): value for name, value in zip(_HEAD, row, strict=True)}
    if named["message_id"] is None or named["transport_state"] != "sent":
        named["sent_at"] = None
    named["transport_state"] = named["transport_state"] or "queued"
    return OrderFacts(**named, lines=lines)


def _line(row: Sequence[Any]) -> OrderLineFacts:
    named = dict(zip(_LINE[:16], row, strict=False))
    return OrderLineFacts(**named, coding=Coding(*row[16:21]))
