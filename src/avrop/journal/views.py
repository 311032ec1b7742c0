"""Cases and parked deliveries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.journal import operations, permissions, queries
from avrop.journal.models import Case
from avrop.journal.texts import KINDS, ROLES
from avrop.tenancy.scope import seeing_everything
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, explain


def _line(case: Any) -> dict[str, Any]:
    return {
        "case": case,
        "kind": KINDS.get(case.kind, case.kind),
        "reason": explain(case.reason, case.params),
        "owner": ROLES.get(case.owner_role, case.owner_role),
    }


def cases(request: HttpRequest) -> HttpResponse:
    """Open cases of my roles, or all of them for those who look after everybody's."""
    who = request.viewer  # type: ignore[attr-defined]
    rows = listing(
        request,
        queries.cases_of(who, permissions.sees_all_cases(who)),
        search=("number", "subject", "reason"),
        sort={"number": "number", "due": ("due", "opened_at"), "kind": "kind", "owner": "owner_role"},
        default="due",
        few=("number", "kind", "owner"),
        filters=[
            Filter("kind", _("What"), [(key, str(text)) for key, text in KINDS.items()]),
            Filter("owner_role", _("Owner"), [(key, str(text)) for key, text in ROLES.items()]),
        ],
    )
    return render(request, "journal/cases.html", {"rows": rows, "lines": [_line(row) for row in rows]})


def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case; close it with a word on what came of it."""
    who = request.viewer  # type: ignore[attr-defined]
    row = get_object_or_404(Case.objects, id=case_id)
    if request.method == "POST":
        return act(
            request,
            lambda: operations.close_case(case_id=case_id, outcome=request.POST.get("outcome", "")),
            done=_("The case is closed."),
            to=reverse("journal:cases", kwargs={"slug": who.slug}),
        )
    label, _sep, key = row.subject.partition(":")
    message_url = ""
    if label == "messaging.Message":
        message_url = reverse("messaging:message", kwargs={"slug": who.slug, "message_id": UUID(key)})
    context = {
        **_line(row),
        "may_close": row.state == "open" and bool(permissions.may_deal_with(who, row.owner_role)),
        "message_url": message_url,
    }
    return render(request, "journal/case.html", context)


def _operator(request: HttpRequest) -> None:
    if not permissions.may_replay(request.viewer):  # type: ignore[attr-defined]
        raise PermissionDenied(_("Only the platform operator may do this."))


def parked(request: HttpRequest) -> HttpResponse:
    """Parked deliveries of the whole installation."""
    _operator(request)
    rows = listing(request, queries.parked(), search=("handler", "stream", "error"))
    return render(request, "journal/parked.html", {"rows": rows, "waiting": queries.waiting()})


@require_POST
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Put one back in the queue, or skip it."""
    _operator(request)

    def run() -> None:
        with seeing_everything(request.viewer, "the operator acts on anybody's delivery"):  # type: ignore[attr-defined]
            operations.replay(
                delivery_id=delivery_id,
                skip=request.POST.get("skip") == "1",
                reason=request.POST.get("reason", ""),
            )

    slug = request.viewer.slug  # type: ignore[attr-defined]
    return act(request, run, done=_("Done."), to=reverse("journal:parked", kwargs={"slug": slug}))
