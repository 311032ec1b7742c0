"""Writes on postings and batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from avrop.accounting import defaults, rules, states
from avrop.accounting.events import (
    BatchMismatched,
    BatchPosted,
    BatchReleased,
    BatchSent,
    PostingProposed,
)
from avrop.accounting.facts import BatchAnswer
from avrop.accounting.models import Posting, PostingBatch, PostingLine
from avrop.accounting.permissions import may_release
from avrop.commitments import within as commitments
from avrop.commitments.facts import Move
from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_if_new
from avrop.journal.within import label, lock_stream, open_case, record
from avrop.kernel.finding import Refusal
from avrop.matching import queries as matching
from avrop.suppliers import queries as suppliers
from avrop.suppliers.facts import Relation
from avrop.tenancy.facts import ACCOUNTANT
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.tenancy.within import next_number


@operation
def propose_posting(*, invoice_id: UUID) -> None:
    """A balanced posting of an approved invoice. There already, or not approved: nothing.

    Raises Refusal POSTING_UNBALANCED where the costs do not make up the invoice.
    """
    parts = matching.allocation(invoice_id)
    if not parts:
        return
    invoice = invoicing.header(invoice_id)
    if invoice.supplier_id is None:
        raise Refusal("POSTING_UNBALANCED", number=invoice.number, rest=invoice.payable)
    lines = rules.post(invoice, parts, defaults.chart())
    posting = _posting(invoice, invoice.supplier_id, _relation(invoice))
    if not insert_if_new(posting, ("invoice",)):
        return
    rows = [_row(posting, position, one) for position, one in enumerate(lines, 1)]
    PostingLine.objects.bulk_create(rows)
    record(
        PostingProposed(invoice_id=invoice_id, posting_id=posting.id),
        tenant=posting.buyer_id,
        stream=posting.stream,
        subject=posting,
        changed=[posting, *rows],
    )


def _relation(invoice: InvoiceFacts) -> Relation | None:
    """The relation; with its bank accounts only where the invoice names none."""
    supplier = invoice.supplier_id
    if supplier is None:
        return None
    return suppliers.relations([supplier], accounts=not invoice.bank_account).get(supplier)


def _posting(invoice: InvoiceFacts, supplier_id: UUID, relation: Relation | None) -> Posting:
    account = invoice.bank_account
    if not account and relation and len(relation.accounts) == 1:
        (account,) = relation.accounts  # matching let it through because only one account is known
    return Posting(
        buyer_id=invoice.buyer_id,
        invoice_id=invoice.id,
        stream=invoice.stream,
        supplier_id=supplier_id,
        supplier_no=relation.supplier_no if relation else "",
        invoice_number=invoice.number,
        invoice_date=invoice.issue_date,
        due_date=invoice.due_date or due(invoice.issue_date, relation),
        payable=invoice.payable,
        payment_reference=invoice.payment_reference,
        bank_account=account,
        original=invoice.sha256,
        created_at=work().at,
    )


def due(issued: date, relation: Relation | None) -> date:
    """The due date where the invoice gives none: by the supplier's terms, 30 days unless agreed otherwise."""
    return issued + timedelta(relation.payment_days if relation else 30)


def _row(posting: Posting, position: int, one: Any) -> PostingLine:
    return PostingLine(
        buyer_id=posting.buyer_id,
        posting=posting,
        position=position,
        kind=one.kind,
        account=one.account,
        responsibility=one.responsibility,
        function=one.function,
        project=one.project,
        vat_code=one.vat_code,
        amount=one.amount,
        text=one.text,
    )


@operation
def release_batch(*, posting_ids: Sequence[UUID] | None = None) -> UUID:
    """Release ready postings (None: all of them) as one batch; returns its id. The accountant only.

    Raises Refusal: NOTHING_READY, POSTING_NOT_READY, ACCOUNTANT_ONLY.
    """
    allowed = may_release(viewer())
    if isinstance(allowed, Denied):
        raise Refusal(allowed.reason)
    buyer_id = viewer().organisation_id
    assert buyer_id is not None
    ready = Posting.objects.select_for_update().filter(state=states.READY)
    if posting_ids is not None:
        ready = ready.filter(id__in=set(posting_ids))
    postings = list(ready.order_by("created_at", "id"))
    if posting_ids is not None and len(postings) != len(set(posting_ids)):
        raise Refusal("POSTING_NOT_READY")
    if not postings:
        raise Refusal("NOTHING_READY")
    batch = _batch(buyer_id, postings)
    lock_stream(_stream(batch))
    batch.save(force_insert=True)
    ids = [one.id for one in postings]
    Posting.objects.filter(id__in=ids).update(state=states.RELEASED, batch=batch)
    for one in postings:
        one.state, one.batch = states.RELEASED, batch
    record(
        BatchReleased(batch_id=batch.id),
        tenant=buyer_id,
        stream=_stream(batch),
        subject=batch,
        changed=[batch, *postings],
    )
    return UUID(str(batch.id))


