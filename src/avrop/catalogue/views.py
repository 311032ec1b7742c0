"""The catalogue: searching it, and judging a new version of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from avrop.catalogue import changes as differences
from avrop.catalogue import operations, queries
from avrop.catalogue import versions as reads
from avrop.catalogue.facts import Facet, ItemFacts, SearchFilters, SearchResult
from avrop.catalogue.models import CatalogueChange
from avrop.catalogue.permissions import may_import, may_judge, may_order, may_search, may_see_versions
from avrop.catalogue.pictures import picture_url
from avrop.catalogue.texts import ASPECTS, KIND_TONES, KINDS, STATES, TONES, WARNINGS, reason_text
from avrop.kernel.money import MICRO
from avrop.kernel.ports import originals
from avrop.tenancy.doors import admit
from avrop.tenancy.facts import REQUISITIONER, UnitFacts
from avrop.tenancy.queries import person_names, units, units_below
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import Viewer, viewer
from avrop.ubl.codes import name_of
from avrop.web.lists import LONGEST_SEARCH, ActiveFilter, Filter, Listing, listing
from avrop.web.refusals import act, explain
from avrop.web.spreadsheet import MOMENT, NUMBER, PERCENT, PRICE, Column, spreadsheet

PAGE = 20
MOST_SHOWN = 200  # lines of a version in each part of its page
FILE_TYPES = {
    "xml": "application/xml",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FACETS = (("supplier", "suppliers"), ("agreement", "agreements"), ("category", "categories"))


def _language() -> str:
    return get_language() or "nn"


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """What one may buy for a unit. Whoever looks after agreements elsewhere is sent to the versions."""
    who = viewer()
    if not may_search(who):
        return HttpResponseRedirect(reverse("catalogue:versions", kwargs={"slug": who.slug}))
    mine = _units(who)
    unit = next((u for u in mine if str(u.id) == request.GET.get("unit")), mine[0] if mine else None)
    order = may_order(who)
    context: dict[str, Any] = {
        "units": mine,
        "unit": unit,
        "words": request.GET.get("q", "")[:LONGEST_SEARCH],
        "may_order": bool(order),
        "denied": explain(order.reason, order.params) if isinstance(order, Denied) else "",
        "versions": bool(may_see_versions(who)) and who.has("contract_owner"),
    }
    if unit is not None:
        context |= _found(request, unit, context["words"])
    return render(request, "catalogue/search.html", context)


def _units(who: Viewer) -> list[UnitFacts]:
    """The units that the viewer orders for; for whoever only looks, all of them."""
    every = units()
    return units_below(every, who.units(REQUISITIONER)) or list(every.values())


def _found(request: HttpRequest, unit: UnitFacts, words: str) -> dict[str, Any]:
    asked = request.GET.get("page", "1")
    page = max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    filters = _filters(request)
    result = queries.search(words, unit=unit, limit=PAGE, offset=(page - 1) * PAGE, filters=filters)
    pages = max(1, math.ceil(result.total / PAGE))
    if page > pages:
        page = pages
        result = queries.search(words, unit=unit, limit=PAGE, offset=(page - 1) * PAGE, filters=filters)
    active = [_facet(name, result, request.GET.get(name, "")) for name, _field in FACETS]
    rows = Listing(
        rows=[_item(item) for item in result.items],
        total=result.total,
        page=page,
        pages=pages,
        query=words,
        sort="",
        sortable=frozenset(),
        filters=active,
        params=request.GET.copy(),
        searchable=True,
        size=PAGE,
        narrowed=bool(words or any(one.value for one in active)),
    )
    return {"rows": rows}


def _filters(request: HttpRequest) -> SearchFilters:
    def ids(name: str) -> tuple[UUID, ...]:
        try:
            return (UUID(request.GET[name]),) if request.GET.get(name) else ()
        except ValueError:
            return ()

    category = request.GET.get("category", "")[:40]
    return SearchFilters(ids("supplier"), ids("agreement"), (category,) if category else ())


def _facet(name: str, result: SearchResult, value: str) -> ActiveFilter:
    labels = {"supplier": _("Supplier"), "agreement": _("Agreement"), "category": _("Category")}
    found: Sequence[Facet] = result.facets[name]
    choices = [(one.value, f"{one.name(_language())} ({one.count})") for one in found]
    known = value if any(value == one.value for one in found) else ""
    return ActiveFilter(name, labels[name], choices, known)


def _item(item: ItemFacts) -> dict[str, Any]:
    return {
        "item": item,
        "name": item.name(_language()),
        "picture": picture_url(item.picture),
        "unit": name_of("unit", item.unit_code, _language()),
        "per": item.base_quantity if item.base_quantity != 1_000_000 else None,
        "start": max(item.min_quantity, item.multiple) or 1_000_000,
    }


@require_GET
def versions(request: HttpRequest) -> HttpResponseBase:
    """Catalogue versions of one's own agreements; those that wait stand first."""
    who = viewer()
    admit(may_see_versions(who))
    every = sorted(reads.versions(), key=lambda one: one.state != "in_review")
    rows = listing(
        request,
        [_version(one) for one in every],
        search=("ref", "name", "supplier"),
        sort={
            "ref": ("ref", "version__number"),
            "supplier": ("supplier", "ref", "version__number"),
            "lines": ("version__lines", "ref", "version__number"),
            "changed": ("version__changed", "ref", "version__number"),
            "imported": "imported",
            "state": ("state_key", "ref", "version__number"),
        },
        filters=[Filter("state_key", _("State"), [(k, str(v)) for k, v in STATES.items() if k != "loading"])],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _VERSIONS, name=_("catalogue versions"))
    context = {
        "rows": rows,
        "may_import": bool(who.organisation_id and may_import(who, owner_id=who.organisation_id)),
    }
    return render(request, "catalogue/versions.html", context)


