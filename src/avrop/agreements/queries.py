"""Reads of agreements. The owner sees its own; a participant those that it takes part in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from avrop.agreements.facts import AgreementFacts, Participation
from avrop.agreements.models import Agreement
from avrop.agreements.rules import may_call_off
from avrop.kernel.ports import today
from avrop.tenancy import cache
from avrop.tenancy.facts import UnitFacts
from avrop.tenancy.results import Answer
from avrop.tenancy.scope import viewer

_FIELDS = (
    "id",
    "owner_id",
    "ref",
    "name",
    "name_nb",
    "name_en",
    "supplier_id",
    "supplier__name",
    "state",
    "valid_from",
    "valid_to",
    "delivery_mode",
    "excluded_unit_kinds",
    "agreed_charges",
    "currency",
    "contract_owner_id",
)
_PART = ("participants__buyer_id", "participants__valid_from", "participants__valid_to")


def agreement(agreement_id: UUID) -> AgreementFacts | None:
    """One agreement that the viewer sees, else None."""
    return agreements([agreement_id]).get(agreement_id)


def agreements(ids: Iterable[UUID]) -> dict[UUID, AgreementFacts]:
    """These agreements by id, those the viewer sees, in one statement."""
    wanted = set(ids)
    return {a.id: a for a in _facts(Agreement.objects.filter(id__in=wanted))} if wanted else {}


def lately(ids: Iterable[UUID]) -> dict[UUID, AgreementFacts]:
    """The same, as they stood within the last seconds: to tell a person early, not to decide."""
    wanted = tuple(sorted(set(ids)))
    return cache.remembered(("agreements", wanted), lambda: agreements(wanted)) if wanted else {}


def all_agreements() -> list[AgreementFacts]:
    """Every agreement that the viewer's organisation owns or takes part in, by reference."""
    return _facts(Agreement.objects.order_by("ref"))


def agreements_for(on: date | None = None, *, unit: UnitFacts | None = None) -> list[AgreementFacts]:
    """Agreements that the viewer's organisation may call off on the day (today), by reference.

    With `unit`: those that exclude its kind are left out, too.
    """
    day, buyer = on or today(), viewer().organisation_id
    rows = Agreement.objects.filter(state="active", valid_from__lte=day, valid_to__gt=day).order_by("ref")
    if buyer is None:
        return []
    kind = unit.kind if unit else ""
    return [a for a in _facts(rows) if may_call_off(a, buyer_id=buyer, unit_kind=kind, on=day)]


def by_ref(ref: str) -> AgreementFacts | None:
    """The agreement with this reference, of those the viewer sees."""
    return next(iter(_facts(Agreement.objects.filter(ref=ref))), None)


def call_off_by(one: AgreementFacts, *, buyer_id: UUID, unit: UnitFacts) -> Answer:
    """Whether this unit of the buyer may order under the agreement today; see `rules.may_call_off`."""
    return may_call_off(one, buyer_id=buyer_id, unit_kind=unit.kind, on=today())


def _facts(rows: Any) -> list[AgreementFacts]:
    """One statement: agreements joined with the participants that the viewer may see (the manager's rule)."""
    who = viewer()
    if not who.everything:
        own = Q(owner_id=who.organisation_id) | Q(participants__buyer_id=who.organisation_id)
        rows = rows.filter(own)
    rows = rows.order_by("ref", "id", "participants__buyer__name")
    found: dict[UUID, tuple[Any, ...]] = {}
    parts: dict[UUID, list[Participation]] = {}
    for row in rows.values_list(*_FIELDS, *_PART):
        found.setdefault(row[0], row)
        if row[-3] is not None:
            parts.setdefault(row[0], []).append(Participation(*row[-3:]))
    return [_one(row, tuple(parts.get(row[0], ()))) for row in found.values()]


def _one(row: tuple[Any, ...], participants: tuple[Participation, ...]) -> AgreementFacts:
    return AgreementFacts(
        id=row[0],
        owner_id=row[1],
        ref=row[2],
        names={"nn": row[3], "nb": row[4], "en": row[5]},
        supplier_id=row[6],
        supplier_name=row[7],
        state=row[8],
        valid_from=row[9],
        valid_to=row[10],
        delivery_mode=row[11],
        excluded_unit_kinds=frozenset(row[12]),
        participants=participants,
        agreed_charges=dict(row[13]),
        currency=row[14],
        contract_owner_id=row[15],
    )
