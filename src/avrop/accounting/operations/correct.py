"""Mending what was rejected, and correcting what is posted: by full reversal and a new posting (bokføringsloven §9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Max

from avrop.accounting import defaults, rules, states
from avrop.accounting.events import PostingMended, PostingReversed
from avrop.accounting.facts import CORRECTION, REVERSAL, PostingLineFacts
from avrop.accounting.models import Posting, PostingLine
from avrop.accounting.operations.answer import close_cases
from avrop.accounting.operations.propose import line_rows, parts_of
from avrop.accounting.permissions import may_release
from avrop.coding import queries as coding
from avrop.coding.facts import DIMENSIONS, Coding
from avrop.commitments import within as commitments
from avrop.commitments.facts import Move
from avrop.invoicing import queries as invoicing
from avrop.journal.operation import operation, work
from avrop.journal.within import label, lock_stream, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id
from avrop.matching.facts import Allocation
from avrop.suppliers import queries as suppliers
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer


@operation
def mend_posting(
    *,
    posting_id: UUID,
    comment: str,
    codings: Mapping[int, Coding] | None = None,
    supplier_no: str | None = None,
    bank_account: str | None = None,
) -> None:
    """A posting that the accounting system rejected is ready again, for a new batch. The accountant only.

    `codings` by part (from 0) recode its costs, which move in the budget; a reversal keeps its lines. With nothing
    changed it was mended on the other side. Raises Refusal: POSTING_NOT_REJECTED, REASON_NEEDED, REVERSAL_STANDS,
    CODE_UNKNOWN, CODING_INCOMPLETE, ACCOUNT_NOT_CONFIRMED, ACCOUNTANT_ONLY; Posting.DoesNotExist.
    """
    posting = _locked(posting_id, comment)
    if posting.state != states.REJECTED:
        raise Refusal("POSTING_NOT_REJECTED", number=posting.invoice_number)
    if codings and posting.kind == REVERSAL:
        raise Refusal("REVERSAL_STANDS", number=posting.invoice_number)
    old = parts_of(posting)
    new = _recoded(old, codings)
    _details(posting, supplier_no, bank_account)
    posting.state, posting.parts = states.READY, rules.parts_out(new)
    posting.save()
    removed: list[Any] = []
    changed: list[Any] = [posting]
    if new != old:
        removed = list(PostingLine.objects.filter(posting=posting))
        PostingLine.objects.filter(posting=posting).delete()
        changed += _write_lines(posting, _lines(posting, new))
        changed += _move(posting, [*rules.proposed_moves(old, -1), *rules.proposed_moves(new)])
    changed += close_cases(label(posting), ("posting_rejected",), outcome=comment.strip())
    record(
        PostingMended(posting.invoice_id, posting.id),
        tenant=posting.buyer_id,
        stream=posting.stream,
        subject=posting,
        changed=changed,
        removed=removed,
        reason=comment.strip(),
    )


@operation
def reverse_posting(
    *,
    posting_id: UUID,
    reason: str,
    codings: Mapping[int, Coding] | None = None,
    supplier_no: str | None = None,
) -> tuple[UUID, UUID]:
    """Correct what is posted: one posting reverses it in full, another books it anew; (reversal, new posting).

    Both are ready for the accountant's next batch, in which they go together. What was posted is not touched
    (bokføringsloven §9). Raises Refusal: POSTING_NOT_POSTED, POSTING_REVERSED, REVERSAL_STANDS, REASON_NEEDED,
    NOTHING_CHANGED, CODE_UNKNOWN, CODING_INCOMPLETE, ACCOUNTANT_ONLY; Posting.DoesNotExist.
    """
    posting = _locked(posting_id, reason)
    if posting.kind == REVERSAL:
        raise Refusal("REVERSAL_STANDS", number=posting.invoice_number)
    if posting.state != states.POSTED:
        raise Refusal("POSTING_NOT_POSTED", number=posting.invoice_number)
    if Posting.objects.filter(reverses=posting).exists():
        raise Refusal("POSTING_REVERSED", number=posting.invoice_number)
    old = parts_of(posting)
    new = _recoded(old, codings)
    if new == old and supplier_no in (None, posting.supplier_no):
        raise Refusal("NOTHING_CHANGED")
    top = Posting.objects.filter(invoice_id=posting.invoice_id).aggregate(top=Max("turn"))["top"]
    back = _copy(posting, REVERSAL, top + 1, rules.negated(old))
    back.reverses, back.payable = posting, -posting.payable
    anew = _copy(posting, CORRECTION, top + 2, new)
    anew.corrects = posting
    _details(anew, supplier_no, None)
    lines = [(back, _turned(posting)), (anew, _lines(posting, new))]
    changed: list[Any] = [back, anew]
    for row, mine in lines:
        row.save(force_insert=True)
        changed += _write_lines(row, mine)
    moves = [*rules.proposed_moves(rules.negated(old)), *rules.proposed_moves(new)]
    changed += _move(back, moves)
    record(
        PostingReversed(posting.invoice_id, posting.id, back.id, anew.id),
        tenant=posting.buyer_id,
        stream=posting.stream,
        subject=posting,
        changed=changed,
        reason=reason.strip(),
    )
    return back.id, anew.id


def _locked(posting_id: UUID, reason: str) -> Posting:
    demand(may_release(viewer()))
    lock_stream(Posting.objects.values_list("stream", flat=True).get(id=posting_id))
    posting = Posting.objects.select_for_update().get(id=posting_id)
    if not reason.strip():
        raise Refusal("REASON_NEEDED")
    return posting


def _recoded(parts: Sequence[Allocation], codings: Mapping[int, Coding] | None) -> tuple[Allocation, ...]:
    new = rules.recoded(parts, codings or {})
    fresh = [one.coding for one, old in zip(new, parts, strict=True) if one != old]
    if not all(one.complete for one in fresh):
        raise Refusal("CODING_INCOMPLETE")
    asked = [(name, getattr(one, name)) for one in fresh for name in DIMENSIONS]
    unknown = coding.unknown_codes(asked) if asked else []
    if unknown:
        raise Refusal("CODE_UNKNOWN", value=unknown[0][1])
    return new


def _details(posting: Posting, supplier_no: str | None, bank_account: str | None) -> None:
    if supplier_no is not None:
        posting.supplier_no = supplier_no.strip()[:20]
    if bank_account is not None and bank_account != posting.bank_account:
        known = suppliers.confirmed_accounts([posting.supplier_id]).get(posting.supplier_id, frozenset())
        if bank_account not in known:
            shown = f"{posting.invoice_number} ({bank_account})"
            raise Refusal("ACCOUNT_NOT_CONFIRMED", count=1, invoices=shown)
        posting.bank_account = bank_account


def _copy(posting: Posting, kind: str, turn: int, parts: Sequence[Allocation]) -> Posting:
    """A new posting of the same document."""
    same = (
        *("buyer_id", "invoice_id", "stream", "supplier_id", "supplier_no", "invoice_number"),
        *("invoice_date", "due_date", "payable", "payment_reference", "bank_account", "original"),
    )
    values = {name: getattr(posting, name) for name in same}
    return Posting(
        id=new_id(), kind=kind, turn=turn, parts=rules.parts_out(parts), created_at=work().at, **values
    )


def _turned(posting: Posting) -> list[PostingLineFacts]:
    """The posted lines, each the other way: what was booked, to the øre, not what we would book today."""
    rows = PostingLine.objects.filter(posting=posting).order_by("position")
    return [
        PostingLineFacts(
            one.kind,
            one.account,
            -one.amount,
            one.responsibility,
            one.function,
            one.project,
            one.vat_code,
            one.text,
        )
        for one in rows
    ]


def _lines(posting: Posting, parts: Sequence[Allocation]) -> tuple[PostingLineFacts, ...]:
    return rules.post(invoicing.header(posting.invoice_id), parts, defaults.chart())


def _write_lines(posting: Posting, lines: Sequence[PostingLineFacts]) -> list[Any]:
    rows = line_rows(posting, lines)
    PostingLine.objects.bulk_create(rows)
    return list(rows)


def _move(posting: Posting, moves: Sequence[Move]) -> list[Any]:
    _, movements = commitments.move(buyer_id=posting.buyer_id, source=label(posting), moves=moves)
    return list(movements)
