"""Reads of postings and batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum

from avrop.accounting import states, sums
from avrop.accounting.facts import (
    COST,
    LATE_AFTER,
    REVERSAL,
    BatchFacts,
    ItemFacts,
    Link,
    PostingFacts,
    PostingLineFacts,
    Tally,
)
from avrop.accounting.models import BatchItem, Posting, PostingBatch, PostingLine
from avrop.accounting.rules import held_back, parts_in
from avrop.invoicing import queries as invoicing
from avrop.kernel.ports import now
from avrop.matching import queries as matching
from avrop.matching.facts import Allocation
from avrop.suppliers import queries as suppliers

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
    "kind",
    "turn",
    "rejection",
)
_LINKS = ("credits", "reverses_id", "corrects_id")
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
    "sha256_csv",
    "rejected_count",
    "rejected_total",
    "resent",
    "late_at",
)
_ITEM = ("posting_id", "payable", "state", "voucher", "reason")


def batch(batch_id: UUID) -> BatchFacts:
    """A batch with its postings and their lines, in four statements (five with credit notes or corrections).

    Raises PostingBatch.DoesNotExist.
    """
    row = PostingBatch.objects.values_list(*_BATCH).get(id=batch_id)
    items = BatchItem.objects.filter(batch_id=batch_id).order_by("position").values_list(*_ITEM)
    found = tuple(ItemFacts(*one) for one in items)
    postings = {one.id: one for one in _postings(Posting.objects.filter(items__batch_id=batch_id))}
    in_order = tuple(postings[one.posting_id] for one in found)
    return replace(BatchFacts(*row), postings=in_order, items=found)


def batches() -> Any:
    """The viewer's batches as a queryset for a list."""
    return PostingBatch.objects.all()


def postings() -> Any:
    """The viewer's postings as a queryset for a list."""
    return Posting.objects.select_related("supplier", "batch").defer("parts")


def ready_rows() -> Any:
    """Postings that wait for the accountant as a queryset for a list."""
    return Posting.objects.filter(state=states.READY).select_related("supplier")


def posting(posting_id: UUID) -> PostingFacts:
    """One posting with lines and links. Raises Posting.DoesNotExist."""
    found = _postings(Posting.objects.filter(id=posting_id))
    if not found:
        raise Posting.DoesNotExist(str(posting_id))
    return found[0]


def parts(posting_id: UUID) -> tuple[Allocation, ...]:
    """The costs that a posting stands for. Raises Posting.DoesNotExist."""
    row = Posting.objects.only("parts", "invoice_id").get(id=posting_id)
    return parts_in(row.parts) or matching.allocation(row.invoice_id)


def cost_lines(posting_ids: Iterable[UUID]) -> dict[UUID, list[PostingLineFacts]]:
    """The cost lines of some postings, in one statement."""
    rows = PostingLine.objects.filter(posting_id__in=set(posting_ids), kind=COST)
    found: dict[UUID, list[PostingLineFacts]] = {}
    for posting_id, *fields in rows.order_by("posting_id", "position").values_list("posting_id", *_LINE):
        found.setdefault(posting_id, []).append(PostingLineFacts(*fields))
    return found


def batch_header(batch_id: UUID) -> BatchFacts:
    """A batch without its postings. Raises PostingBatch.DoesNotExist."""
    return BatchFacts(*PostingBatch.objects.values_list(*_BATCH).get(id=batch_id))


def items_of(batch_id: UUID) -> Any:
    """A batch's postings with what was answered, as a queryset for a list."""
    return BatchItem.objects.filter(batch_id=batch_id).select_related("posting", "posting__supplier")


def later_of(posting_id: UUID) -> list[Posting]:
    """The postings that reverse or correct this one."""
    # One look-up for each: of "this or that" SQLite reads every posting of the buyer.
    found = [*Posting.objects.filter(reverses_id=posting_id), *Posting.objects.filter(corrects_id=posting_id)]
    return sorted({one.id: one for one in found}.values(), key=lambda one: one.turn)