_VERSIONS = (
    Column(gettext_lazy("Agreement"), "ref"),
    Column(gettext_lazy("Name"), "name", width=30),
    Column(gettext_lazy("Supplier"), "supplier", width=30),
    Column(gettext_lazy("Version"), "version__number", NUMBER),
    Column(gettext_lazy("Items"), "version__lines", NUMBER),
    Column(gettext_lazy("New"), "version__added", NUMBER),
    Column(gettext_lazy("Changed"), "version__changed", NUMBER),
    Column(gettext_lazy("Removed"), "version__removed", NUMBER),
    Column(gettext_lazy("Received"), "imported", MOMENT),
    Column(gettext_lazy("State"), "state", width=20),
)


def _version(one: reads.VersionFacts) -> dict[str, Any]:
    return {
        "version": one,
        "ref": one.agreement_ref,
        "name": one.agreement_name,
        "supplier": one.supplier_name,
        "imported": one.imported_at,
        "state": STATES[one.state],
        "state_key": one.state,
        "tone": TONES.get(one.state, "neutral"),
    }


def _one(version_id: UUID) -> reads.VersionFacts:
    admit(may_see_versions(viewer()))
    found = reads.version(version_id)
    if found is None:
        raise Http404
    return found


@require_GET
def version(request: HttpRequest, version_id: UUID) -> HttpResponseBase:
    """What a version adds, changes and removes, and the contract owner's two buttons."""
    one = _one(version_id)
    who = viewer()
    rows = _changes(request, one)
    if rows.export:
        name = f"{one.agreement_ref} {one.number}"
        return spreadsheet(rows, _CHANGES, name=name, prepare=lambda found: map(_change, found))
    judge = may_judge(who, owner_id=one.owner_id, contract_owner_id=one.contract_owner_id)
    waits = one.state == "in_review"
    context = {
        **_version(one),
        "one": one,
        "decided_by": person_names([one.decided_by]).get(one.decided_by, "") if one.decided_by else "",
        "waits": waits,
        "may_judge": waits and bool(judge),
        "denied": explain(judge.reason, judge.params) if waits and isinstance(judge, Denied) else "",
        "warnings": [str(WARNINGS[w["code"]]) % w for w in one.warnings],
        "rejected": [{**r, "text": reason_text(r)} for r in one.rejected[:MOST_SHOWN]],
        "most": MOST_SHOWN,
    }
    context |= {"rows": rows, "lines": [_change(row) for row in rows], "totals": differences.totals(one.id)}
    return render(request, "catalogue/version.html", context)


