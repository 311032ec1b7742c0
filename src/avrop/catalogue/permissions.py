"""Who may search, bring in a catalogue, and judge one."""

from __future__ import annotations

from uuid import UUID

from avrop.tenancy.facts import AUDITOR, BUYER_ADMIN, CONTRACT_OWNER, COOP_ADMIN, REQUISITIONER
from avrop.tenancy.results import Allowed, Answer, Denied
from avrop.tenancy.scope import Viewer


def may_search(who: Viewer) -> Answer:
    """Everybody with a role at a buyer may look in the catalogue; ordering is asked about separately."""
    return Allowed() if who.kind == "buyer" and who.person_id is not None else Denied("CATALOGUE_NOT_A_BUYER")


def may_order(who: Viewer) -> Answer:
    """Requisitioners put items in a basket."""
    return Allowed() if who.has(REQUISITIONER) else Denied("CATALOGUE_NOT_REQUISITIONER")


def may_see_versions(who: Viewer) -> Answer:
    """Those who look after agreements, and the auditor."""
    if who.has(CONTRACT_OWNER, COOP_ADMIN, BUYER_ADMIN, AUDITOR):
        return Allowed()
    return Denied("CATALOGUE_NOT_YOURS")


def may_import(who: Viewer, *, owner_id: UUID) -> Answer:
    """The system for the owner, the contract owner, and the co-operation's administrator."""
    if who.organisation_id != owner_id:
        return Denied("CATALOGUE_NOT_YOURS")
    if who.person_id is None or who.has(CONTRACT_OWNER, COOP_ADMIN):
        return Allowed()
    return Denied("CATALOGUE_NOT_YOURS")


def may_judge(who: Viewer, *, owner_id: UUID, contract_owner_id: UUID | None) -> Answer:
    """The agreement's contract owner; where none is named, anybody with that role at the owner."""
    if who.organisation_id != owner_id or who.person_id is None or not who.has(CONTRACT_OWNER):
        return Denied("CATALOGUE_NOT_CONTRACT_OWNER")
    if contract_owner_id is not None and who.person_id != contract_owner_id:
        return Denied("CATALOGUE_NOT_CONTRACT_OWNER")
    return Allowed()