def credited_by(invoice_id: UUID) -> list[Posting]:
    """The first postings of the credit notes about an invoice, oldest first. At most two statements."""
    notes = invoicing.credited_by(invoice_id)
    rows = Posting.objects.filter(invoice_id__in=notes, turn=0) if notes else ()
    mine = [row for row in rows if invoice_id in credited(row)]
    return sorted(mine, key=lambda row: (row.created_at, row.id))


def places_of(posting_id: UUID) -> list[tuple[PostingBatch, ItemFacts]]:
    """Every batch a posting was in, the latest first."""
    rows = BatchItem.objects.filter(posting_id=posting_id).select_related("batch")
    return [
        (row.batch, ItemFacts(row.posting_id, row.payable, row.state, row.voucher, row.reason))
        for row in rows.order_by("-batch__released_at", "-batch__number")
    ]


def ready() -> tuple[PostingFacts, ...]:
    """Postings that wait for the accountant, oldest first, with lines."""
    return _postings(Posting.objects.filter(state=states.READY))


def of_invoices(invoice_ids: Iterable[UUID]) -> dict[UUID, PostingFacts]:
    """The posting that stands for each invoice (its last one that is no reversal)."""
    rows = Posting.objects.filter(invoice_id__in=set(invoice_ids)).exclude(kind=REVERSAL)
    standing: dict[UUID, PostingFacts] = {}
    for one in _postings(rows):
        if one.invoice_id not in standing or one.turn > standing[one.invoice_id].turn:
            standing[one.invoice_id] = one
    return standing


def of_invoice(invoice_id: UUID) -> PostingFacts | None:
    """The posting that stands for an invoice, if it has one."""
    return of_invoices([invoice_id]).get(invoice_id)


def all_of_invoice(invoice_id: UUID) -> tuple[PostingFacts, ...]:
    """Everything booked of an invoice: the first posting, reversals and corrections, in turn."""
    found = _postings(Posting.objects.filter(invoice_id=invoice_id))
    return tuple(sorted(found, key=lambda one: one.turn))


def batches_of(batch_ids: Iterable[UUID]) -> dict[UUID, BatchFacts]:
    """Batches by id, without postings, in one statement."""
    rows = PostingBatch.objects.filter(id__in=set(batch_ids)).values_list(*_BATCH)
    return {row[0]: BatchFacts(*row) for row in rows}


def tallies() -> dict[str, Tally]:
    """Postings `ready` and `rejected`, and batches by state, in two statements."""
    waiting = Q(state=states.READY), Q(state=states.REJECTED)
    held = Posting.objects.filter(state__in=(states.READY, states.REJECTED)).aggregate(
        n=Count("state", filter=waiting[0]),
        total=Sum("payable", filter=waiting[0]),
        bad=Count("state", filter=waiting[1]),
        bad_total=Sum("payable", filter=waiting[1]),
    )
    # Counted by what the index holds, so that no batch itself is read.
    rows = PostingBatch.objects.order_by().values("state").annotate(n=Count("state"), sum=Sum("total"))
    return {
        states.READY: Tally(held["n"], held["total"] or 0),
        states.REJECTED: Tally(held["bad"], held["bad_total"] or 0),
        **{row["state"]: Tally(row["n"], row["sum"]) for row in rows},
    }


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Everything released against everything answered, in number and øre; `open` is what is not answered."""

    released: Tally
    posted: Tally
    rejected: Tally
    open: Tally
    booked: Tally  # the same as `posted`, from the postings themselves

    @property
    def agrees(self) -> bool:
        """What was sent is posted, rejected or open, and the postings say the same as the batches."""
        parts = (self.posted, self.rejected, self.open)
        whole = Tally(sum(one.count for one in parts), sum(one.total for one in parts))
        return whole == self.released and self.posted == self.booked


def reconciliation() -> Reconciliation:
    """Sent against answered, over all batches of the viewer's organisation. One statement."""
    kept = defaultdict(lambda: sums.NONE, sums.kept())
    return Reconciliation(
        released=kept[sums.RELEASED],
        posted=kept[sums.POSTED],
        rejected=kept[sums.REJECTED],
        open=kept[sums.SENT],
        booked=kept[sums.BOOKED],
    )


