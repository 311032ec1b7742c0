"""What is ready for the books, and its release."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.accounting import operations, queries
from avrop.accounting.texts import KINDS
from avrop.accounting.views.common import address, may_act, readers_only, tabs
from avrop.accounting.views.postings import COLUMNS
from avrop.kernel.finding import Refusal
from avrop.web.lists import Filter, listing
from avrop.web.refusals import sentence
from avrop.web.spreadsheet import spreadsheet


def ready(request: HttpRequest) -> HttpResponseBase:
    """What is ready; what cannot go says why and has no tick."""
    readers_only()
    rows = listing(
        request,
        queries.ready_rows(),
        search=("invoice_number", "supplier__name", "supplier_no", "bank_account"),
        sort={
            "number": "invoice_number",
            "supplier": "supplier__name",
            "due": ("due_date", "created_at"),
            "total": "payable",
        },
        default="due",
        few=("supplier", "total"),
        filters=[Filter("kind", _("Kind"), [(key, str(text)) for key, text in KINDS.items()])],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, COLUMNS, name=_("ready"))
    shown = list(rows)
    lines = queries.cost_lines(one.id for one in shown)
    waits = queries.credits_that_wait(shown)
    unknown = {one.id for one in queries.unknown_accounts(shown)}
    page = {
        "rows": rows,
        "shown": [
            {
                "one": one,
                "lines": lines.get(one.id, []),
                "kind": KINDS[one.kind],
                "waits": one.id in waits,
                "unknown": one.id in unknown,
                "free": one.id not in waits and one.id not in unknown,
            }
            for one in shown
        ],
        "total": sum(one.payable for one in shown),
        "tallies": queries.tallies(),
        "may_release": may_act(),
        "tabs": tabs("ready"),
    }
    return render(request, "accounting/ready.html", page)


@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Release what is ticked, or everything that is ready."""
    try:
        chosen = [UUID(text) for text in request.POST.getlist("posting")]
    except ValueError:
        raise Http404 from None
    everything = "all" in request.POST
    if not chosen and not everything:
        messages.error(request, _("Tick at least one posting."))
        return HttpResponseRedirect(address("ready"))
    try:
        batch_id = operations.release_batch(posting_ids=None if everything else chosen)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(address("ready"))
    messages.success(request, _("The batch is released and on its way to the accounting system."))
    return HttpResponseRedirect(address("batch", batch_id=batch_id))
