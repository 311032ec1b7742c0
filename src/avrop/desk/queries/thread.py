"""One purchase on one time-line: the journal says what happened, the stations' rows say about what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from avrop.accounting.models import Posting
from avrop.approval.models import ApprovalTask
from avrop.delivery.models import Receipt
from avrop.desk import moments
from avrop.desk.facts import DeviationRow, Moment, NeedLine, Thread
from avrop.invoicing.models import Invoice
from avrop.journal.models import Entry
from avrop.kernel.money import line_amount
from avrop.matching.models import Match
from avrop.messaging.models import Message
from avrop.ordering.models import Order, OrderResponse
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.models import Person

_NAME = "name"


@dataclass
class Rows:
    """Everything that was read, by id where it has one."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    basket: dict[str, Any] | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    tasks: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    orders: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    responses: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    invoices: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    matches: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # by invoice
    deviations: dict[UUID, list[DeviationRow]] = field(default_factory=dict)  # by match
    postings: dict[UUID, dict[str, Any]] = field(default_factory=dict)  # by invoice, the one that stands
    booked: list[dict[str, Any]] = field(default_factory=list)  # with reversals and what they reversed
    messages: dict[UUID, dict[str, Any]] = field(default_factory=dict)


def thread(stream: str) -> Thread | None:
    """The purchase with this stream as the viewer's organisation sees it; None where there is nothing.

    At most nine statements, whatever the size of the purchase.
    """
    rows = _read(stream)
    if not rows.entries:
        return None
    told = sorted(moments.of(rows), key=lambda one: one.at)
    return _thread(stream, rows, tuple(told))


def _read(stream: str) -> Rows:
    rows = Rows(entries=_entries([stream]))
    if not rows.entries:
        return rows
    if stream.startswith("purchase:"):
        _purchase(stream, rows)
    _matched(stream, rows)
    if rows.invoices:
        _booked(rows)
    rows.messages = _by_id(
        Message.objects.filter(stream=stream).values("id", "document_type", "number", "state")
    )
    return rows


def _entries(streams: Iterable[str]) -> list[dict[str, Any]]:
    names = Person.objects.filter(id=OuterRef("actor")).values(_NAME)
    rows = Entry.objects.filter(stream__in=list(streams)).annotate(who=Subquery(names)).order_by("at", "id")
    return list(rows.values("id", "at", "event", "payload", "reason", "actor", "who"))


def _purchase(stream: str, rows: Rows) -> None:
    lines = RequisitionLine.objects.filter(requisition__stream=stream, removed=False)
    of_basket = {f"requisition__{name}" for name in _BASKET}
    rows.lines = list(lines.values(*(f.attname for f in RequisitionLine._meta.concrete_fields), *of_basket))
    if rows.lines:
        rows.basket = {name: rows.lines[0][f"requisition__{name}"] for name in _BASKET}
    else:  # an empty basket, or none: an order taken over from another system
        rows.basket = Requisition.objects.filter(stream=stream).values(*_BASKET).first()
    if rows.basket is not None:
        rows.tasks = _by_id(ApprovalTask.objects.filter(subject_id=rows.basket["id"]).values())
    orders = Order.objects.filter(stream=stream).order_by("number")
    rows.orders = _by_id(orders.values(*_ORDER))
    if rows.orders:
        rows.responses = _by_id(OrderResponse.objects.filter(order__stream=stream).values())
        receipts = Receipt.objects.filter(order__stream=stream)
        rows.receipts = _by_id(receipts.values("id", "number", "order_id", "note", "exception_reason"))


_POSTING = (
    "id", "invoice_id", "state", "voucher", "payable", "due_date", "batch_id", "posted_at", "kind", "rejection",
)  # fmt: skip
_BASKET = ("id", "number", "need", "state", "requester_id", "requester__name", "unit__name")
_ORDER = (
    "id",
    "number",
    "supplier__name",
    "agreement_ref",
    "net",
    "gross",
    "message__state",
    "response_state",
    "receipt_state",
    "invoice_state",
    "message_id",
)


_DEVIATION = ("code", "line", "amount", "owner_role", "due", "state", "decided_at", "comment")


