"""Framework agreements and who takes part in them, from the set-up file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import models

from avrop.agreements.models import Agreement, AgreementParticipant
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.kernel.ports import today
from avrop.tenancy.events import SetupImported
from avrop.tenancy.models import Organisation, Person
from avrop.tenancy.within import put


@dataclass(frozen=True)
class AgreementSpec:
    """An agreement of one owner; supplier and participants by short name, the contract owner by login."""

    ref: str
    name: str
    supplier: str
    valid_from: date
    valid_to: date
    name_nb: str = ""
    name_en: str = ""
    contract_owner: str = ""
    delivery_mode: str = "parcel"
    excluded_unit_kinds: Sequence[str] = ()
    agreed_charges: Mapping[str, int] = field(default_factory=dict)
    participants: Sequence[str] = ()


@operation
def import_agreements(*, owner_id: UUID, agreements: Sequence[AgreementSpec]) -> None:
    """Make or update agreements; a buyer that is no longer named as a participant ends its part today."""
    changed: list[models.Model] = []
    ids = dict(Organisation.objects.values_list("slug", "id"))
    for spec in agreements:
        person = Person.objects.filter(login=spec.contract_owner).values_list("id", flat=True).first()
        values = {
            "name": spec.name,
            "name_nb": spec.name_nb,
            "name_en": spec.name_en,
            "supplier_id": ids[spec.supplier],
            "contract_owner_id": person,
            "valid_from": spec.valid_from,
            "valid_to": spec.valid_to,
            "delivery_mode": spec.delivery_mode,
            "excluded_unit_kinds": sorted(spec.excluded_unit_kinds),
            "agreed_charges": dict(spec.agreed_charges),
        }
        row, written = put(Agreement, {"owner_id": owner_id, "ref": spec.ref}, values)
        changed += [row] if written else []
        changed += _participants(row, [ids[slug] for slug in spec.participants])
    if changed:
        event = SetupImported(organisation_id=owner_id, part="agreements", written=len(changed))
        record(event, tenant=owner_id, stream=f"setup:{owner_id.hex}", changed=changed)


def _participants(agreement: Agreement, wanted: Sequence[UUID]) -> list[models.Model]:
    changed: list[models.Model] = []
    for buyer_id in wanted:
        key = {"agreement_id": agreement.id, "buyer_id": buyer_id}
        row, written = put(AgreementParticipant, key, {"valid_to": None})
        changed += [row] if written else []
    for row in AgreementParticipant._base_manager.filter(agreement_id=agreement.id).exclude(
        buyer_id__in=wanted
    ):
        if row.valid_to is None or row.valid_to > today():
            row.valid_to = today()
            row.save(update_fields=["valid_to"])
            changed.append(row)
    return changed
