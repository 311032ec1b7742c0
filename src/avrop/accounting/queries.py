"""Reads of postings and batches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from avrop.accounting.facts import BatchFacts, PostingFacts, PostingLineFacts
from avrop.accounting.models import Posting, PostingBatch, PostingLine
from avrop.accounting.states import READY

_LINE = ("kind", "account", "amount", "responsibility", "function", "project", "vat_code", "text")
_POSTING = (
    "id",
    "invoice_id",
    "batch_id",
    "stream",
    "supplier_id",
    "supplier__name",
    "supplier__orgnr",
    "supplier_no",
    "invoice_number",
    "invoice_date",
    "due_date",
    "payable",
    "payment_reference",
    "bank_account",
    "original",
    "state",
    "voucher",
    "posted_at",
)
_BATCH = (
    "id",
    "buyer_id",
    "number",
    "state",
    "count",
    "total",
    "answered_count",
    "answered_total",
    "sha256",
    "released_by",
    "released_at",
    "sent_at",
    "answered_at",
)


def batch(batch_id: UUID) -> BatchFacts:
    """A batch with its postings and their lines, in three statements. Raises PostingBatch.DoesNotExist."""
    row = PostingBatch.objects.values_list(*_BATCH).get(id=batch_id)
    return replace(BatchFacts(*row), postings=_postings(Posting.objects.filter(batch_id=batch_id)))


def batches() -> Any:
    """The viewer's batches as a queryset for a list."""
    return PostingBatch.objects.all()


def ready() -> tuple[PostingFacts, ...]:
    """Postings that wait for the accountant, oldest first, with lines."""
    return _postings(Posting.objects.filter(state=READY))


def of_invoices(invoice_ids: Iterable[UUID]) -> dict[UUID, PostingFacts]:
    """Postings by invoice, in two statements."""
    found = _postings(Posting.objects.filter(invoice_id__in=set(invoice_ids)))
    return {one.invoice_id: one for one in found}


def of_invoice(invoice_id: UUID) -> PostingFacts | None:
    """The posting of an invoice, if it has one."""
    return of_invoices([invoice_id]).get(invoice_id)


def batches_of(batch_ids: Iterable[UUID]) -> dict[UUID, BatchFacts]:
    """Batches by id, without postings, in one statement."""
    rows = PostingBatch.objects.filter(id__in=set(batch_ids)).values_list(*_BATCH)
    return {row[0]: BatchFacts(*row) for row in rows}


@dataclass(frozen=True, slots=True)
class Tally:
    """How many and how much (øre) in one state."""

    count: int
    total: int


def tallies() -> dict[str, Tally]:
    """Postings `ready`, and batches by state, in two statements."""
    held = Posting.objects.filter(state=READY).aggregate(n=Count("id"), total=Sum("payable"))
    rows = PostingBatch.objects.values("state").annotate(n=Count("id"), sum=Sum("total"))
    return {
        READY: Tally(held["n"], held["total"] or 0),
        **{row["state"]: Tally(row["n"], row["sum"]) for row in rows},
    }


def _postings(rows: Any) -> tuple[PostingFacts, ...]:
    found = list(rows.order_by("created_at", "id").values_list(*_POSTING))
    lines: dict[UUID, list[PostingLineFacts]] = {}
    ids = [row[0] for row in found]
    held = PostingLine.objects.filter(posting_id__in=ids).order_by("posting_id", "position")
    for posting_id, *fields in held.values_list("posting_id", *_LINE) if ids else ():
        lines.setdefault(posting_id, []).append(PostingLineFacts(*fields))
    return tuple(replace(PostingFacts(*row), lines=tuple(lines.get(row[0], ()))) for row in found)