def _matched(stream: str, rows: Rows) -> None:
    """Invoices with their matches and deviations, in one statement: a row a deviation, or one where there is none."""
    matched = Match.objects.filter(stream=stream).values("invoice_id")
    # Put in order below: asked to, SQLite would read the buyer's whole year in that order.
    found = Invoice.objects.filter(Q(stream=stream) | Q(id__in=matched)).order_by()
    people = Person.objects.order_by().values(_NAME)
    named = found.annotate(
        approver=Subquery(people.filter(id=OuterRef("match__approved_by"))),
        who=Subquery(people.filter(id=OuterRef("match__deviations__decided_by"))),
    )
    mine = [f.attname for f in Invoice._meta.concrete_fields]
    of_match = [f.attname for f in Match._meta.concrete_fields]
    wanted = [
        *mine,
        *(f"match__{one}" for one in of_match),
        *(f"match__deviations__{one}" for one in _DEVIATION),
    ]
    read = named.values(*wanted, "approver", "who")
    for row in sorted(read, key=lambda one: (one["received_at"], one["id"])):
        ident, match = row["id"], row["match__id"]
        rows.invoices[ident] = {one: row[one] for one in mine}
        if match is not None:
            rows.matches[ident] = {one: row[f"match__{one}"] for one in of_match} | {
                "approver": row["approver"]
            }
        if row["match__deviations__code"] is not None:
            one = {name: row[f"match__deviations__{name}"] for name in _DEVIATION} | {"who": row["who"]}
            rows.deviations.setdefault(match, []).append(_deviation(one))


def _booked(rows: Rows) -> None:
    ids = list(rows.invoices)
    postings = Posting.objects.filter(invoice_id__in=ids)
    batch = ("batch__number", "batch__state", "batch__released_at", "batch__sent_at", "batch__answered_at")
    releaser = Person.objects.filter(id=OuterRef("batch__released_by")).values(_NAME)
    with_names = postings.annotate(releaser=Subquery(releaser)).values(*_POSTING, *batch, "releaser")
    rows.booked = list(with_names.order_by("invoice_id", "turn"))
    rows.postings = {row["invoice_id"]: row for row in rows.booked if row["kind"] != "reversal"}


def _by_id(rows: Iterable[dict[str, Any]]) -> dict[UUID, dict[str, Any]]:
    return {row["id"]: row for row in rows}


def _deviation(row: dict[str, Any]) -> DeviationRow:
    return DeviationRow(
        code=row["code"],
        line=row["line"],
        amount=row["amount"],
        owner_role=row["owner_role"],
        due=row["due"],
        state=row["state"],
        decided_by=row["who"] or "",
        decided_at=row["decided_at"],
        comment=row["comment"],
    )


def _thread(stream: str, rows: Rows, told: tuple[Moment, ...]) -> Thread:
    basket, invoice = rows.basket, next(iter(rows.invoices.values()), None)
    lines = tuple(_line(row) for row in rows.lines)
    head = basket or next(iter(rows.orders.values()), None) or invoice
    number = head["number"] if head else ""
    suppliers = [row["supplier__name"] for row in rows.orders.values()]
    suppliers += [row["seller_name"] for row in rows.invoices.values()] if not suppliers else []
    return Thread(
        stream=stream,
        number=number,
        need=basket["need"] if basket else "",
        requester=basket["requester__name"] if basket else "",
        unit=basket["unit__name"] if basket else "",
        state=basket["state"] if basket else "",
        moments=told,
        lines=lines,
        net=sum(line.net for line in lines),
        gross=sum(row["gross"] for row in rows.orders.values()) if rows.orders else None,
        suppliers=tuple(dict.fromkeys(suppliers)),
        reached=tuple(_reached(rows)),
        requester_id=basket["requester_id"] if basket else None,
    )


def _line(row: dict[str, Any]) -> NeedLine:
    codes = (row["account"], row["responsibility"], row["function"], row["project"])
    return NeedLine(
        name=row["name"],
        quantity=row["quantity"],
        unit_code=row["unit_code"],
        net=line_amount(row["quantity"], row["price"], row["base_quantity"]),
        free_text=row["frame"] is not None,
        coding=" ".join(code for code in codes if code),
        coding_source=row["coding_source"],
    )


def _reached(rows: Rows) -> Iterable[str]:
    """How far the purchase has come: the steps that are behind it."""
    basket = rows.basket
    if basket is not None:
        yield "need"
        if basket["state"] == "approved":
            yield "approved"
    orders = list(rows.orders.values())
    if orders and basket is None:  # both were done in the system that it was taken over from
        yield from ("need", "approved")
    if orders and all(row["message__state"] == "sent" for row in orders):
        yield "ordered"
    if orders and all(row["receipt_state"] == "full" for row in orders):
        yield "received"
    if rows.invoices:
        yield "invoiced"
    if rows.matches and all(row["state"] == "approved" for row in rows.matches.values()):
        yield "matched"
    if rows.postings and all(row["state"] == "posted" for row in rows.postings.values()):
        yield "posted"
