"""Who may call off an agreement, where and when. Pure."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from avrop.agreements.facts import AgreementFacts
from avrop.tenancy.results import Allowed, Answer, Denied

ACTIVE = "active"


def may_call_off(agreement: AgreementFacts, *, buyer_id: UUID, unit_kind: str, on: date) -> Answer:
    """Whether a unit of this kind at this buyer may order under the agreement on the day.

    Only buyers that are identified as participants may (FOA §26-1 third paragraph); the owner is not one by
    owning it. An excluded kind of unit may not, e.g. a school at a wholesaler that delivers by lorry.
    Denied: AGREEMENT_NOT_VALID, AGREEMENT_NOT_PARTICIPANT, AGREEMENT_EXCLUDES_UNIT.
    """
    names: dict[str, object] = {"agreement": agreement.ref, "supplier": agreement.supplier_name}
    if not valid_on(agreement, on):
        return Denied("AGREEMENT_NOT_VALID", names)
    if not any(p.buyer_id == buyer_id and p.valid_on(on) for p in agreement.participants):
        return Denied("AGREEMENT_NOT_PARTICIPANT", names)
    if unit_kind in agreement.excluded_unit_kinds:
        return Denied("AGREEMENT_EXCLUDES_UNIT", names)
    return Allowed()


def valid_on(agreement: AgreementFacts, day: date) -> bool:
    """True while the agreement is active, from valid_from up to, but not on, valid_to."""
    return agreement.state == ACTIVE and agreement.valid_from <= day < agreement.valid_to
