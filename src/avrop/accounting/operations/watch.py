"""What somebody must be told: an answer that does not come, an account that was stopped under way."""

from __future__ import annotations

from uuid import UUID

from avrop.accounting import states
from avrop.accounting.events import AccountStopped, BatchLate, BatchResent
from avrop.accounting.models import Posting, PostingBatch
from avrop.accounting.operations.answer import close_cases
from avrop.accounting.operations.release import stream_of
from avrop.accounting.permissions import may_release
from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.within import label, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.suppliers.facts import accounts_stream
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import ACCOUNTANT
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer

NAMED = 20  # invoices named in a case


@operation
def note_late(*, batch_id: UUID) -> None:
    """No answer in time: a case for the accountant. Answered meanwhile, or told before: nothing."""
    batch = PostingBatch.objects.select_for_update().get(id=batch_id)
    if batch.late_at is not None or batch.state not in (states.RELEASED, states.SENT):
        return
    batch.late_at = work().at
    batch.save(update_fields=["late_at"])
    changed: list[Case | PostingBatch] = [batch]
    if not Case.objects.filter(subject=label(batch), kind="batch_late", state="open").exists():
        changed.append(
            open_case(
                tenant=batch.buyer_id,
                kind="batch_late",
                subject=label(batch),
                reason="BATCH_LATE",
                params={"number": batch.number, "count": batch.count},
                owner_role=ACCOUNTANT,
                workdays=1,
            )
        )
    record(
        BatchLate(batch.id), tenant=batch.buyer_id, stream=stream_of(batch), subject=batch, changed=changed
    )


@operation
def resend_batch(*, batch_id: UUID, reason: str) -> None:
    """Send a batch again, byte for byte under the same id, and ask for its answer anew. The accountant only.

    Safe: whoever has it already sees the same batch. Raises Refusal: BATCH_SETTLED, REASON_NEEDED,
    ACCOUNTANT_ONLY; PostingBatch.DoesNotExist.
    """
    demand(may_release(viewer()))
    batch = PostingBatch.objects.select_for_update().get(id=batch_id)
    if batch.state not in states.UNSETTLED:
        raise Refusal("BATCH_SETTLED", number=batch.number)
    if not reason.strip():
        raise Refusal("REASON_NEEDED")
    batch.resent, batch.late_at = batch.resent + 1, None
    if batch.sent_at is not None:
        batch.sent_at = work().at  # the time to answer runs from now
    batch.save(update_fields=["resent", "late_at", "sent_at"])
    closed = close_cases(label(batch), ("batch_late",), outcome=reason.strip())
    record(
        BatchResent(batch.id, batch.resent),
        tenant=batch.buyer_id,
        stream=stream_of(batch),
        subject=batch,
        changed=[batch, *closed],
        reason=reason.strip(),
    )


@operation
def warn_of_account(*, supplier_id: UUID, account: str) -> None:
    """A bank account was withdrawn or stopped: what has left for the accounting system to be paid to it becomes a
    case for the accountant, who must stop the payment there. Nothing such: nothing.
    """
    buyer_id = viewer().organisation_id
    assert buyer_id is not None
    rows = Posting.objects.filter(supplier_id=supplier_id, bank_account=account, payable__gt=0)
    gone = rows.filter(state=states.RELEASED) | rows.filter(state=states.POSTED, due_date__gte=today())
    numbers = list(gone.order_by("due_date", "id").values_list("invoice_number", flat=True))
    if not numbers:
        return
    stream = accounts_stream(buyer_id, supplier_id)
    case = open_case(
        tenant=buyer_id,
        kind="account_stopped",
        subject=f"tenancy.Organisation:{supplier_id.hex}",
        reason="ACCOUNT_STOPPED",
        params={
            "account": account,
            "supplier": tenancy.party(supplier_id).name,
            "invoices": ", ".join(numbers[:NAMED]),
        },
        owner_role=ACCOUNTANT,
        workdays=0,
    )
    record(AccountStopped(supplier_id, account, len(numbers)), tenant=buyer_id, stream=stream, subject=case)
