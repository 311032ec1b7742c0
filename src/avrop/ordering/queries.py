"""Reads of orders, as facts."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from avrop.coding.facts import Coding
from avrop.journal import queries as journal
from avrop.ordering import rules
from avrop.ordering.facts import (
    Billed,
    ChangedLine,
    ChangeFacts,
    Details,
    OrderFacts,
    OrderLineFacts,
    ProposedLine,
    ResponseFacts,
)
from avrop.ordering.models import Order, OrderChange, OrderLine, OrderResponse, TakenOver
from avrop.ordering.rules import ChangeLimit
from avrop.tenancy.scope import viewer

_HEAD = (
    "id", "buyer_id", "number", "stream", "supplier_id", "agreement_id", "agreement_ref", "unit_id",
    "requester_id", "currency", "net", "vat", "gross", "message__state", "response_state", "issued_at",
    "requisition_id", "requester_name", "unit__name", "address_id", "delivery", "marking", "message__done_at",
    "message_id", "approval_hash", "receipt_state", "invoice_state", "approved_gross", "process", "note",
    "wanted_by", "ended", "sequence", "changes",
    "version",
)  # fmt: skip
_NAMES = {"unit__name": "unit_name", "message__state": "transport_state", "message__done_at": "sent_at"}
_LINE = (
    "id", "line_no", "kind", "seller_item_id", "name", "quantity", "unit_code", "price", "base_quantity",
    "vat_category", "vat_rate", "net", "frame", "cancelled", "category", "reason", "closed", "received",
    "accrued", "returned", "told", "billed", "account", "responsibility", "function", "project", "vat_treatment",
)  # fmt: skip
_RESPONSE = (
    "id", "order_id", "number", "code", "note", "lines", "state", "message_id", "received_at", "decided_by",
    "decided_at", "change_id",
)  # fmt: skip


def order(order_id: UUID) -> OrderFacts | None:
    """One order of the viewer's organisation with its lines; None when there is none."""
    return orders([order_id]).get(order_id)


def orders(ids: Iterable[UUID]) -> dict[UUID, OrderFacts]:
    """Orders by id, in one statement (three where they have many lines)."""
    wanted = set(ids)
    return _facts(id__in=wanted) if wanted else {}


def orders_by_numbers(numbers: Iterable[str]) -> dict[str, OrderFacts]:
    """Orders by number, as `orders`; numbers that are not ours are left out."""
    wanted = set(numbers)
    found = _facts(number__in=wanted) if wanted else {}
    return {one.number: one for one in found.values()}


def elsewhere(numbers: Iterable[str], supplier_ids: Iterable[UUID]) -> frozenset[str]:
    """Which of these numbers are other buyers' orders to these suppliers: they have mixed two buyers up.

    Looks across organisations, and says of what it sees no more than that.
    """
    who = viewer().organisation_id
    rows = Order._base_manager.filter(number__in=set(numbers), supplier_id__in=set(supplier_ids))
    return frozenset(rows.exclude(buyer_id=who).values_list("number", flat=True))


def streams_of(numbers: Iterable[str]) -> dict[str, str]:
    """The purchases' streams by order number, in one statement; none asked for, none read."""
    wanted = set(numbers)
    return dict(Order.objects.filter(number__in=wanted).values_list("number", "stream")) if wanted else {}


def orders_of(requisition_id: UUID) -> list[OrderFacts]:
    """The orders that a basket became, by number."""
    found = _facts(requisition_id=requisition_id)
    return sorted(found.values(), key=lambda one: one.number)


def listed(*, mine: bool = False) -> Any:
    """Orders as rows for a list, newest first (supplier and unit are there); `mine`: the viewer's own."""
    rows = _rows().order_by("-issued_at")
    return rows.filter(requester_id=viewer().person_id) if mine else rows


def up_to_date(order: OrderFacts) -> OrderFacts:
    """The order with what waits in our queue taken in: returns for credit and approved invoices.

    For a later station that must not decide on yesterday's news; called with the purchase's stream locked.
    """
    lines = {line.line_no: line for line in order.lines}
    for told in journal.untold("ordering.note_receipt", order.stream):
        if UUID(told["order_id"]) == order.id:
            for no, numbers in (told.get("came") or {}).items():
                lines[int(no)] = rules.told_of(lines[int(no)], *numbers)
    by_id = {line.id.hex: line.line_no for line in order.lines}
    for told in journal.untold("ordering.note_invoice", order.stream):
        for ident, numbers in (told.get("taken") or {}).items():
            if ident in by_id:
                line = lines[by_id[ident]]
                others = tuple(one for one in line.billed if one.invoice != told["invoice_id"])
                billed = (*others, Billed(told["invoice_id"], *numbers))
                lines[line.line_no] = replace(line, billed=billed)
    return replace(order, lines=tuple(lines[line.line_no] for line in order.lines))


def expected_deliveries() -> Any:
    """Orders that have left and of which goods are still to come, oldest first, as rows."""
    rows = _rows().filter(message__state="sent", ended="")
    return rows.exclude(receipt_state="full").exclude(response_state="rejected").order_by("issued_at")


def _rows() -> Any:
    return Order.objects.select_related("supplier", "unit", "message").defer("message__body")