def _batch(buyer_id: UUID, postings: Sequence[Posting]) -> PostingBatch:
    return PostingBatch(
        buyer_id=buyer_id,
        number=next_number(buyer_id, "batch"),
        count=len(postings),
        total=sum(one.payable for one in postings),
        released_by=viewer().person_id,
        released_at=work().at,
    )


def _stream(batch: PostingBatch) -> str:
    return f"batch:{batch.id.hex}"


@operation
def mark_sent(*, batch_id: UUID, sha256: str) -> None:
    """The accounting system has the files. `sha256` is of the canonical JSON. Noted before: nothing."""
    batch = PostingBatch.objects.select_for_update().get(id=batch_id)
    if batch.sent_at is not None:
        return
    batch.sent_at, batch.sha256 = work().at, sha256
    if batch.state == states.RELEASED:
        batch.state = states.SENT
    batch.save(update_fields=["sent_at", "sha256", "state"])
    record(BatchSent(batch_id=batch.id), tenant=batch.buyer_id, stream=_stream(batch), subject=batch)


@operation
def take_answer(*, answer: BatchAnswer) -> bool:
    """Take the accounting system's answer to a batch. True when it reconciles on count, sum and vouchers.

    Then every posting is posted and its cost goes from invoiced to posted. Otherwise nothing is posted, and
    a case is open. The same answer again changes nothing. Raises Refusal UNKNOWN_BATCH.
    """
    batch = PostingBatch.objects.select_for_update().filter(id=answer.batch_id).first()
    if batch is None:
        raise Refusal("UNKNOWN_BATCH", batch=answer.batch_id.hex)
    if batch.state == states.ANSWERED:
        return True
    postings = list(Posting.objects.select_for_update().filter(batch=batch).order_by("created_at", "id"))
    batch.answered_count, batch.answered_total = answer.count, answer.total
    batch.answered_at = work().at
    why = rules.mismatch(batch.count, batch.total, [one.id for one in postings], answer)
    changed: list[Any] = _mismatched(batch, why) if why else _posted(batch, postings, answer)
    batch.state = states.MISMATCH if why else states.ANSWERED
    batch.save(update_fields=["state", "answered_count", "answered_total", "answered_at"])
    invoices = tuple(one.invoice_id for one in postings)
    event: object = BatchPosted(batch.id, invoices) if not why else BatchMismatched(batch.id)
    record(
        event,
        tenant=batch.buyer_id,
        stream=_stream(batch),
        subject=batch,
        changed=[batch, *changed],
        reason=why,
    )
    return not why


def _mismatched(batch: PostingBatch, why: str) -> list[Any]:
    if batch.state == states.MISMATCH:
        return []
    return [
        open_case(
            tenant=batch.buyer_id,
            kind="batch_mismatch",
            subject=label(batch),
            reason="BATCH_MISMATCH",
            params={"number": batch.number, "why": why},
            owner_role=ACCOUNTANT,
        )
    ]


def _posted(batch: PostingBatch, postings: Sequence[Posting], answer: BatchAnswer) -> list[Any]:
    for one in postings:
        one.state, one.voucher, one.posted_at = states.POSTED, answer.vouchers[one.id], work().at
    Posting.objects.bulk_create(
        postings,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["state", "voucher", "posted_at"],
    )
    _, movements = commitments.move(
        buyer_id=batch.buyer_id, source=label(batch), moves=_moves(one.invoice_id for one in postings)
    )
    return [*postings, *movements]


def _moves(invoice_ids: Iterable[UUID]) -> list[Move]:
    """Each cost from invoiced to posted."""
    costs = matching.allocations(invoice_ids)
    return [
        Move(key=one.key, invoiced=-one.cost, posted=one.cost)
        for parts in costs.values()
        for one in parts
        if one.cost
    ]