def unsettled() -> Any:
    """Batches without an answer that agrees, as a queryset for a list."""
    rows = PostingBatch.objects.all()
    for state in states.SETTLED:  # in the words of the index `batch_unsettled`
        rows = rows.exclude(state=state)
    return rows


def late(at: datetime) -> list[tuple[UUID, UUID]]:
    """(buyer, batch) of all buyers' batches that should have been answered, and nobody was told. For the worker.

    Needs sight of every organisation (`scope.everything`).
    """
    limit = at - LATE_AFTER
    rows = PostingBatch.objects.filter(state__in=(states.RELEASED, states.SENT), late_at=None)
    overdue = rows.filter(Q(sent_at__lt=limit) | Q(sent_at=None, released_at__lt=limit))
    return list(overdue.order_by("released_at", "id").values_list("buyer_id", "id"))


def is_late(one: BatchFacts | PostingBatch) -> bool:
    """True when the answer should have come by now."""
    since = one.sent_at or one.released_at
    return one.state in (states.RELEASED, states.SENT) and bool(since < now() - LATE_AFTER)


def unknown_accounts(rows: Iterable[Posting]) -> list[Posting]:
    """Postings with something to pay whose account is not confirmed as the supplier's now. One statement."""
    paying = [one for one in rows if one.payable > 0]
    known = suppliers.confirmed_accounts({one.supplier_id for one in paying})
    return [one for one in paying if one.bank_account not in known.get(one.supplier_id, frozenset())]


def credits_that_wait(rows: Sequence[Posting]) -> dict[UUID, tuple[UUID, ...]]:
    """Ready credit notes whose originals have no posting yet, with those invoices. At most one statement."""
    mine = {row.id: (row.kind, credited(row)) for row in rows if row.credits}
    wanted = {one for _kind, ids in mine.values() for one in ids}
    return held_back(mine, states_of(wanted)) if wanted else {}


def credited(row: Posting) -> tuple[UUID, ...]:
    """The invoices that a credit note's posting is about."""
    return tuple(UUID(one) for one, _number in row.credits)


def states_of(invoice_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The state of each invoice's first posting."""
    rows = Posting.objects.filter(invoice_id__in=set(invoice_ids), turn=0)
    return dict(rows.values_list("invoice_id", "state"))


def _postings(rows: Any) -> tuple[PostingFacts, ...]:
    found = list(rows.order_by("created_at", "id").values_list(*_POSTING, *_LINKS))
    lines: dict[UUID, list[PostingLineFacts]] = {}
    ids = [row[0] for row in found]
    held = PostingLine.objects.filter(posting_id__in=ids).order_by("posting_id", "position")
    for posting_id, *fields in held.values_list("posting_id", *_LINE) if ids else ():
        lines.setdefault(posting_id, []).append(PostingLineFacts(*fields))
    links = _links({row[0]: row[len(_POSTING) :] for row in found})
    return tuple(
        replace(
            PostingFacts(*row[: len(_POSTING)]),
            lines=tuple(lines.get(row[0], ())),
            links=links.get(row[0], ()),
        )
        for row in found
    )


def _links(wanted: Mapping[UUID, Sequence[Any]]) -> dict[UUID, tuple[Link, ...]]:
    """What each posting is about; a statement only where one is about anything."""
    others = {one for _c, *ids in wanted.values() for one in ids if one}
    invoices = {UUID(one) for credits, *_ids in wanted.values() for one, _number in credits}
    if not others and not invoices:
        return {}
    rows = Posting.objects.filter(Q(id__in=others) | Q(invoice_id__in=invoices, turn=0))
    known = list(rows.values_list("id", "invoice_id", "invoice_number", "turn"))
    by_id = {row[0]: row for row in known}
    first = {row[1]: row[0] for row in known if row[3] == 0}
    result: dict[UUID, tuple[Link, ...]] = {}
    for ident, (credits, reverses, corrects) in wanted.items():
        mine = [Link("credits", number, UUID(one), first.get(UUID(one))) for one, number in credits]
        for kind, other in (("reverses", reverses), ("corrects", corrects)):
            if other:
                mine.append(Link(kind, by_id[other][2], by_id[other][1], other))
        result[ident] = tuple(mine)
    return result
