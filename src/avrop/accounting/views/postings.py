"""Postings: what stands in the books of each invoice, and how what is wrong there is put right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from avrop.accounting import operations, queries, states
from avrop.accounting.facts import REVERSAL, PostingFacts
from avrop.accounting.forms import CodingForm
from avrop.accounting.models import Posting
from avrop.accounting.texts import ITEM_STATES, KINDS, LINE_KINDS, LINKS, POSTING_STATES
from avrop.accounting.views.common import address, choices, may_act, readers_only, tabs
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act
from avrop.web.spreadsheet import DAY, MONEY, Column, spreadsheet

COLUMNS = (
    Column(gettext_lazy("Invoice"), "invoice_number"),
    Column(gettext_lazy("Kind"), lambda one: str(KINDS[one.kind])),
    Column(gettext_lazy("Supplier"), "supplier__name", width=30),
    Column(gettext_lazy("Supplier number"), "supplier_no"),
    Column(gettext_lazy("Invoice date"), "invoice_date", DAY),
    Column(gettext_lazy("Due"), "due_date", DAY),
    Column(gettext_lazy("To pay"), "payable", MONEY),
    Column(gettext_lazy("Account"), "bank_account"),
    Column(gettext_lazy("Batch"), "batch__number"),
    Column(gettext_lazy("Voucher"), "voucher"),
    Column(gettext_lazy("State"), lambda one: str(POSTING_STATES[one.state][0]), width=20),
)


def postings(request: HttpRequest) -> HttpResponseBase:
    """Every posting."""
    readers_only()
    rows = listing(
        request,
        queries.postings(),
        search=(
            "invoice_number",
            "supplier__name",
            "supplier_no",
            "voucher",
            "batch__number",
            "bank_account",
        ),
        sort={
            "number": "invoice_number",
            "supplier": "supplier__name",
            "due": ("due_date", "created_at"),
            "total": "payable",
            "voucher": "voucher",
            "made": "created_at",
        },
        default="-made",
        few=("supplier", "due", "total"),
        filters=[
            Filter("state", _("State"), choices(POSTING_STATES)),
            Filter("kind", _("Kind"), [(key, str(text)) for key, text in KINDS.items()]),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, COLUMNS, name=_("postings"))
    page = {
        "rows": rows,
        "shown": [{"one": one, "state": POSTING_STATES[one.state], "kind": KINDS[one.kind]} for one in rows],
        "tabs": tabs("postings"),
    }
    return render(request, "accounting/postings.html", page)


def posting(request: HttpRequest, posting_id: UUID) -> HttpResponse:
    """One posting with its lines, what it is about, and every batch it was in."""
    found = _posting(posting_id)
    return _page(request, found, _form(found, None) if may_act() else None)


def _posting(posting_id: UUID) -> PostingFacts:
    readers_only()
    try:
        return queries.posting(posting_id)
    except Posting.DoesNotExist:
        raise Http404 from None


def _form(found: PostingFacts, data: Any) -> CodingForm | None:
    if found.state not in (states.REJECTED, states.POSTED):
        return None
    parts = queries.parts(found.id)
    return CodingForm(data, parts=parts, supplier_no=found.supplier_no, recode=found.kind != REVERSAL)


def _page(request: HttpRequest, found: PostingFacts, form: CodingForm | None) -> HttpResponse:
    later = queries.later_of(found.id)
    page = {
        "posting": found,
        "state": POSTING_STATES[found.state],
        "kind": KINDS[found.kind],
        "lines": [{"line": line, "kind": LINE_KINDS[line.kind]} for line in found.lines],
        "links": [{"link": link, "text": LINKS[link.kind]} for link in found.links],
        "later": [{"one": one, "kind": KINDS[one.kind]} for one in later],
        "credited_by": queries.credited_by(found.invoice_id),
        "places": [
            {"batch": batch, "item": item, "state": ITEM_STATES[item.state]}
            for batch, item in queries.places_of(found.id)
        ],
        "form": form,
        "may_mend": form is not None and found.state == states.REJECTED,
        "may_correct": form is not None
        and found.state == states.POSTED
        and found.kind != REVERSAL
        and not later,
    }
    return render(request, "accounting/posting.html", page)


@require_POST
def mend(request: HttpRequest, posting_id: UUID) -> HttpResponse:
    """A rejected posting goes back to what is ready."""
    found = _posting(posting_id)
    form = _form(found, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, found, form)
    return act(
        request,
        lambda: operations.mend_posting(
            posting_id=posting_id,
            comment=form.cleaned_data["reason"] if form else "-",
            codings=form.codings() if form else None,
            supplier_no=form.new_supplier_no() if form else None,
        ),
        done=_("The posting is ready for a new batch."),
        to=address("posting", posting_id=posting_id),
    )


@require_POST
def correct(request: HttpRequest, posting_id: UUID) -> HttpResponse:
    """What is posted is reversed in full and booked anew."""
    found = _posting(posting_id)
    form = _form(found, request.POST)
    if form is not None and not form.is_valid():
        return _page(request, found, form)
    return act(
        request,
        lambda: operations.reverse_posting(
            posting_id=posting_id,
            reason=form.cleaned_data["reason"] if form else "-",
            codings=form.codings() if form else None,
            supplier_no=form.new_supplier_no() if form else None,
        ),
        done=_("The reversal and the new posting are ready for the next batch."),
        to=address("posting", posting_id=posting_id),
    )
