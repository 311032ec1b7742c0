"""Reads of organisations, units, people and mandates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from avrop.kernel.identifiers import participant
from avrop.kernel.ports import today
from avrop.tenancy import cache
from avrop.tenancy.facts import AddressFacts, MandateFacts, Party, RoleRow, UnitFacts
from avrop.tenancy.models import DeliveryAddress, Mandate, Organisation, Person, RoleAssignment, Unit
from avrop.tenancy.scope import Viewer

_ROLE = (
    "organisation__name",
    "organisation__kind",
    "person_id",
    "person__login",
    "person__name",
    "role",
    "unit__name",
)
_PARTY = (
    "id",
    "slug",
    "name",
    "orgnr",
    "endpoint",
    "street",
    "city",
    "postal_zone",
    "vat_registered",
    "kind",
    "language",
    "email",
)


def parties(ids: Iterable[UUID]) -> dict[UUID, Party]:
    """Parties by id, in at most one statement."""
    known = {ident: cache.get(ident) for ident in set(ids)}
    missing = [ident for ident, party in known.items() if party is None]
    if missing:
        rows = Organisation.objects.filter(id__in=missing).values_list(*_PARTY)
        known |= {row[0]: cache.keep(Party(*row)) for row in rows}
    return {ident: party for ident, party in known.items() if party is not None}


def party(organisation_id: UUID) -> Party:
    """One party. Raises Organisation.DoesNotExist."""
    found = parties([organisation_id]).get(organisation_id)
    if found is None:
        raise Organisation.DoesNotExist(organisation_id)
    return found


def party_by_endpoint(endpoint: str) -> Party | None:
    """The party with this participant id (`0192:...`), if it lives here."""
    known = cache.get_by_endpoint(endpoint)
    if known is not None:
        return known
    row = Organisation.objects.filter(endpoint=endpoint).values_list(*_PARTY).first()
    return cache.keep(Party(*row)) if row else None


def party_by_slug(slug: str) -> Party | None:
    """The party with this short name, if any."""
    row = Organisation.objects.filter(slug=slug).values_list(*_PARTY).first()
    return Party(*row) if row else None


def party_by_orgnr(orgnr: str) -> Party | None:
    """The party with this organisation number, if it lives here."""
    known = cache.get_by_endpoint(participant(orgnr))
    if known is not None:
        return known
    row = Organisation.objects.filter(orgnr=orgnr).values_list(*_PARTY).first()
    return cache.keep(Party(*row)) if row else None


def list_parties(*kinds: str) -> list[Party]:
    """All parties of these kinds, by name."""
    rows = Organisation.objects.filter(kind__in=kinds).order_by("name").values_list(*_PARTY)
    return [Party(*row) for row in rows]


def cooperation_of(buyer_id: UUID) -> UUID | None:
    """The co-operation that a buyer belongs to."""
    return Organisation.objects.filter(id=buyer_id).values_list("cooperation_id", flat=True).first()


def members_of(cooperation_id: UUID) -> list[Party]:
    """The members of a co-operation, by name."""
    rows = Organisation.objects.filter(cooperation_id=cooperation_id).order_by("name").values_list(*_PARTY)
    return [Party(*row) for row in rows]


def _unit(row: tuple[Any, ...]) -> UnitFacts:
    ident, code, name, kind, parent, path, responsibility, function = row
    ancestors = tuple(UUID(part) for part in str(path).split("/") if part)
    return UnitFacts(ident, code, name, kind, parent, ancestors, responsibility, function)


_UNIT = ("id", "code", "name", "kind", "parent_id", "path", "responsibility", "function")


def units() -> dict[UUID, UnitFacts]:
    """Every unit of the viewer's organisation, in tree order, in one statement."""
    return {row[0]: _unit(row) for row in Unit.objects.order_by("code").values_list(*_UNIT)}


def unit(unit_id: UUID) -> UnitFacts:
    """One unit of the viewer's organisation (as it was within the last seconds). Raises Unit.DoesNotExist."""
    rows = Unit.objects.values_list(*_UNIT)
    return cache.remembered(("unit", unit_id), lambda: _unit(rows.get(id=unit_id)))


def units_below(everything: dict[UUID, UnitFacts], roots: Iterable[UUID | None]) -> list[UnitFacts]:
    """The units in the subtrees of `roots` (None: all of them)."""
    wanted = set(roots)
    if None in wanted:
        return list(everything.values())
    return [u for u in everything.values() if wanted & set(u.ancestors)]


