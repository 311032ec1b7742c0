"""What a seller's invoices need, from the set-up file."""

from __future__ import annotations

from uuid import UUID

from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.portal.models import SellerProfile
from avrop.tenancy.events import SetupImported
from avrop.tenancy.within import put


@operation
def import_profile(*, seller_id: UUID, bank_account: str) -> None:
    """The account that the seller's invoices are paid to (11 digits, checked)."""
    row, written = put(SellerProfile, {"seller_id": seller_id}, {"bank_account": bank_account})
    if written:
        event = SetupImported(organisation_id=seller_id, part="profile", written=1)
        record(event, tenant=seller_id, stream=f"setup:{seller_id.hex}", subject=row)