def _changes(request: HttpRequest, one: reads.VersionFacts) -> Listing:
    """The list of changes, narrowed and paged in the database: a version may change thousands of items."""
    return listing(
        request,
        differences.changes(one.id),
        search=("seller_item_id", "name", "name_before"),
        sort={
            "item": "seller_item_id",
            "name": "name",
            "percent": "percent",
            "before": "price_before",
            "after": "price_after",
        },
        default="item",
        filters=[
            Filter("kind", _("Kind"), [(key, str(text)) for key, text in KINDS.items()]),
            Filter(
                "aspect", _("What is changed"), [(key, str(text)) for key, text in ASPECTS.items()], _aspect
            ),
        ],
        exports=True,
    )


_CHANGES = (
    Column(gettext_lazy("Item number"), "row__seller_item_id"),
    Column(gettext_lazy("Item"), "row__name", width=40),
    Column(gettext_lazy("Kind"), "kind"),
    Column(gettext_lazy("Price before"), "row__price_before", PRICE),
    Column(gettext_lazy("New price"), "row__price_after", PRICE),
    Column(gettext_lazy("Change"), "row__percent", PERCENT),
    Column(gettext_lazy("VAT"), "vat", PERCENT),
    Column(gettext_lazy("Also changed"), "other", width=30),
)


def _aspect(rows: Any, value: str) -> Any:
    if value in ("dearer", "cheaper"):
        return rows.filter(percent__gt=0) if value == "dearer" else rows.filter(percent__lt=0)
    return rows.filter(**{value: True})


def _change(row: CatalogueChange) -> dict[str, Any]:
    language = _language()
    names = {
        "texts": _("texts or picture"),
        "unit": _("unit"),
        "vat": _("VAT"),
        "quantities": _("quantities"),
    }
    return {
        "row": row,
        "kind": KINDS[row.kind],
        "tone": KIND_TONES[row.kind],
        "unit_before": name_of("unit", row.unit_before, language),
        "unit_after": name_of("unit", row.unit_after, language),
        "per_before": row.base_before if row.base_before != MICRO else None,
        "per_after": row.base_after if row.base_after != MICRO else None,
        "other": ", ".join(str(text) for field, text in names.items() if getattr(row, field)),
        "vat": row.vat_after if row.vat_after is not None else row.vat_before,
        "dearer": row.percent is not None and row.percent > 0,
    }


@require_POST
def return_lines(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Send the chosen lines back with a reason."""
    one = _one(version_id)
    chosen = request.POST.getlist("item")[:5000]
    return act(
        request,
        lambda: operations.return_lines(
            version_id=one.id, seller_item_ids=chosen, reason=request.POST.get("reason", "")[:1000]
        ),
        done=_("The chosen lines are sent back; of these items what is in force stays."),
        to=_url("version", one.id),
    )


@require_POST
def approve(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put the version in force."""
    one = _one(version_id)
    return act(
        request,
        lambda: operations.approve_version(version_id=one.id),
        done=_("Version %(number)s is in force.") % {"number": one.number},
        to=_url("version", one.id),
    )


@require_POST
def reject(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Turn the version down, with a reason."""
    one = _one(version_id)
    return act(
        request,
        lambda: operations.reject_version(version_id=one.id, reason=request.POST.get("reason", "")[:1000]),
        done=_("Version %(number)s is rejected.") % {"number": one.number},
        to=_url("version", one.id),
    )


@require_GET
def original(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The file as it came."""
    one = _one(version_id)
    try:
        content = originals().get(one.sha256)
    except KeyError:
        raise Http404 from None
    ending = "xml" if not one.layout else ("xlsx" if content.startswith(b"PK") else "csv")
    response = HttpResponse(content, content_type=FILE_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{one.agreement_ref}-{one.number}.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _url(name: str, version_id: UUID) -> str:
    return reverse(f"catalogue:{name}", kwargs={"slug": viewer().slug, "version_id": version_id})
