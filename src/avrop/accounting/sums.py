"""The sums that a reconciliation reads: kept in the transaction that changes what they are of, so never stale.

Counted anew each time they would cost a look at every posting there ever was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Count, F, Sum

from avrop.accounting import states
from avrop.accounting.facts import Tally
from avrop.accounting.models import BatchItem, KeptSum, Posting, PostingBatch

RELEASED, SENT, POSTED, REJECTED, BOOKED = "released", "sent", "posted", "rejected", "booked"
NONE = Tally(0, 0)


def move(buyer_id: UUID, changes: Mapping[str, Tally]) -> None:
    """Add these to what is kept. Inside the caller's transaction, behind budget lines and before the chain."""
    for what, more in sorted(changes.items()):
        row = KeptSum.objects.filter(buyer_id=buyer_id, what=what)
        after = {"count": F("count") + more.count, "total": F("total") + more.total}
        if not row.update(**after):
            KeptSum.objects.bulk_create([KeptSum(buyer_id=buyer_id, what=what)], ignore_conflicts=True)
            row.update(**after)


def of(amounts: Iterable[int]) -> Tally:
    """How many, and their sum in øre."""
    all_of = list(amounts)
    return Tally(len(all_of), sum(all_of))


def kept() -> dict[str, Tally]:
    """What is kept of the viewer's organisation, but for what there is none of. One statement."""
    rows = KeptSum.objects.values_list("what", "count", "total")
    return {what: Tally(count, total) for what, count, total in rows if count or total}


def recount() -> dict[str, Tally]:
    """The same from the rows themselves, all of them. Three statements; for a check, not for a page."""
    sent = PostingBatch.objects.aggregate(n=Sum("count"), sum=Sum("total"))
    items = BatchItem.objects.order_by().values("state").annotate(n=Count("state"), sum=Sum("payable"))
    booked = Posting.objects.filter(state=states.POSTED).aggregate(n=Count("state"), sum=Sum("payable"))
    found = {RELEASED: sent, BOOKED: booked, **{row["state"]: row for row in items}}
    return {what: Tally(row["n"] or 0, row["sum"] or 0) for what, row in found.items()}
