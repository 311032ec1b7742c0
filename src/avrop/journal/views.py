"""Cases and parked deliveries."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from avrop.journal import operations, permissions, queries
from avrop.journal.models import Case
from avrop.journal.shown import line
from avrop.journal.texts import KINDS, ROLES
from avrop.tenancy.scope import seeing_everything, viewer
from avrop.web.findings import meaning_of
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act
from avrop.web.spreadsheet import DAY, MOMENT, Column, spreadsheet

# what a case is about -> the address of its page, the name of its key there, and the words of the link
PAGES = {
    "messaging.Message": (
        "messaging:message",
        "message_id",
        gettext_lazy("See the message and its original"),
    ),
    "invoicing.Invoice": ("invoicing:invoice", "invoice_id", gettext_lazy("See the invoice")),
    "ordering.Order": ("ordering:order", "order_id", gettext_lazy("See the order")),
    "accounting.PostingBatch": ("accounting:batch", "batch_id", gettext_lazy("See the batch")),
    "accounting.Posting": ("accounting:posting", "posting_id", gettext_lazy("See the posting")),
    "suppliers.AccountConfirmation": (
        "suppliers:question",
        "confirmation_id",
        gettext_lazy("See the account"),
    ),
}


def cases(request: HttpRequest) -> HttpResponseBase:
    """Open cases of my roles, or all of them for those who look after everybody's."""
    who = viewer()
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
        exports=True,
    )
    if rows.export:
        return spreadsheet(
            rows, _COLUMNS, name=_("cases"), prepare=lambda found: [line(row) for row in found]
        )
    return render(request, "journal/cases.html", {"rows": rows, "lines": [line(row) for row in rows]})


_COLUMNS = (
    Column(gettext_lazy("Number"), "case__number"),
    Column(gettext_lazy("What"), "kind", width=30),
    Column(gettext_lazy("Why"), "reason", width=50),
    Column(gettext_lazy("Owner"), "owner", width=22),
    Column(gettext_lazy("Opened"), "case__opened_at", MOMENT),
    Column(gettext_lazy("Deadline"), "case__due", DAY),
)


def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case; close it with a word on what came of it."""
    who = viewer()
    row = get_object_or_404(Case.objects, id=case_id)
    if request.method == "POST":
        return act(
            request,
            lambda: operations.close_case(case_id=case_id, outcome=request.POST.get("outcome", "")),
            done=_("The case is closed."),
            to=reverse("journal:cases", kwargs={"slug": who.slug}),
        )
    context = {
        **line(row),
        "meaning": meaning_of(row.params.get("said")),
        "may_close": row.state == "open" and bool(permissions.may_deal_with(who, row.owner_role)),
        "about": _about(row.subject, who.slug),
    }
    return render(request, "journal/case.html", context)


def _about(subject: str, slug: str) -> dict[str, str] | None:
    """The page of what the case is about, and what to call it. None where it has no page."""
    label, _sep, key = subject.partition(":")
    if label not in PAGES:
        return None
    address, name, words = PAGES[label]
    return {"url": reverse(address, kwargs={"slug": slug, name: UUID(key)}), "words": str(words)}


def _operator() -> None:
    if not permissions.may_replay(viewer()):
        raise PermissionDenied(_("Only the platform operator may do this."))


def parked(request: HttpRequest) -> HttpResponse:
    """Parked deliveries of the whole installation."""
    _operator()
    rows = listing(
        request,
        queries.parked(),
        search=("handler", "stream", "error"),
        sort={"task": ("handler", "stream", "seq"), "tries": "attempts"},
        default="task",
        few=("tries",),
        filters=[Filter("handler", _("Task"), [(one, one) for one in queries.parked_handlers()])],
    )
    return render(request, "journal/parked.html", {"rows": rows, "waiting": queries.waiting()})


@require_POST
def replay(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """Put one back in the queue, or skip it."""
    _operator()

    def run() -> None:
        with seeing_everything(viewer(), "the operator acts on anybody's delivery"):
            operations.replay(
                delivery_id=delivery_id,
                skip=request.POST.get("skip") == "1",
                reason=request.POST.get("reason", ""),
            )

    slug = viewer().slug
    return act(request, run, done=_("Done."), to=reverse("journal:parked", kwargs={"slug": slug}))
