"""Everything that some purchases mention, for the index: about ten statements, however many purchases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from avrop.accounting.models import Posting
from avrop.delivery.models import Receipt
from avrop.desk.rules import amount_term, terms
from avrop.invoicing.models import Invoice, InvoiceLine
from avrop.journal.models import Entry
from avrop.matching.models import Match
from avrop.messaging.models import Message
from avrop.ordering.models import Order, OrderLine
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.models import Person

_LINE = (
    "name", "seller_item_id", "reason", "agreement_ref", "supplier__name", "supplier__orgnr", "account",
    "responsibility",
)  # fmt: skip
_INVOICE = (
    "number", "seller_name", "seller_orgnr", "order_reference", "buyer_reference", "payment_reference",
    "bank_account",
)  # fmt: skip


@dataclass(slots=True)
class Mentioned:
    """What one purchase mentions, and when it began."""

    at: datetime
    words: set[bytes] = field(default_factory=set)

    def take(self, texts: Iterable[Any], amounts: Iterable[int | None] = ()) -> None:
        """Add texts and amounts (øre)."""
        self.words |= terms(str(text) for text in texts if text)
        self.words |= {amount_term(one) for one in amounts if one}


class Gathering:
    """Collects by stream."""

    def __init__(self, streams: Iterable[str]) -> None:
        self.streams = sorted(streams)
        self.found: dict[str, Mentioned] = {}

    def take(
        self, rows: QuerySet[Any], stream: Any, texts: tuple[str, ...], amounts: tuple[str, ...] = ()
    ) -> None:
        """Add these columns of the rows to their stream."""
        for of, *values in rows.values_list(stream, *texts, *amounts):
            if of in self.found:
                self.found[of].take(values[: len(texts)], values[len(texts) :])

    def begin(self, rows: QuerySet[Any], stream: Any, at: str) -> None:
        """These streams are purchases, and began then, unless an earlier station has said so."""
        for of, moment in rows.values_list(stream, at):
            self.found.setdefault(of, Mentioned(moment))


def of_streams(streams: Iterable[str]) -> dict[str, Mentioned]:
    """What each of the viewer's purchases among these streams mentions; other streams are left out."""
    all_of = Gathering(streams)
    wanted = all_of.streams
    baskets = Requisition.objects.filter(stream__in=wanted)
    orders = Order.objects.filter(stream__in=wanted)
    of_invoice = Coalesce(F("match__stream"), F("stream"))
    matched = Match.objects.filter(stream__in=wanted).values("invoice_id")
    invoices = Invoice.objects.filter(Q(stream__in=wanted) | Q(id__in=matched)).annotate(of=of_invoice)
    all_of.begin(baskets, "stream", "created_at")
    all_of.begin(orders.order_by("issued_at"), "stream", "issued_at")
    all_of.begin(invoices.order_by("received_at"), "of", "received_at")
    all_of.take(baskets, "stream", ("number", "need", "marking", "unit__name", "requester__name"))
    _ordered(all_of, orders)
    _invoiced(all_of, invoices)
    messages = Message.objects.filter(stream__in=all_of.found)
    all_of.take(messages, "stream", ("number", "instance_id"))
    people = Person.objects.filter(id__in=Entry.objects.filter(stream__in=wanted).values("actor"))
    _people(all_of, dict(people.values_list("id", "name")))
    return all_of.found


def _ordered(all_of: Gathering, orders: QuerySet[Any]) -> None:
    lines = RequisitionLine.objects.filter(requisition__stream__in=all_of.streams, removed=False)
    all_of.take(
        lines,
        "requisition__stream",
        (
            "name",
            "seller_item_id",
            "reason",
            "agreement_ref",
            "supplier__name",
            "supplier__orgnr",
            "account",
            "responsibility",
        ),
    )
    all_of.take(orders, "stream", ("number", "marking", "note"), ("net", "gross"))
    of_orders = OrderLine.objects.filter(order__stream__in=all_of.streams)
    fields = (
        "name",
        "seller_item_id",
        "order__supplier__name",
        "order__supplier__orgnr",
        "order__agreement_ref",
    )
    all_of.take(of_orders, "order__stream", fields, ("net",))
    receipts = Receipt.objects.filter(order__stream__in=all_of.streams)
    all_of.take(receipts, "order__stream", ("number", "note", "received_by__name"))


def _invoiced(all_of: Gathering, invoices: QuerySet[Any]) -> None:
    texts = (
        "number",
        "seller_name",
        "seller_orgnr",
        "order_reference",
        "buyer_reference",
        "payment_reference",
        "bank_account",
    )
    all_of.take(invoices, "of", texts, ("net", "gross", "payable"))
    lines = InvoiceLine.objects.filter(invoice__in=invoices.values("id"))
    of_line = Coalesce(F("invoice__match__stream"), F("invoice__stream"))
    all_of.take(lines.annotate(of=of_line), "of", ("name", "seller_item_id"), ("net",))
    postings = Posting.objects.filter(invoice__in=invoices.values("id"))
    of_posting = Coalesce(F("invoice__match__stream"), F("invoice__stream"))
    all_of.take(postings.annotate(of=of_posting), "of", ("voucher", "batch__number", "supplier_no"))


def _people(all_of: Gathering, names: dict[Any, str]) -> None:
    """Whoever did something in a purchase can be searched for."""
    acted = Entry.objects.filter(stream__in=all_of.streams, actor__isnull=False)
    for stream, actor in acted.values_list("stream", "actor").distinct():
        if stream in all_of.found:
            all_of.found[stream].take([names.get(actor, "")])
