"""Pages of the set-up, read only: the organisation, its units, its people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from avrop.tenancy import queries
from avrop.tenancy.facts import UnitFacts
from avrop.tenancy.permissions import may_see_setup
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import Viewer, viewer
from avrop.tenancy.texts import KINDS, role_name, setup_tabs, unit_kind
from avrop.web.lists import listing
from avrop.web.refusals import explain


def _allowed() -> Viewer:
    answer = may_see_setup(viewer())
    if isinstance(answer, Denied):
        raise PermissionDenied(explain(answer.reason, answer.params))
    return viewer()


def organisation(request: HttpRequest) -> HttpResponse:
    """Who we are, and for a co-operation its members."""
    who = _allowed()
    assert who.organisation_id is not None
    party = queries.party(who.organisation_id)
    home = queries.cooperation_of(party.id)
    context = {
        "tabs": setup_tabs(who, ""),
        "party": party,
        "kind": KINDS.get(party.kind, ""),
        "cooperation": queries.party(home) if home else None,
        "members": queries.members_of(party.id),
    }
    return render(request, "tenancy/setup.html", context)


def units(request: HttpRequest) -> HttpResponse:
    """The tree of units with their delivery addresses."""
    who = _allowed()
    places: dict[UUID, list[Any]] = {}
    for address in queries.addresses():
        places.setdefault(address.unit_id, []).append(address)
    rows = [_unit_row(unit, places) for unit in _in_tree_order(queries.units())]
    return render(request, "tenancy/units.html", {"tabs": setup_tabs(who, "einingar/"), "rows": rows})


def _unit_row(unit: UnitFacts, places: dict[UUID, list[Any]]) -> dict[str, Any]:
    depth = min(len(unit.ancestors) - 1, 5)
    return {"unit": unit, "depth": depth, "kind": unit_kind(unit.kind), "addresses": places.get(unit.id, [])}


def _in_tree_order(everything: dict[UUID, UnitFacts]) -> list[UnitFacts]:
    codes = {ident: unit.code for ident, unit in everything.items()}
    return sorted(everything.values(), key=lambda unit: [codes.get(a, "") for a in unit.ancestors])


def people(request: HttpRequest) -> HttpResponse:
    """Who holds which role where, and how much they may approve."""
    who = _allowed()
    names = {unit.id: unit.name for unit in queries.units().values()}
    limits: dict[UUID, list[dict[str, Any]]] = {}
    for one in queries.mandates():
        limits.setdefault(one.person_id, []).append(
            {"unit": names.get(one.unit_id, ""), "amount": one.max_amount}
        )
    found: dict[UUID, dict[str, Any]] = {}
    for row in queries.roles():
        person = found.setdefault(
            row.person_id,
            {"name": row.name, "login": row.login, "roles": [], "mandates": limits.get(row.person_id, [])},
        )
        person["roles"].append({"role": role_name(row.role), "unit": row.unit or ""})
    rows = listing(
        request, list(found.values()), search=("name", "login"), sort={"name": "name"}, default="name"
    )
    return render(request, "tenancy/people.html", {"tabs": setup_tabs(who, "folk/"), "rows": rows})
