"""An order that could not be sent is sent again."""

from __future__ import annotations

from uuid import UUID

from avrop.journal.operation import operation
from avrop.kernel.finding import Refusal
from avrop.messaging.within import queue_again
from avrop.ordering import changing, documents, permissions
from avrop.ordering.models import OrderChange
from avrop.ordering.operations import sending
from avrop.ordering.operations.placing import leaving_hash
from avrop.tenancy import queries as tenancy
from avrop.tenancy.results import demand
from avrop.tenancy.scope import viewer


@operation
def send_again(*, order_id: UUID) -> None:
    """Write an order that did not leave anew, with buyer and supplier as they are known now, and queue it.

    What was approved is what leaves: number, lines and place are the order's own. It is judged as any other. Raises
    Refusal: ORDER_UNKNOWN, ORDER_ENDED, CHANGE_WAITS, NOT_APPROVED, NOT_YOUR_ORDER, MESSAGE_NOT_FAILED.
    """
    held = sending.hold(order_id)
    row = held.row
    demand(permissions.may_change(viewer(), row.requester_id, row.number, tenancy.unit(row.unit_id)))
    if row.ended:
        raise Refusal("ORDER_ENDED", number=row.number)
    waiting = OrderChange.objects.filter(order_id=row.id, state__in=changing.WAITING).first()
    if waiting is not None:
        raise Refusal("CHANGE_WAITS", number=waiting.number)
    if row.message is None:
        raise Refusal("MESSAGE_NOT_FAILED")
    if leaving_hash(row, held.lines) != row.approval_hash:
        raise Refusal("NOT_APPROVED", number=row.number)
    parties = tenancy.parties({row.buyer_id, row.supplier_id})
    buyer, seller = parties[row.buyer_id], parties[row.supplier_id]
    body = documents.render(
        row,
        held.lines,
        buyer=buyer,
        seller=seller,
        process=row.process,
        unit_name=row.unit.name,
        reference=row.unit.code,
    )
    queue_again(row.message, body=body, sender=buyer.endpoint, receiver=seller.endpoint)
