"""Batches: what was sent, what came back, and whether it agrees."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from avrop.accounting import files, operations, queries, states
from avrop.accounting.facts import BatchFacts
from avrop.accounting.forms import ReasonForm
from avrop.accounting.models import PostingBatch
from avrop.accounting.texts import BATCH_STATES, ITEM_STATES, KINDS
from avrop.accounting.views.common import address, batch_state, choices, may_act, readers_only, tabs
from avrop.kernel.ports import now, originals
from avrop.tenancy import queries as tenancy
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act
from avrop.web.spreadsheet import MOMENT, MONEY, NUMBER, Column, spreadsheet

_SORT = {"number": "number", "released": "released_at", "total": "total", "count": "count"}
_FEW = ("total", "count")
_COLUMNS = (
    Column(gettext_lazy("Number"), "number"),
    Column(gettext_lazy("Released"), "released_at", MOMENT),
    Column(gettext_lazy("Invoices"), "count", NUMBER),
    Column(gettext_lazy("Sum"), "total", MONEY),
    Column(gettext_lazy("Answered, count"), "answered_count", NUMBER),
    Column(gettext_lazy("Answered, sum"), "answered_total", MONEY),
    Column(gettext_lazy("Rejected, count"), "rejected_count", NUMBER),
    Column(gettext_lazy("Rejected, sum"), "rejected_total", MONEY),
    Column(gettext_lazy("State"), lambda one: batch_state(one)["label"], width=22),
)


def batches(request: HttpRequest) -> HttpResponseBase:
    """Every batch with its answer."""
    readers_only()
    rows = listing(
        request,
        queries.batches(),
        search=("number",),
        sort=_SORT,
        default="-released",
        few=_FEW,
        filters=[Filter("state", _("State"), choices(BATCH_STATES))],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("posting batches"))
    page = {
        "rows": rows,
        "shown": [{"batch": one, "late": queries.is_late(one), **batch_state(one)} for one in rows],
        "tabs": tabs("batches"),
    }
    return render(request, "accounting/batches.html", page)


def reconciliation(request: HttpRequest) -> HttpResponseBase:
    """Sent against answered in number and sum, and every batch that does not agree, with its age."""
    readers_only()
    rows = listing(
        request,
        queries.unsettled(),
        search=("number",),
        sort=_SORT,
        default="released",
        few=_FEW,
        filters=[
            Filter("state", _("State"), [one for one in choices(BATCH_STATES) if one[0] in states.UNSETTLED])
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("open differences"))
    at = now()
    page = {
        "found": queries.reconciliation(),
        "rows": rows,
        "shown": [
            {
                "batch": one,
                "late": queries.is_late(one),
                "days": (at - one.released_at).days,
                "count_open": one.count - (one.answered_count or 0) - one.rejected_count,
                "total_open": one.total - (one.answered_total or 0) - one.rejected_total,
                **batch_state(one),
            }
            for one in rows
        ],
        "tabs": tabs("reconciliation"),
    }
    return render(request, "accounting/reconciliation.html", page)


def show(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch: its postings with what was answered, and how it agrees."""
    return _page(request, _header(batch_id), ReasonForm())


def _page(request: HttpRequest, batch: BatchFacts, form: ReasonForm) -> HttpResponse:
    rows = listing(
        request,
        queries.items_of(batch.id),
        search=("posting__invoice_number", "posting__supplier__name", "voucher", "reason"),
        sort={
            "position": "position",
            "number": "posting__invoice_number",
            "supplier": "posting__supplier__name",
            "total": "payable",
            "voucher": "voucher",
        },
        default="position",
        filters=[Filter("state", _("State"), choices(ITEM_STATES))],
    )
    names = tenancy.person_names([batch.released_by])
    page = {
        "batch": batch,
        "released_by": names.get(batch.released_by, "") if batch.released_by else "",
        "rows": rows,
        "shown": [
            {"one": one, "state": ITEM_STATES[one.state], "kind": KINDS[one.posting.kind]} for one in rows
        ],
        "late": queries.is_late(batch),
        "may_resend": may_act() and batch.state in states.UNSETTLED,
        "form": form,
        **batch_state(batch),
    }
    return render(request, "accounting/batch.html", page)


def _header(batch_id: UUID) -> BatchFacts:
    readers_only()
    try:
        return queries.batch_header(batch_id)
    except PostingBatch.DoesNotExist:
        raise Http404 from None


@require_POST
def resend(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Send the batch once more, byte for byte."""
    batch = _header(batch_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, form)
    return act(
        request,
        lambda: operations.resend_batch(batch_id=batch_id, reason=form.cleaned_data["reason"]),
        done=_("The batch is sent again."),
        to=address("batch", batch_id=batch_id),
    )


def as_json(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The canonical JSON, byte for byte as it was sent."""
    batch = _header(batch_id)
    content = originals().get(batch.sha256) if batch.sha256 else _made(batch_id)
    return _download(content, "application/json", f"{batch.number}.json")


def _made(batch_id: UUID) -> bytes:
    whole = queries.batch(batch_id)
    return files.as_json(whole, tenancy.party(whole.buyer_id))


def as_csv(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The same as CSV."""
    batch = _header(batch_id)
    kept = batch.sha256_csv
    content = originals().get(kept) if kept else files.as_csv(queries.batch(batch_id))
    return _download(content, "text/csv; charset=utf-8", f"{batch.number}.csv")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
