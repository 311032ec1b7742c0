"""Ready postings leave as one batch: what belongs together together, and only to accounts confirmed now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from avrop.accounting import queries, states, sums
from avrop.accounting.events import BatchReleased, BatchSent
from avrop.accounting.facts import INVOICE, Tally
from avrop.accounting.models import BatchItem, Posting, PostingBatch
from avrop.accounting.permissions import may_release
from avrop.journal.operation import operation, work
from avrop.journal.within import lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.suppliers.facts import accounts_stream
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import next_number

NAMED = 5  # invoices named in a refusal


@operation
def release_batch(*, posting_ids: Sequence[UUID] | None = None) -> UUID:
    """Release ready postings (None: all that can go) as one batch; returns its id. The accountant only.

    A credit note goes with its original while that one waits too, a reversal with its new posting; a credit
    note whose original is not booked yet stays. Every account to be paid must be confirmed as the supplier's
    at this moment, whatever it was when the invoice was matched (Decision 5).

    Raises Refusal: NOTHING_READY, POSTING_NOT_READY, CREDIT_WAITS, ACCOUNT_NOT_CONFIRMED, ACCOUNTANT_ONLY.
    """
    demand(may_release(viewer()))
    buyer_id = viewer().organisation_id
    assert buyer_id is not None
    chosen = None if posting_ids is None else _with_partners(set(posting_ids))
    ready = Posting.objects.filter(state=states.READY)
    rows = ready if chosen is None else ready.filter(id__in=chosen)
    # The suppliers' accounts stand still from here: a withdrawal waits, or is seen.
    for supplier in sorted(set(rows.values_list("supplier_id", flat=True))):
        lock_stream(accounts_stream(buyer_id, supplier))
    postings = list(rows.select_for_update().order_by("created_at", "id"))
    if posting_ids is not None and not set(posting_ids) <= {one.id for one in postings}:
        raise Refusal("POSTING_NOT_READY")
    postings = _without_waiting(postings, posting_ids)
    if not postings:
        raise Refusal("NOTHING_READY")
    _demand_accounts(postings)
    return _release(buyer_id, postings)


def _release(buyer_id: UUID, postings: Sequence[Posting]) -> UUID:
    batch = _batch(buyer_id, postings)
    lock_stream(stream_of(batch))
    batch.save(force_insert=True)
    items = [
        BatchItem(buyer_id=buyer_id, batch=batch, posting=one, position=n, payable=one.payable)
        for n, one in enumerate(postings, 1)
    ]
    BatchItem.objects.bulk_create(items)
    ids = [one.id for one in postings]
    Posting.objects.filter(id__in=ids).update(state=states.RELEASED, batch=batch)
    for one in postings:
        one.state, one.batch = states.RELEASED, batch
    left = Tally(batch.count, batch.total)
    sums.move(buyer_id, {sums.RELEASED: left, sums.SENT: sums.of(one.payable for one in items)})
    record(
        BatchReleased(batch_id=batch.id),
        tenant=buyer_id,
        stream=stream_of(batch),
        subject=batch,
        changed=[batch, *items, *postings],
    )
    return UUID(str(batch.id))


def _with_partners(chosen: set[UUID]) -> set[UUID]:
    """What was ticked and what belongs to it: a ready credit note's ready originals and the other way, and the
    two halves of a correction."""
    ready = Posting.objects.filter(state=states.READY)
    special = list(ready.exclude(kind=INVOICE).defer("parts"))
    if not special:
        return chosen
    about = {one for row in special for one in queries.credited(row)} | {row.invoice_id for row in special}
    rows = {row.id: row for row in special}
    rows |= {row.id: row for row in ready.filter(invoice_id__in=about).defer("parts")}
    waits = queries.credits_that_wait(special)
    bound = [
        {row.id} | {other.id for other in rows.values() if _belongs(row, other)}
        for row in special
        if row.id not in waits
    ]
    while more := {one for group in bound if group & chosen for one in group} - chosen:
        chosen = chosen | more
    return chosen


def _belongs(row: Posting, other: Posting) -> bool:
    """`other` is what the credit note `row` credits, or the other half of a correction."""
    return other.invoice_id in queries.credited(row) or (
        row.invoice_id == other.invoice_id and row.turn > 0 and other.turn > 0
    )


def _without_waiting(postings: list[Posting], asked: Collection[UUID] | None) -> list[Posting]:
    waits = queries.credits_that_wait(postings)
    named = [one for one in postings if one.id in waits and asked is not None and one.id in asked]
    if named:
        numbers = [number for one in named for _id, number in one.credits]
        raise Refusal("CREDIT_WAITS", number=named[0].invoice_number, originals=", ".join(numbers[:NAMED]))
    return [one for one in postings if one.id not in waits]


def _demand_accounts(postings: Iterable[Posting]) -> None:
    wrong = queries.unknown_accounts(postings)
    if wrong:
        shown = ", ".join(f"{one.invoice_number} ({one.bank_account or '–'})" for one in wrong[:NAMED])
        raise Refusal("ACCOUNT_NOT_CONFIRMED", count=len(wrong), invoices=shown)


def _batch(buyer_id: UUID, postings: Sequence[Posting]) -> PostingBatch:
    return PostingBatch(
        buyer_id=buyer_id,
        number=next_number(buyer_id, "batch"),
        count=len(postings),
        total=sum(one.payable for one in postings),
        released_by=viewer().person_id,
        released_at=work().at,
    )


def stream_of(batch: PostingBatch) -> str:
    """The batch's own stream."""
    return f"batch:{batch.id.hex}"


@operation
def mark_sent(*, batch_id: UUID, sha256: str, sha256_csv: str = "") -> None:
    """The accounting system has the files, kept under these hashes as they left. Noted before: nothing."""
    batch = PostingBatch.objects.select_for_update().get(id=batch_id)
    if batch.sent_at is not None:
        return
    batch.sent_at, batch.sha256, batch.sha256_csv = work().at, sha256, sha256_csv
    if batch.state == states.RELEASED:
        batch.state = states.SENT
    batch.save(update_fields=["sent_at", "sha256", "sha256_csv", "state"])
    record(BatchSent(batch_id=batch.id), tenant=batch.buyer_id, stream=stream_of(batch), subject=batch)
