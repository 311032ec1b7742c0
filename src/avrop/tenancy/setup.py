"""Set-up of an organisation, its units, addresses, people, roles and mandates, as often as one likes.

Ground-room writes that need a transaction already open: `avrop setup import` calls them in its own operation
and records the rows they give back, which are those that had to be written. Nothing is deleted: a role or
mandate that the file no longer names for a person it does name ends today.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import models

from avrop.kernel.identifiers import participant
from avrop.kernel.ports import today
from avrop.tenancy.models import DeliveryAddress, Mandate, Organisation, Person, RoleAssignment, Unit
from avrop.tenancy.within import put


@dataclass(frozen=True)
class OrganisationSpec:
    """An organisation as the file has it; `orgnr` nine digits, checked."""

    slug: str
    kind: str
    name: str
    orgnr: str
    language: str = "nn"
    street: str = ""
    postal_zone: str = ""
    city: str = ""
    email: str = ""
    vat_registered: bool = True
    cooperation: str = ""


@dataclass(frozen=True)
class AddressSpec:
    """Where goods for a unit go."""

    name: str
    street: str
    postal_zone: str
    city: str
    marking: str = ""


@dataclass(frozen=True)
class UnitSpec:
    """A unit; `parent` is the code of another one, which stands before it."""

    code: str
    name: str
    kind: str
    parent: str = ""
    responsibility: str = ""
    function: str = ""
    addresses: Sequence[AddressSpec] = ()


@dataclass(frozen=True)
class PersonSpec:
    """A person with roles ((role, unit code or "")) and mandates (unit code -> øre including VAT) here."""

    login: str
    name: str
    email: str = ""
    language: str = "nn"
    password: str = ""
    demo: bool = False
    roles: Sequence[tuple[str, str]] = ()
    mandates: Mapping[str, int] = field(default_factory=dict)


def put_organisation(spec: OrganisationSpec) -> tuple[Organisation, list[models.Model]]:
    """Make or update one organisation; the organisation and what was written. Its co-operation must exist."""
    cooperation = None
    if spec.cooperation:
        cooperation = Organisation.objects.values_list("id", flat=True).get(slug=spec.cooperation)
    names = ("kind", "name", "orgnr", "language", "street", "postal_zone", "city", "email", "vat_registered")
    values = {name: getattr(spec, name) for name in names}
    values |= {"endpoint": participant(spec.orgnr), "cooperation_id": cooperation}
    row, written = put(Organisation, {"slug": spec.slug}, values)
    return row, [row] if written else []


def put_units(organisation_id: UUID, units: Sequence[UnitSpec]) -> list[models.Model]:
    """Make or update the tree of units with their delivery addresses; what was written."""
    changed: list[models.Model] = []
    known = {u.code: u for u in Unit._base_manager.filter(buyer_id=organisation_id)}
    for spec in units:
        parent = known[spec.parent] if spec.parent else None
        values = {
            "name": spec.name,
            "kind": spec.kind,
            "parent_id": parent.id if parent else None,
            "responsibility": spec.responsibility,
            "function": spec.function,
        }
        unit, written = put(Unit, {"buyer_id": organisation_id, "code": spec.code}, values)
        path = f"{parent.path}/{unit.id.hex}" if parent else unit.id.hex
        if unit.path != path:
            unit.path = path
            unit.save(update_fields=["path"])
            written = True
        known[spec.code] = unit
        changed += [unit] if written else []
        changed += _addresses(organisation_id, unit, spec.addresses)
    return changed


def _addresses(organisation_id: UUID, unit: Unit, specs: Sequence[AddressSpec]) -> list[models.Model]:
    rows: list[models.Model] = []
    for spec in specs:
        key = {"buyer_id": organisation_id, "unit_id": unit.id, "name": spec.name}
        values = {n: getattr(spec, n) for n in ("street", "postal_zone", "city", "marking")}
        row, written = put(DeliveryAddress, key, values)
        rows += [row] if written else []
    return rows


def put_people(organisation_id: UUID, people: Sequence[PersonSpec]) -> list[models.Model]:
    """Make or update people with their roles and mandates here; what was written.

    A known person's password is never changed.
    """
    changed: list[models.Model] = []
    units = dict(Unit._base_manager.filter(buyer_id=organisation_id).values_list("code", "id"))
    hashed: dict[str, str] = {}  # hashing is slow on purpose; a demo gives forty people the same password
    for spec in people:
        person = _person(spec, hashed)
        changed += _roles(organisation_id, person, [(role, units.get(code)) for role, code in spec.roles])
        changed += _mandates(
            organisation_id, person, {units[code]: most for code, most in spec.mandates.items()}
        )
    return changed


def _person(spec: PersonSpec, hashed: dict[str, str]) -> Person:
    values = {"name": spec.name, "email": spec.email, "language": spec.language, "demo": spec.demo}
    if not Person.objects.filter(login=spec.login).exists():
        if spec.password and spec.password not in hashed:
            hashed[spec.password] = make_password(spec.password)
        values["password"] = hashed[spec.password] if spec.password else make_password(None)
    return put(Person, {"login": spec.login}, values)[0]


def _roles(
    organisation_id: UUID, person: Person, wanted: Sequence[tuple[str, UUID | None]]
) -> list[models.Model]:
    changed: list[models.Model] = []
    held = RoleAssignment._base_manager.filter(organisation_id=organisation_id, person_id=person.id)
    by_key = {(row.role, row.unit_id): row for row in held}
    for role, unit_id in wanted:
        key = {"organisation_id": organisation_id, "person_id": person.id, "role": role, "unit_id": unit_id}
        row, written = put(RoleAssignment, key, {"valid_to": None})
        by_key.pop((role, unit_id), None)
        changed += [row] if written else []
    return changed + _ended(by_key.values())


def _mandates(organisation_id: UUID, person: Person, wanted: Mapping[UUID, int]) -> list[models.Model]:
    changed: list[models.Model] = []
    held = Mandate._base_manager.filter(buyer_id=organisation_id, person_id=person.id)
    by_unit = {row.unit_id: row for row in held}
    for unit_id, most in wanted.items():
        key = {"buyer_id": organisation_id, "person_id": person.id, "unit_id": unit_id}
        row, written = put(Mandate, key, {"max_amount": most, "valid_to": None})
        by_unit.pop(unit_id, None)
        changed += [row] if written else []
    return changed + _ended(by_unit.values())


def _ended(rows: Iterable[RoleAssignment] | Iterable[Mandate]) -> list[models.Model]:
    ended: list[models.Model] = []
    for row in rows:
        if row.valid_to is None or row.valid_to > today():
            row.valid_to = today()
            row.save(update_fields=["valid_to"])
            ended.append(row)
    return ended