def addresses(unit_ids: Iterable[UUID] | None = None) -> list[AddressFacts]:
    """Delivery addresses, of these units or of all."""
    rows = DeliveryAddress.objects.order_by("unit__code", "name")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    return [
        AddressFacts(*r)
        for r in rows.values_list("id", "unit_id", "name", "street", "postal_zone", "city", "marking")
    ]


def only_address(unit_id: UUID) -> AddressFacts | None:
    """The unit's delivery address where it has one and no other (as it was within the last seconds)."""
    known = cache.remembered(("addresses", unit_id), lambda: tuple(addresses([unit_id])))
    return known[0] if len(known) == 1 else None


def address(address_id: UUID) -> AddressFacts:
    """One delivery address. Raises DeliveryAddress.DoesNotExist."""
    fields = ("id", "unit_id", "name", "street", "postal_zone", "city", "marking")
    return AddressFacts(*DeliveryAddress.objects.values_list(*fields).get(id=address_id))


def mandates(on: date | None = None) -> list[MandateFacts]:
    """Mandates of the viewer's organisation that hold on the day, held by active people."""
    day = on or today()
    rows = Mandate.objects.filter(person__is_active=True).values_list(
        "person_id", "person__name", "unit_id", "max_amount", "valid_from", "valid_to"
    )
    return [m for m in (MandateFacts(*row) for row in rows) if m.valid_on(day)]


def person_names(ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Names of people by id."""
    wanted = {i for i in ids if i is not None}
    return dict(Person.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}


def _valid(rows: QuerySet[RoleAssignment], day: date) -> QuerySet[RoleAssignment]:
    return rows.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )


def viewer_for(person: Person, slug: str) -> Viewer | None:
    """The person as a viewer of the organisation with this short name; None without any role there."""
    return viewer_and_homes(person, slug)[0]


def viewer_and_homes(person: Person, slug: str) -> tuple[Viewer | None, list[tuple[str, str, str]]]:
    """As `viewer_for` and `organisations_of` together, in one statement: every page needs both."""
    rows = _valid(RoleAssignment._base_manager.filter(person=person), today())
    found = list(
        rows.order_by("organisation__name").values_list(
            "role",
            "unit_id",
            "organisation_id",
            "organisation__kind",
            "organisation__slug",
            "organisation__name",
        )
    )
    homes = list(dict.fromkeys((row[4], row[5], row[3]) for row in found))
    here = [row for row in found if row[4] == slug]
    if not here or not person.is_active:
        return None, homes
    who = Viewer(
        organisation_id=here[0][2],
        person_id=person.id,
        roles=frozenset((role, unit_id) for role, unit_id, *_ in here),
        slug=slug,
        kind=here[0][3],
        name=person.name,
    )
    return who, homes


def organisations_of(person_id: UUID) -> list[tuple[str, str, str]]:
    """(slug, name, kind) of the organisations where the person has a role, by name."""
    rows = _valid(RoleAssignment._base_manager.filter(person_id=person_id), today())
    return list(
        rows.order_by("organisation__name")
        .values_list("organisation__slug", "organisation__name", "organisation__kind")
        .distinct()
    )


def login_viewer(login: str) -> Viewer | None:
    """A login's viewer in the first organisation where it has a role (commands given `--as LOGIN`)."""
    person = Person.objects.filter(login=login).first()
    homes = organisations_of(person.id) if person else []
    return viewer_for(person, homes[0][0]) if person and homes else None


def everybodys_roles() -> list[RoleRow]:
    """Every role that holds today in every organisation: for the demo's switcher only."""
    order = {"buyer": 0, "cooperation": 1, "supplier": 2, "platform": 3}
    rows = _valid(RoleAssignment._base_manager.filter(person__is_active=True), today())
    found = [
        RoleRow(*row)
        for row in rows.order_by("organisation__name", "person__name", "role").values_list(*_ROLE)
    ]
    return sorted(found, key=lambda row: order.get(row.kind, 9))


def roles() -> list[RoleRow]:
    """The roles that hold today in the viewer's organisation, by person."""
    rows = _valid(RoleAssignment.objects.all(), today())
    return [RoleRow(*row) for row in rows.order_by("person__name", "role").values_list(*_ROLE)]
