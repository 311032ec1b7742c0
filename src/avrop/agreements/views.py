"""Pages of agreements, read only: which there are, who may call off, for how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from avrop.agreements import panels, queries
from avrop.agreements.facts import AgreementFacts
from avrop.agreements.permissions import may_read
from avrop.agreements.rules import valid_on
from avrop.agreements.texts import DELIVERY, OUTSIDE, STATES
from avrop.kernel.ports import today
from avrop.tenancy.doors import admit
from avrop.tenancy.queries import parties, person_names
from avrop.tenancy.scope import Viewer, viewer
from avrop.tenancy.texts import unit_kind
from avrop.web.format import day
from avrop.web.lists import Filter, listing
from avrop.web.spreadsheet import DAY, NUMBER, Column, spreadsheet


def _allowed() -> Viewer:
    admit(may_read(viewer()))
    return viewer()


@require_GET
def agreements(request: HttpRequest) -> HttpResponseBase:
    """Every agreement that the organisation owns or takes part in."""
    who = _allowed()
    found = queries.all_agreements()
    notes = panels.notes([one.id for one in found])
    rows = listing(
        request,
        [_row(one, who, notes.get(one.id, [])) for one in found],
        search=("ref", "name", "supplier"),
        sort={
            "ref": "ref",
            "supplier": ("supplier", "ref"),
            "ends": ("last_day", "ref"),
            "state": ("state", "ref"),
        },
        default="ref",
        filters=[Filter("force", _("In force"), [("yes", _("Yes")), ("no", _("No"))])],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("agreements"))
    return render(request, "agreements/list.html", {"rows": rows, "owner": who.kind == "cooperation"})


_COLUMNS = (
    Column(gettext_lazy("Agreement"), "ref"),
    Column(gettext_lazy("Name"), "name", width=30),
    Column(gettext_lazy("Supplier"), "supplier", width=30),
    Column(gettext_lazy("First day"), "valid_from", DAY),
    Column(gettext_lazy("Last day"), "last_day", DAY),
    Column(gettext_lazy("Participants"), "count", NUMBER),
    Column(gettext_lazy("Not for"), "excluded_short", width=30),
    Column(gettext_lazy("State"), "state", width=20),
)


@require_GET
def show(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One agreement: participants, units that it is not for, period, catalogue."""
    who = _allowed()
    one = queries.agreement(agreement_id)
    if one is None:
        raise Http404
    named = parties([one.owner_id, one.supplier_id, *(p.buyer_id for p in one.participants)])
    row = _row(one, who, panels.notes([one.id]).get(one.id, []))
    context = {
        **row,
        "one": one,
        "owner": named[one.owner_id],
        "seller": named[one.supplier_id],
        "contract_owner": person_names([one.contract_owner_id]).get(one.contract_owner_id, "")
        if one.contract_owner_id
        else "",
        "participants": [
            {"name": named[p.buyer_id].name, "orgnr": named[p.buyer_id].orgnr, "period": _period(p)}
            for p in one.participants
        ],
        "own": one.owner_id == who.organisation_id,
        "excluded": _kinds(one.excluded_unit_kinds),
        "delivery": DELIVERY.get(one.delivery_mode, one.delivery_mode),
        "charges": sorted(one.agreed_charges.items()),
    }
    return render(request, "agreements/agreement.html", context)


def _row(one: AgreementFacts, who: Viewer, notes: list[panels.Note]) -> dict[str, Any]:
    state, tone = _state(one)
    return {
        "id": one.id,
        "ref": one.ref,
        "name": one.name(get_language() or "nn"),
        "supplier": one.supplier_name,
        "valid_from": one.valid_from,
        "last_day": one.valid_to - timedelta(days=1),
        "force": "yes" if valid_on(one, today()) else "no",
        "state": state,
        "tone": tone,
        "count": len(one.participants) if one.owner_id == who.organisation_id else None,
        "excluded_short": _kinds(one.excluded_unit_kinds),
        "notes": notes,
    }


def _state(one: AgreementFacts) -> tuple[str, str]:
    """The state as it is today, and its tone: an active agreement may have ended, or not begun."""
    if one.state != "active":
        return str(STATES.get(one.state, one.state)), "neutral"
    if today() < one.valid_from:
        return str(OUTSIDE["future"]), "info"
    if today() >= one.valid_to:
        return str(OUTSIDE["ended"]), "neutral"
    return str(STATES["active"]), "success"


def _kinds(kinds: Iterable[str]) -> str:
    return ", ".join(sorted(unit_kind(kind).lower() for kind in kinds))


def _period(participation: Any) -> str:
    if participation.valid_from is None and participation.valid_to is None:
        return _("the whole period")
    last = participation.valid_to - timedelta(days=1) if participation.valid_to else None
    return f"{day(participation.valid_from)}–{day(last)}"
