"""Steps that read files: a confirmed price list becomes a version."""

from __future__ import annotations

from uuid import UUID

from avrop.catalogue import states
from avrop.catalogue.models import PriceList
from avrop.catalogue.operations.importing import publish
from avrop.catalogue.pricelist import operations
from avrop.catalogue.pricelist.sheet import SheetRefused
from avrop.journal.operation import detached
from avrop.tenancy.scope import as_system, everything


def read_price_list(*, price_list_id: UUID) -> None:
    """Fill a version batch by batch, then put it before the contract owner. Done before: nothing.

    Only the last operation finishes the delivery: a worker that dies on the way leaves a draft that the next
    one takes up afresh.
    """
    with everything("whose list it is"):
        row = PriceList.objects.filter(id=price_list_id).first()
    if row is None or row.state != states.READING:
        return
    with as_system(row.owner_id):
        try:
            with detached():
                version_id, taken = operations.read_in(row)
        except SheetRefused as refused:
            operations.give_up(price_list_id=price_list_id, reason=refused.code)
            return
        publish(version_id, taken)
