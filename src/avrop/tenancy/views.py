"""Pages of the set-up, read only: the organisation, its units, its people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.tenancy import queries
from avrop.tenancy.doors import admit
from avrop.tenancy.facts import UnitFacts
from avrop.tenancy.permissions import may_see_setup
from avrop.tenancy.scope import Viewer, viewer
from avrop.tenancy.texts import KINDS, ROLES, role_name, setup_tabs, unit_kind
from avrop.web.format import money
from avrop.web.lists import Filter, listing
from avrop.web.spreadsheet import MONEY, Column, spreadsheet


def _allowed() -> Viewer:
    admit(may_see_setup(viewer()))
    return viewer()


def organisation(request: HttpRequest) -> HttpResponseBase:
    """Who we are, and for a co-operation its members."""
    who = _allowed()
    assert who.organisation_id is not None
    party = queries.party(who.organisation_id)
    home = queries.cooperation_of(party.id)
    members = listing(
        request,
        queries.members_of(party.id),
        search=("name", "orgnr", "endpoint"),
        sort={"name": "name", "orgnr": "orgnr"},
        default="name",
        exports=True,
    )
    if members.export:
        return spreadsheet(members, _MEMBER_COLUMNS, name=_("members"))
    context = {
        "tabs": setup_tabs(who, ""),
        "party": party,
        "kind": KINDS.get(party.kind, ""),
        "cooperation": queries.party(home) if home else None,
        "members": members,
    }
    return render(request, "tenancy/setup.html", context)


_MEMBER_COLUMNS = (
    Column(gettext_lazy("Name"), "name", width=30),
    Column(gettext_lazy("Organisation number"), "orgnr"),
    Column(gettext_lazy("Electronic address"), "endpoint", width=24),
)


def units(request: HttpRequest) -> HttpResponseBase:
    """The tree of units with their delivery addresses."""
    who = _allowed()
    places: dict[UUID, list[Any]] = {}
    for address in queries.addresses():
        places.setdefault(address.unit_id, []).append(address)
    every = _in_tree_order(queries.units())
    rows = listing(
        request,
        [_unit_row(unit, places) for unit in every],
        search=("unit__name", "unit__code", "unit__responsibility", "kind", "where"),
        sort={
            "name": "unit__name",
            "kind": ("kind", "unit__name"),
            "responsibility": ("unit__responsibility", "unit__code"),
            "function": ("unit__function", "unit__code"),
        },
        filters=[Filter("kind", _("Kind"), _kinds(every), "unit__kind")],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _UNIT_COLUMNS, name=_("units"))
    context = {"tabs": setup_tabs(who, "einingar/"), "rows": rows, "tree": not (rows.sort or rows.narrowed)}
    return render(request, "tenancy/units.html", context)


def _kinds(units: list[UnitFacts]) -> list[tuple[str, str]]:
    return sorted({(unit.kind, unit_kind(unit.kind)) for unit in units}, key=lambda pair: pair[1])


def _unit_row(unit: UnitFacts, places: dict[UUID, list[Any]]) -> dict[str, Any]:
    depth = min(len(unit.ancestors) - 1, 5)
    addresses = places.get(unit.id, [])
    where = [f"{one.name}, {one.street}, {one.postal_zone} {one.city}" for one in addresses]
    shown = {"kind": unit_kind(unit.kind), "addresses": addresses, "where": "; ".join(where)}
    return {"unit": unit, "depth": depth, **shown}


_UNIT_COLUMNS = (
    Column(gettext_lazy("Unit"), "unit__name", width=30),
    Column(gettext_lazy("Code"), "unit__code"),
    Column(gettext_lazy("Kind"), "kind"),
    Column(gettext_lazy("Responsibility"), "unit__responsibility"),
    Column(gettext_lazy("Function"), "unit__function"),
    Column(gettext_lazy("Delivery addresses"), "where", width=50),
)


def _in_tree_order(everything: dict[UUID, UnitFacts]) -> list[UnitFacts]:
    codes = {ident: unit.code for ident, unit in everything.items()}
    return sorted(everything.values(), key=lambda unit: [codes.get(a, "") for a in unit.ancestors])


def people(request: HttpRequest) -> HttpResponseBase:
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
        person["roles"].append({"key": row.role, "role": role_name(row.role), "unit": row.unit or ""})
    for person in found.values():
        person["most"] = max((one["amount"] for one in person["mandates"]), default=None)
    held = {one["key"] for person in found.values() for one in person["roles"]}
    choices = [(key, str(text)) for key, text in ROLES.items() if key in held]
    rows = listing(
        request,
        list(found.values()),
        search=("name", "login"),
        sort={"name": ("name", "login"), "most": ("most", "name", "login")},
        default="name",
        filters=[Filter("role", _("Role"), choices, _with_role)],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _PEOPLE_COLUMNS, name=_("people"))
    return render(request, "tenancy/people.html", {"tabs": setup_tabs(who, "folk/"), "rows": rows})


def _with_role(rows: list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    return [row for row in rows if any(one["key"] == role for one in row["roles"])]


def _each(*names: str) -> Callable[[Any], str]:
    """The parts of a cell that holds several, as one text."""

    def text(row: Any) -> str:
        parts = [[one.get(name) for name in names] for one in row["roles"]]
        return "; ".join(" ".join(part for part in found if part) for found in parts)

    return text


def _mandates(row: Any) -> str:
    return "; ".join(f"{money(one['amount'])} {one['unit']}".strip() for one in row["mandates"])


_PEOPLE_COLUMNS = (
    Column(gettext_lazy("Name"), "name", width=30),
    Column(gettext_lazy("Login"), "login", width=24),
    Column(gettext_lazy("Roles"), _each("role", "unit"), width=50),
    Column(gettext_lazy("May approve up to (with VAT)"), "most", MONEY),
    Column(gettext_lazy("Mandates"), _mandates, width=50),
)
