"""Reads of the viewer's relations to suppliers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from avrop.suppliers.facts import Relation
from avrop.suppliers.models import BankAccount, SupplierRelation

_FIELDS = ("supplier_id", "supplier_no", "channel", "process", "payment_days", "blocked")


def relation(supplier_id: UUID) -> Relation | None:
    """The viewer's organisation's relation to one supplier, with the confirmed bank accounts."""
    return relations([supplier_id]).get(supplier_id)


def relations(supplier_ids: Iterable[UUID] | None = None, *, accounts: bool = True) -> dict[UUID, Relation]:
    """Relations by supplier (None: all of them), in two statements; in one without their bank accounts.

    Accounts are the confirmed ones only.
    """
    rows, held = SupplierRelation.objects.all(), BankAccount.objects.filter(confirmed_at__isnull=False)
    if supplier_ids is not None:
        wanted = set(supplier_ids)
        if not wanted:
            return {}
        rows, held = rows.filter(supplier_id__in=wanted), held.filter(supplier_id__in=wanted)
    known: dict[UUID, set[str]] = {}
    for supplier, account in held.values_list("supplier_id", "account") if accounts else ():
        known.setdefault(supplier, set()).add(account)
    return {row[0]: _relation(row, known) for row in rows.values_list(*_FIELDS)}


def _relation(row: tuple[Any, ...], known: Mapping[UUID, set[str]]) -> Relation:
    supplier, supplier_no, channel, process, payment_days, blocked = row
    accounts = frozenset(known.get(supplier, ()))
    return Relation(supplier, supplier_no, channel, process, payment_days, blocked, accounts)
