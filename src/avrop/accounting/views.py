"""The accountant's pages: what is ready, what was sent, what came back, and whether it agrees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.accounting import files, operations, permissions, queries
from avrop.accounting.facts import BatchFacts
from avrop.accounting.models import PostingBatch
from avrop.accounting.texts import BATCH_STATES, LINE_KINDS, POSTING_STATES
from avrop.kernel.finding import Refusal
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain, sentence


def _readers_only() -> None:
    answer = permissions.may_see(viewer())
    if not answer:
        raise PermissionDenied(explain(answer.reason, {}))  # type: ignore[union-attr]


def batches(request: HttpRequest) -> HttpResponse:
    """What is ready, and every batch with its reconciliation."""
    _readers_only()
    ready = queries.ready()
    rows = listing(
        request,
        queries.batches(),
        search=("number",),
        sort={"number": "number", "released": "released_at", "total": "total"},
        default="-released",
        filters=[Filter("state", _("State"), [(key, str(one[0])) for key, one in BATCH_STATES.items()])],
    )
    page = {
        "ready": ready,
        "ready_total": sum(one.payable for one in ready),
        "tallies": queries.tallies(),
        "rows": rows,
        "shown": [{"batch": one, **_state(one)} for one in rows],
        "may_release": bool(permissions.may_release(viewer())),
    }
    return render(request, "accounting/batches.html", page)


def _state(batch: Any) -> dict[str, Any]:
    label, tone = BATCH_STATES[batch.state]
    return {"label": label, "tone": tone, "agrees": _agrees(batch)}


def _agrees(batch: Any) -> bool | None:
    """Whether count and sum came back as they were sent; None before there is an answer."""
    if batch.answered_count is None:
        return None
    return bool((batch.count, batch.total) == (batch.answered_count, batch.answered_total))


def show(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """One batch with every line, and how it agrees with the answer."""
    batch = _batch(batch_id)
    page = {
        "batch": batch,
        "released_by": tenancy.person_names([batch.released_by]).get(batch.released_by, "")
        if batch.released_by
        else "",
        "postings": [
            {
                "posting": one,
                "state": POSTING_STATES[one.state],
                "lines": [{"line": line, "kind": LINE_KINDS[line.kind]} for line in one.lines],
            }
            for one in batch.postings
        ],
        **_state(batch),
    }
    return render(request, "accounting/batch.html", page)


def _batch(batch_id: UUID) -> BatchFacts:
    _readers_only()
    try:
        return queries.batch(batch_id)
    except PostingBatch.DoesNotExist:
        raise Http404 from None


@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Release what is ticked, or everything that is ready."""
    slug = viewer().slug
    try:
        chosen = [UUID(text) for text in request.POST.getlist("posting")]
    except ValueError:
        raise Http404 from None
    if not chosen:
        messages.error(request, _("Tick at least one posting."))
        return HttpResponseRedirect(reverse("accounting:batches", kwargs={"slug": slug}))
    try:
        batch_id = operations.release_batch(posting_ids=chosen)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(reverse("accounting:batches", kwargs={"slug": slug}))
    messages.success(request, _("The batch is released and on its way to the accounting system."))
    return HttpResponseRedirect(reverse("accounting:batch", kwargs={"slug": slug, "batch_id": batch_id}))


def as_json(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The canonical JSON, byte for byte as it is sent."""
    batch = _batch(batch_id)
    content = files.as_json(batch, tenancy.party(batch.buyer_id))
    return _download(content, "application/json", f"{batch.number}.json")


def as_csv(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The same as CSV."""
    batch = _batch(batch_id)
    return _download(files.as_csv(batch), "text/csv; charset=utf-8", f"{batch.number}.csv")


def _download(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
