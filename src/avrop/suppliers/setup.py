"""A buyer's supplier relations and their known bank accounts, from the set-up file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.suppliers.models import BankAccount, SupplierRelation
from avrop.tenancy.events import SetupImported
from avrop.tenancy.models import Organisation
from avrop.tenancy.within import put


@dataclass(frozen=True)
class RelationSpec:
    """How the buyer deals with a supplier (by short name); accounts are 11 digits, checked."""

    supplier: str
    supplier_no: str = ""
    channel: str = "local"
    process: str = "ordering"
    payment_days: int = 30
    blocked: bool = False
    accounts: Sequence[str] = ()


@operation
def import_relations(*, buyer_id: UUID, relations: Sequence[RelationSpec]) -> None:
    """Make or update the relations. An account in the file counts as confirmed by whoever keeps the file."""
    changed: list[models.Model] = []
    ids = dict(
        Organisation.objects.filter(slug__in=[r.supplier for r in relations]).values_list("slug", "id")
    )
    for spec in relations:
        key = {"buyer_id": buyer_id, "supplier_id": ids[spec.supplier]}
        names = ("supplier_no", "channel", "process", "payment_days", "blocked")
        row, written = put(SupplierRelation, key, {name: getattr(spec, name) for name in names})
        changed += [row] if written else []
        for number in spec.accounts:
            known = BankAccount._base_manager.filter(
                **key, account=number, confirmed_at__isnull=False
            ).exists()
            if not known:
                changed.append(put(BankAccount, {**key, "account": number}, {"confirmed_at": work().at})[0])
    if changed:
        event = SetupImported(organisation_id=buyer_id, part="suppliers", written=len(changed))
        record(event, tenant=buyer_id, stream=f"setup:{buyer_id.hex}", changed=changed)
