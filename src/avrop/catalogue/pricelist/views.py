"""Bringing a price list in: upload, look at what its columns hold, follow the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from avrop.agreements.queries import all_agreements
from avrop.catalogue import states
from avrop.catalogue import versions as reads
from avrop.catalogue.documents import ItemData, LineRefused
from avrop.catalogue.models import CatalogueItem, PriceList
from avrop.catalogue.permissions import may_import, may_see_versions
from avrop.catalogue.pricelist import kept, lines, operations
from avrop.catalogue.pricelist.mapping import (
    COMMA,
    POINT,
    SEARCHED,
    Layout,
    fields,
    from_json,
    headings,
    places,
)
from avrop.catalogue.pricelist.sheet import MOST_BYTES, Row, SheetRefused, as_text
from avrop.catalogue.texts import FIELDS, LIST_STATES, LIST_TONES, SENTENCES, in_words, reason_text
from avrop.kernel.finding import Refusal
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import Viewer, viewer
from avrop.ubl.codes import codes, name_of
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain, sentence
from avrop.web.spreadsheet import MOMENT, NUMBER, Column, spreadsheet

PREVIEW = 8  # rows shown as they will be read


def _bringer() -> Viewer:
    who = viewer()
    admit(may_import(who, owner_id=who.organisation_id) if who.organisation_id else may_see_versions(who))
    return who


@require_GET
def lists(request: HttpRequest) -> HttpResponseBase:
    """Price lists that were uploaded, newest first."""
    _bringer()
    rows = listing(
        request,
        PriceList.objects.select_related("agreement", "agreement__supplier", "version").defer("sample"),
        search=("source_name", "agreement__ref", "agreement__name", "agreement__supplier__name"),
        sort={"at": "at", "agreement": "agreement__ref", "rows": "rows"},
        default="-at",
        filters=[Filter("state", _("State"), [(key, str(text)) for key, text in LIST_STATES.items()])],
        few=("agreement", "rows", "at"),
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("price lists"))
    shown = [{"row": row, "state": LIST_STATES[row.state], "tone": LIST_TONES[row.state]} for row in rows]
    return render(request, "catalogue/price_lists.html", {"rows": rows, "shown": shown})


_COLUMNS = (
    Column(gettext_lazy("File"), "source_name", width=30),
    Column(gettext_lazy("Agreement"), "agreement__ref"),
    Column(gettext_lazy("Supplier"), "agreement__supplier__name", width=30),
    Column(gettext_lazy("Uploaded"), "at", MOMENT),
    Column(gettext_lazy("Rows"), "rows", NUMBER),
    Column(gettext_lazy("State"), lambda row: LIST_STATES[row.state], width=20),
)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose the agreement and the file."""
    who = _bringer()
    mine = sorted(
        (one for one in all_agreements() if one.owner_id == who.organisation_id), key=lambda a: a.ref
    )
    problem = ""
    if request.method == "POST":
        try:
            return HttpResponseRedirect(_address(_upload(request)))
        except (Refusal, SheetRefused) as refusal:
            problem = sentence(refusal)
    language = get_language() or "nn"
    shown = [
        {
            "id": str(one.id),
            "ref": one.ref,
            "name": one.names.get(language) or one.names["nn"],
            "seller": one.supplier_name,
        }
        for one in mine
    ]
    context = {"agreements": shown, "chosen": request.POST.get("agreement", ""), "problem": problem}
    return render(request, "catalogue/upload.html", context)


