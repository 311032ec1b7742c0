"""A buyer's supplier relations and their known bank accounts, from the set-up file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import models

from avrop.journal.operation import operation, work
from avrop.journal.within import record
from avrop.kernel.ports import OSLO
from avrop.kernel.workdays import add_workdays
from avrop.suppliers.facts import DAYS
from avrop.suppliers.models import AccountConfirmation, BankAccount, SupplierRelation
from avrop.suppliers.states import OPEN
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
    """Make or update the relations.

    A supplier's first accounts count as confirmed by whoever keeps the file. A supplier whose accounts are known
    already gets no new one by a file: it waits for two persons, like one on an invoice (Decision 5).
    """
    changed: list[models.Model] = []
    ids = dict(
        Organisation.objects.filter(slug__in=[r.supplier for r in relations]).values_list("slug", "id")
    )
    for spec in relations:
        key = {"buyer_id": buyer_id, "supplier_id": ids[spec.supplier]}
        names = ("supplier_no", "channel", "process", "payment_days", "blocked")
        row, written = put(SupplierRelation, key, {name: getattr(spec, name) for name in names})
        changed += [row] if written else []
        changed += _accounts(key, spec.accounts)
    if changed:
        event = SetupImported(organisation_id=buyer_id, part="suppliers", written=len(changed))
        record(event, tenant=buyer_id, stream=f"setup:{buyer_id.hex}", changed=changed)


def _accounts(key: dict[str, UUID], numbers: Sequence[str]) -> list[models.Model]:
    """What was written: accounts, or questions about them. Accounts that have ended are not brought back."""
    held = list(BankAccount._base_manager.filter(**key).order_by("account"))
    fresh = [number for number in numbers if number not in {one.account for one in held}]
    if not held:
        return [put(BankAccount, {**key, "account": one}, {"confirmed_at": work().at})[0] for one in fresh]
    known = [one.account for one in held if one.confirmed_at and not (one.withdrawn_at or one.stopped_at)]
    at = work().at
    values = {"known": known, "opened_at": at, "due": add_workdays(at.astimezone(OSLO).date(), DAYS)}
    asked = AccountConfirmation._base_manager.filter(**key, state=OPEN)
    waiting = set(asked.values_list("account", flat=True)) if fresh else set()
    return [
        AccountConfirmation._base_manager.create(**key, account=one, **values)
        for one in fresh
        if one not in waiting
    ]
