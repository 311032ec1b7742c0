"""Førehandstilvising, the dated switch for touchless approval (Decision 3), from the set-up file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.matching.models import PreApproval
from avrop.tenancy.events import SetupImported
from avrop.tenancy.within import put


@dataclass(frozen=True)
class PreApprovalSpec:
    """`reference` names the paragraph of the buyer's financial regulations; `ceiling` in øre with VAT."""

    reference: str
    ceiling: int
    valid_from: date
    valid_to: date | None = None


@operation
def import_preapproval(*, buyer_id: UUID, spec: PreApprovalSpec) -> None:
    """Switch førehandstilvising on, or bring it up to date."""
    values = {"ceiling": spec.ceiling, "valid_from": spec.valid_from, "valid_to": spec.valid_to}
    row, written = put(PreApproval, {"buyer_id": buyer_id, "reference": spec.reference}, values)
    if written:
        event = SetupImported(organisation_id=buyer_id, part="preapproval", written=1)
        record(event, tenant=buyer_id, stream=f"setup:{buyer_id.hex}", subject=row)
