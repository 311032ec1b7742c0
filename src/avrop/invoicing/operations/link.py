"""A credit note and its originals, where a person has found what BT-25 did not say."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from avrop.invoicing.events import CreditLinked
from avrop.invoicing.facts import CREDIT_NOTE, INVOICE
from avrop.invoicing.models import Invoice
from avrop.journal.operation import operation
from avrop.journal.within import lock_stream, record


@operation
def link_credit(*, credit_id: UUID, original_ids: Sequence[UUID]) -> None:
    """Tie a credit note to these invoices of the same seller and to no others.

    Tied so already: only told again, for matching lets the credit note wait until it hears of it. Called
    when matching has been told; who may and whether it is too late was asked there.
    """
    wanted = sorted(set(original_ids))
    seen = Invoice.objects.filter(id__in={credit_id, *wanted}).values_list("stream", flat=True)
    for stream in sorted(set(seen)):
        lock_stream(stream)
    note = Invoice.objects.select_for_update().get(id=credit_id, kind=CREDIT_NOTE)
    before = [UUID(one) for one in note.credits]
    rows = Invoice.objects.select_for_update().filter(id__in={*before, *wanted}, kind=INVOICE)
    changed = []
    for row in rows.filter(seller_orgnr=note.seller_orgnr).order_by("id"):
        if (row.id in wanted) != (note.id.hex in row.credited_by):
            rest = [one for one in row.credited_by if one != note.id.hex]
            row.credited_by = [*rest, note.id.hex] if row.id in wanted else rest
            row.save(update_fields=["credited_by"])
        changed.append(row)
    originals = [row for row in changed if row.id in wanted]
    note.credits = [row.id.hex for row in originals]
    if originals:
        note.stream = originals[0].stream  # told on the thread of what it credits
    note.save(update_fields=["credits", "stream"])
    left = tuple(row.id for row in changed if row.id not in wanted)
    record(
        CreditLinked(credit_id=note.id, originals=tuple(row.id for row in originals), left=left),
        tenant=note.buyer_id,
        stream=note.stream,
        subject=note,
        changed=[note, *changed],
    )