def responses(order_id: UUID) -> list[ResponseFacts]:
    """The supplier's answers to an order, oldest first, in one statement."""
    rows = OrderResponse.objects.filter(order_id=order_id).order_by("received_at", "id")
    return [response_from_row(row) for row in rows.values_list(*_RESPONSE)]


_CHANGE = (
    "id", "order_id", "kind", "sequence", "number", "state", "lines", "details", "reason", "gross_before",
    "gross_after", "content_hash", "candidates", "agreed_with", "agreed_on", "proposed_by", "proposed_at",
    "approved_by", "approved_at", "message_id", "answered_at", "answer", "declined",
)  # fmt: skip


def changes(order_id: UUID) -> list[ChangeFacts]:
    """The buyer's own changes of an order, oldest first, in one statement."""
    rows = OrderChange.objects.filter(order_id=order_id).order_by("proposed_at", "id")
    return [_change(row) for row in rows.values_list(*_CHANGE)]


def orders_with_change(state: str) -> Any:
    """The ids of orders with a change of ours in this state, as a subquery."""
    return OrderChange.objects.filter(state=state).values("order_id")


def change(change_id: UUID) -> ChangeFacts | None:
    """One change of the viewer's organisation; None when there is none."""
    row = OrderChange.objects.filter(id=change_id).values_list(*_CHANGE).first()
    return _change(row) if row else None


def changes_to_approve(person_id: UUID | None = None) -> list[Any]:
    """Changes that wait for the person's (the viewer's) approval, oldest first, as rows with their orders."""
    me = person_id or viewer().person_id
    rows = OrderChange.objects.filter(state="awaiting").select_related("order__supplier", "order__unit")
    return [row for row in rows.order_by("proposed_at") if me is not None and me.hex in row.candidates]


def _change(row: Sequence[Any]) -> ChangeFacts:
    named = dict(zip(_CHANGE, row, strict=True))
    named["lines"] = tuple(ChangedLine(**line) for line in named["lines"])
    named["details"] = details_from(named["details"])
    named["declined"] = tuple(named["declined"])
    named["candidates"] = tuple(UUID(one) for one in named["candidates"])
    return ChangeFacts(**named)


def details_from(stored: Mapping[str, Any]) -> Details:
    """What a change says beside the lines, from its column."""
    return Details(
        address_id=UUID(stored["address_id"]) if "address_id" in stored else None,
        delivery=stored.get("delivery"),
        marking=stored.get("marking"),
        note=stored.get("note"),
        wanted_by=day_of(stored.get("wanted_by")),
    )


def day_of(text: str | None) -> date | None:
    """A date as it is stored in JSON."""
    return date.fromisoformat(text) if text else None


def change_approvers(order_id: UUID) -> frozenset[UUID]:
    """Who approved a change of the order, in one statement."""
    rows = OrderChange.objects.filter(order_id=order_id, approved_by__isnull=False)
    return frozenset(rows.values_list("approved_by", flat=True))


def response_from_row(row: Iterable[Any]) -> ResponseFacts:
    """An answer from its columns."""
    values = list(row)
    values[5] = tuple(ProposedLine(**line) for line in values[5])
    return ResponseFacts(*values)


def taken_over_by(order_id: UUID) -> frozenset[UUID]:
    """Who answered for taking the order over from another system; nobody for an order of our own."""
    return frozenset(TakenOver.objects.filter(order_id=order_id).values_list("approved_by", flat=True))


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


_TOGETHER = 200  # lines up to which heads and lines come in one statement


def _facts(**which: Any) -> dict[UUID, OrderFacts]:
    """Orders with their lines; every order has at least one line.

    One statement, but for many lines: an order of 10,000 would turn its head into Python values 10,000 times.
    """
    wanted = OrderLine.objects.filter(order_id__in=Order.objects.filter(**which).values("id"))
    rows = wanted.order_by("line_no")
    together = list(rows.values_list(*(f"order__{name}" for name in _HEAD), *_LINE)[: _TOGETHER + 1])
    heads: dict[UUID, tuple[Any, ...]] = {}
    lines: dict[UUID, list[OrderLineFacts]] = {}
    if len(together) <= _TOGETHER:
        for row in together:
            heads.setdefault(row[0], row[: len(_HEAD)])
            lines.setdefault(row[0], []).append(_line(row[len(_HEAD) :]))
    else:
        heads = {row[0]: row for row in Order.objects.filter(**which).values_list(*_HEAD)}
        for row in rows.values_list("order_id", *_LINE):
            lines.setdefault(row[0], []).append(_line(row[1:]))
    return {ident: _order(row, tuple(lines[ident])) for ident, row in heads.items()}


def _order(row: tuple[Any, ...], lines: tuple[OrderLineFacts, ...]) -> OrderFacts:
    named = {_NAMES.get(name, name): value for name, value in zip(_HEAD, row, strict=True)}
    if named["message_id"] is None or named["transport_state"] != "sent":
        named["sent_at"] = None
    named["transport_state"] = named["transport_state"] or "queued"
    return OrderFacts(**named, lines=lines)


def _line(row: Sequence[Any]) -> OrderLineFacts:
    values = (*row[:13], Coding(*row[22:27]), *row[13:21], _billed(row[21]))  # as the facts' fields stand
    return OrderLineFacts(*values)


def _billed(stored: Mapping[str, Sequence[int]]) -> tuple[Billed, ...]:
    return tuple(Billed(invoice, *numbers) for invoice, numbers in stored.items())
