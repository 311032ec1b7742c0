"""What we tell the supplier unasked: the order as it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from avrop.journal.within import label, open_case
from avrop.ordering import changing
from avrop.ordering.facts import OrderLineFacts
from avrop.ordering.models import Order, OrderChange
from avrop.ordering.operations import sending
from avrop.ordering.queries import line_facts
from avrop.tenancy.facts import REQUISITIONER
from avrop.tenancy.scope import viewer


def tell(held: sending.Held, kind: str, before: Sequence[OrderLineFacts], reason: str = "") -> list[Any]:
    """Tell the supplier what became of their proposal: the order as it stands (T114).

    While a change of ours is on its way, that has said it. Where no changes are taken, a proposal declined is
    a case: somebody must tell them otherwise.
    """
    row = held.row
    if row.process != changing.ADVANCED:
        return [_by_hand(row)] if kind == changing.RESTATEMENT else []
    if OrderChange.objects.filter(order_id=row.id, state="sent").exists():
        return []
    after = [line_facts(line) for line in held.lines]
    change = sending.new_change(row, kind, "accepted", [], after, reason=reason, by=viewer().person_id)
    change.gross_before = change.gross_after
    sending.send(row, change, before, after)
    change.save(force_insert=True)
    return [change]


def _by_hand(row: Order) -> Any:
    return open_case(
        tenant=row.buyer_id,
        kind="tell_supplier",
        subject=label(row),
        reason="TELL_SUPPLIER",
        params={"number": row.number, "supplier": row.supplier.name},
        owner_role=REQUISITIONER,
    )