def _upload(request: HttpRequest) -> UUID:
    file = request.FILES.get("file")
    if file is None:
        raise Refusal("PRICE_LIST_NO_FILE")
    if (file.size or 0) > MOST_BYTES:
        raise SheetRefused("SHEET_TOO_BIG", most=MOST_BYTES // 1_000_000)
    try:
        agreement = UUID(request.POST.get("agreement", ""))
    except ValueError:
        raise Refusal("CATALOGUE_NO_AGREEMENT") from None
    return operations.upload(agreement_id=agreement, raw=file.read(), source_name=file.name or "")


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, price_list_id: UUID) -> HttpResponse:
    """What each column holds, with the first rows as they will be read; then how far the reading has come."""
    row = (
        PriceList.objects.select_related("agreement", "agreement__supplier").filter(id=price_list_id).first()
    )
    if row is None:
        raise Http404
    _bringer()
    layout = from_json(row.layout)
    if request.method == "POST":
        layout = _posted(request.POST, row)
        if request.POST.get("do") == "read" and _confirm(request, row, layout):
            return HttpResponseRedirect(_address(row.id))
    context: dict[str, Any] = {
        "row": row,
        "agreement": row.agreement,
        "supplier": row.agreement.supplier.name,
        "state": LIST_STATES[row.state],
        "tone": LIST_TONES[row.state],
        "asks": row.state in (states.OPEN, states.FAILED),
        "why": explain(row.reason, {}) if row.reason in SENTENCES else "",
    }
    context |= _columns(row, layout) if context["asks"] else _progress(row)
    return render(request, "catalogue/price_list.html", context)


def _confirm(request: HttpRequest, row: PriceList, layout: Layout) -> bool:
    try:
        operations.confirm(price_list_id=row.id, layout=layout)
    except Refusal as refusal:
        messages.error(request, explain(refusal.code, in_words(refusal.params)))
        return False
    messages.success(request, _("The price list is being read. It waits for approval when it is done."))
    return True


def _posted(post: Mapping[str, str], row: PriceList) -> Layout:
    """The layout as it stands in the form; a heading that the file lacks is left out."""
    first = kept.rows_of(row.sample)
    number = post.get("header", "")
    header = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    names = set(_headings(first, header))
    chosen = {name: post.get(f"column-{name}", "") for name in fields()}
    return Layout(
        header=header,
        columns={name: heading for name, heading in chosen.items() if heading in names},
        decimal=POINT if post.get("decimal") == POINT else COMMA,
        unit=post.get("unit", "")[:3],
        vat=post.get("vat", "").strip()[:6],
    )


def _headings(first: tuple[Row, ...], header: int) -> list[str]:
    width = max((len(one.cells) for one in first), default=0)
    return headings(next((one for one in first if one.number == header), None), width)


def _columns(row: PriceList, layout: Layout) -> dict[str, Any]:
    first = kept.rows_of(row.sample)
    names = _headings(first, layout.header)
    missing = layout.missing()
    return {
        "layout": layout,
        "headings": names,
        "fields": [
            {
                "name": name,
                "label": FIELDS[name],
                "chosen": layout.columns.get(name, ""),
                "missing": name in missing,
            }
            for name in fields()
        ],
        "header_rows": [
            (one.number, " · ".join(filter(None, map(as_text, one.cells)))[:80]) for one in first[:SEARCHED]
        ],
        "units": [(code.code, code.name(get_language() or "nn")) for code in codes("unit")],
        "preview": list(_preview(first, layout)),
        "missing": ", ".join(str(FIELDS[name]) for name in missing),
    }


def _preview(first: tuple[Row, ...], layout: Layout) -> Iterator[dict[str, Any]]:
    """The first rows below the headings as items, or why they would be left out."""
    where, language = places(first, layout), get_language() or "nn"
    below = [one for one in first if one.number > layout.header and sum(cell != "" for cell in one.cells) > 1]
    for one in below[:PREVIEW]:
        shown: dict[str, Any] = {"number": one.number, "text": as_text(where.cell(one, "name"))}
        try:
            item: ItemData = lines.item(one, layout, where, "NOK")
            shown |= {"item": item, "unit": name_of("unit", item.unit_code, language)}
            shown["per"] = item.base_quantity if item.base_quantity != 1_000_000 else None
        except LineRefused as refused:
            shown["refused"] = reason_text({"reason": refused.reason, "value": refused.value})
        yield shown


def _progress(row: PriceList) -> dict[str, Any]:
    version = reads.version(row.version_id) if row.version_id else None
    read = CatalogueItem.objects.filter(version_id=row.version_id).count() if row.version_id else 0
    return {"version": version, "read": read, "done": row.state == states.DONE}


def _address(price_list_id: UUID) -> str:
    return reverse("catalogue:price_list", kwargs={"slug": viewer().slug, "price_list_id": price_list_id})
