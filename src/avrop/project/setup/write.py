"""Plan -> database: one operation for each part of each organisation."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from avrop.agreements.setup import import_agreements
from avrop.coding.setup import DefaultSpec, import_defaults
from avrop.journal.operation import operation
from avrop.journal.within import record
from avrop.matching.setup import import_preapproval
from avrop.portal.setup import import_profile
from avrop.project.setup.plan import Plan, Section
from avrop.project.setup.read import read
from avrop.suppliers.setup import import_relations
from avrop.tenancy import queries, setup
from avrop.tenancy.events import SetupImported
from avrop.tenancy.models import Kind, Organisation, Person
from avrop.tenancy.scope import as_system, everything


@operation
def import_organisation(*, spec: setup.OrganisationSpec) -> UUID:
    """Make or update one organisation. Returns its id."""
    row, changed = setup.put_organisation(spec)
    _record(row.id, "organisation", changed)
    return row.id


@operation
def import_people(
    *, organisation_id: UUID, units: Sequence[setup.UnitSpec], people: Sequence[setup.PersonSpec]
) -> None:
    """Make or update the units with their addresses, and the people with roles and mandates."""
    _record(organisation_id, "units", setup.put_units(organisation_id, units))
    _record(organisation_id, "people", setup.put_people(organisation_id, people))


def _record(organisation_id: UUID, part: str, changed: list[Any]) -> None:
    if changed:
        event = SetupImported(organisation_id=organisation_id, part=part, written=len(changed))
        record(event, tenant=organisation_id, stream=f"setup:{organisation_id.hex}", changed=changed)


def apply(document: dict[str, Any]) -> Plan:
    """Read and write a parsed set-up file. What cannot be taken is in the plan's `rejected`."""
    plan = read(document, dict(Organisation.objects.values_list("slug", "orgnr")))
    with everything("a set-up file names organisations across the installation"):
        ids = {s.organisation.slug: import_organisation(spec=s.organisation) for s in plan.sections}
    for section in plan.sections:
        with as_system(ids[section.organisation.slug]):
            import_people(
                organisation_id=ids[section.organisation.slug], units=section.units, people=section.people
            )
    for section in plan.sections:
        with as_system(ids[section.organisation.slug]):
            _contents(ids[section.organisation.slug], section)
    return plan


def _contents(organisation_id: UUID, section: Section) -> None:
    if section.agreements:
        import_agreements(owner_id=organisation_id, agreements=section.agreements)
    if section.bank_account:
        import_profile(seller_id=organisation_id, bank_account=section.bank_account)
    if section.organisation.kind != Kind.BUYER:
        return
    import_relations(buyer_id=organisation_id, relations=section.relations)
    import_defaults(
        buyer_id=organisation_id, mode=section.budget_mode, defaults=[_by_id(d) for d in section.defaults]
    )
    if section.preapproval:
        import_preapproval(buyer_id=organisation_id, spec=section.preapproval)


def _by_id(default: DefaultSpec) -> DefaultSpec:
    """People stand in the file by login and units by code; in the table by id."""
    if default.kind == "person":
        person = Person.objects.filter(login=default.key).values_list("id", flat=True).first()
        return dataclasses.replace(default, key=person.hex if person else default.key)
    if default.kind == "unit":
        found = [unit for unit in queries.units().values() if unit.code == default.key]
        return dataclasses.replace(default, key=found[0].id.hex if found else default.key)
    return default
