"""What the accounting system answers: taken where it reconciles, kept and shown to somebody where it does not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from avrop.accounting import rules, states, sums
from avrop.accounting.events import (
    AnswerContradicted,
    AnswerRefused,
    BatchMismatched,
    BatchPosted,
)
from avrop.accounting.facts import BatchAnswer, Tally
from avrop.accounting.models import BatchItem, Posting, PostingBatch
from avrop.accounting.operations.propose import parts_of
from avrop.accounting.operations.release import stream_of
from avrop.commitments import within as commitments
from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import OSLO
from avrop.tenancy.facts import ACCOUNTANT
from avrop.tenancy.scope import viewer, viewer_or_none


@operation
def take_answer(*, answer: BatchAnswer) -> bool:
    """Take the accounting system's answer to a batch. True when it reconciles on count, sum and vouchers.

    Then what it accepted is posted and its cost goes from invoiced to posted; what it rejected goes back to
    the accountant with the reason. Otherwise nothing is posted, and a case is open. The same answer again
    changes nothing; another answer to a batch that is settled changes nothing either, and opens a case.
    Raises Refusal UNKNOWN_BATCH.
    """
    batch = PostingBatch.objects.select_for_update().filter(id=answer.batch_id).first()
    if batch is None:
        raise Refusal("UNKNOWN_BATCH", batch=answer.batch_id.hex)
    if batch.state in states.SETTLED:
        return _again(batch, answer)
    postings = list(
        Posting.objects.select_for_update().filter(items__batch=batch).order_by("items__position")
    )
    why = rules.mismatch({one.id: one.payable for one in postings}, answer, _used(batch, answer))
    batch.answered_count, batch.answered_total, batch.answered_at = answer.count, answer.total, work().at
    before = batch.state
    rejected = [one for one in postings if one.id in answer.rejected]
    batch.rejected_count, batch.rejected_total = len(rejected), sum(one.payable for one in rejected)
    batch.state = states.MISMATCH if why else states.PARTLY if rejected else states.ANSWERED
    batch.save()
    changed: list[Any] = _mismatched(batch, before, why) if why else _settled(batch, postings, answer)
    event: object = BatchMismatched(batch.id)
    if not why:
        accepted = tuple(one.invoice_id for one in postings if one.id not in answer.rejected)
        event = BatchPosted(batch.id, accepted, tuple(one.invoice_id for one in rejected))
    record(
        event,
        tenant=batch.buyer_id,
        stream=stream_of(batch),
        subject=batch,
        changed=[batch, *changed],
        reason=why,
    )
    return not why


def _used(batch: PostingBatch, answer: BatchAnswer) -> set[str]:
    """Voucher numbers of the answer that stand on other postings of the same year (a series begins anew)."""
    year = work().at.astimezone(OSLO).year
    rows = Posting.objects.filter(voucher__in=[one for one in answer.vouchers.values() if one])
    found = rows.filter(posted_at__year=year).exclude(batch=batch)
    return set(found.values_list("voucher", flat=True))


def _again(batch: PostingBatch, answer: BatchAnswer) -> bool:
    items = BatchItem.objects.filter(batch=batch)
    known = {one.posting_id: (one.state, one.voucher) for one in items}
    said = {one: ("posted", voucher) for one, voucher in answer.vouchers.items()}
    said |= dict.fromkeys(answer.rejected, ("rejected", ""))
    if known == said:
        return True
    if not Case.objects.filter(subject=label(batch), kind="batch_contradicted", state="open").exists():
        case = _case(batch, "batch_contradicted", "BATCH_CONTRADICTED")
        record(AnswerContradicted(batch.id), tenant=batch.buyer_id, stream=stream_of(batch), subject=case)
    return False


def _mismatched(batch: PostingBatch, before: str, why: str) -> list[Any]:
    return [] if before == states.MISMATCH else [_case(batch, "batch_mismatch", "BATCH_MISMATCH", why=why)]


def _case(batch: PostingBatch, kind: str, reason: str, **more: object) -> Case:
    return open_case(
        tenant=batch.buyer_id,
        kind=kind,
        subject=label(batch),
        reason=reason,
        params={"number": batch.number, **more},
        owner_role=ACCOUNTANT,
    )


def _settled(batch: PostingBatch, postings: Sequence[Posting], answer: BatchAnswer) -> list[Any]:
    items = {one.posting_id: one for one in BatchItem.objects.filter(batch=batch)}
    cases: list[Case] = []
    for one in postings:
        item = items[one.id]
        if one.id in answer.rejected:
            one.state, one.rejection = states.REJECTED, answer.rejected[one.id]
            item.state, item.reason = "rejected", one.rejection
            cases.append(_rejection(one))
        else:
            one.state, one.voucher, one.posted_at = states.POSTED, answer.vouchers[one.id], work().at
            one.rejection = ""
            item.state, item.voucher = "posted", one.voucher
    _update(Posting, postings, ["state", "voucher", "posted_at", "rejection"])
    _update(BatchItem, list(items.values()), ["state", "voucher", "reason"])
    accepted = [one for one in postings if one.id not in answer.rejected]
    moves = [move for one in accepted for move in rules.posted_moves(parts_of(one))]
    _, movements = commitments.move(buyer_id=batch.buyer_id, source=label(batch), moves=moves)
    _sum_up(batch, items.values(), accepted)
    closed = close_cases(label(batch), ("batch_mismatch", "batch_late"), outcome="answered")
    return [*postings, *items.values(), *movements, *cases, *closed]


def _sum_up(batch: PostingBatch, items: Iterable[BatchItem], booked: Iterable[Posting]) -> None:
    """Each place in the batch leaves what is sent, for what it became."""
    by: dict[str, list[int]] = {}
    for one in items:
        by.setdefault(one.state, []).append(one.payable)
    answered = {what: sums.of(amounts) for what, amounts in by.items()}
    gone = Tally(-sum(one.count for one in answered.values()), -sum(one.total for one in answered.values()))
    now_booked = sums.of(one.payable for one in booked)
    sums.move(batch.buyer_id, {**answered, sums.SENT: gone, sums.BOOKED: now_booked})


def _update(model: Any, rows: Sequence[Any], names: list[str]) -> None:
    model.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=names)


def _rejection(posting: Posting) -> Case:
    return open_case(
        tenant=posting.buyer_id,
        kind="posting_rejected",
        subject=label(posting),
        reason="POSTING_REJECTED",
        params={"number": posting.invoice_number, "why": posting.rejection},
        owner_role=ACCOUNTANT,
    )


def close_cases(subject: str, kinds: Sequence[str], outcome: str) -> list[Case]:
    """Close the open cases of these kinds about one thing; the caller puts them among `changed`."""
    who = viewer_or_none()
    rows = list(Case.objects.filter(subject=subject, kind__in=kinds, state="open"))
    for one in rows:
        one.state, one.outcome, one.closed_at = "closed", outcome, work().at
        one.closed_by = who.person_id if who else None
        one.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    return rows


@operation
def refuse_answer(*, name: str, sha256: str, why: str) -> None:
    """An answer that cannot be read, or is about no batch of ours: a case for the accountant, once for its bytes.

    `sha256` is where the bytes are kept.
    """
    buyer_id = viewer().organisation_id
    assert buyer_id is not None
    stream = f"answer:{sha256}"
    lock_stream(stream)
    if Case.objects.filter(subject=stream, state="open").exists():
        return
    case = open_case(
        tenant=buyer_id,
        kind="bad_answer",
        subject=stream,
        reason=why,
        params={"name": name[:60]},
        owner_role=ACCOUNTANT,
    )
    record(AnswerRefused(name[:60], sha256, why), tenant=buyer_id, stream=stream, subject=case)
