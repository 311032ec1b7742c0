"""The approver's inbox. Two clicks: the box or the button, and the confirmation is the list without it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from avrop.approval import operations, permissions, queries, shown
from avrop.approval.forms import ReturnForm
from avrop.approval.models import ApprovalTask
from avrop.approval.queries import Waiting
from avrop.catalogue import queries as catalogue
from avrop.kernel.finding import Refusal
from avrop.requisition import permissions as requisition_permissions
from avrop.requisition import queries as requisitions
from avrop.requisition.facts import totals
from avrop.requisition.texts import line_in_words
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, explain, sentence

SEEN = "seen-"


def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer, oldest first."""
    if not permissions.may_open_inbox(viewer()):
        raise PermissionDenied(explain("NOT_APPROVER", {}))
    rows = listing(
        request,
        queries.tasks_for().only("id", "opened_at"),
        search=("number", "title", "requester__name", "unit__name", "responsibility"),
        sort={
            "opened": queries.ORDER,
            "number": "number",
            "coding": ("responsibility", *queries.ORDER),
            "amount": ("amount", *queries.ORDER),
        },
        default="opened",
        few=("number", "coding", "amount"),
        filters=[Filter("escalated", _("How it came"), [("1", _("Sent up to you"))], "escalated")],
    )
    found = queries.waiting_in([row.id for row in rows])
    return render(request, "approval/inbox.html", {"rows": rows, "lines": shown.rows(found)})


def show(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One approval with all its numbers."""
    return _task_page(request, _visible(task_id), ReturnForm())


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve one or several; each stands on its own, so one refusal does not stop the others."""
    only = request.POST.get("only")  # a row's own button: what is ticked elsewhere is not meant
    chosen = [only] if only else request.POST.getlist("task")
    done = 0
    for text in chosen:
        seen = request.POST.get(f"{SEEN}{text}", "")
        try:
            ident = UUID(text)
            operations.approve(task_ids=[ident], seen={ident: seen})
            done += 1
        except Refusal as refusal:
            messages.error(request, sentence(refusal))
        except (ValueError, ApprovalTask.DoesNotExist):
            raise Http404 from None
    if done:
        text = ngettext("%(number)s requisition is approved.", "%(number)s requisitions are approved.", done)
        messages.success(request, text % {"number": done})
    if not chosen:
        messages.warning(request, _("Tick what you want to approve first."))
    return HttpResponseRedirect(_url("inbox"))


@require_POST
def return_(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Send it back with a reason."""
    found = _visible(task_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _task_page(request, found, form)
    return act(
        request,
        lambda: operations.return_(task_id=task_id, comment=form.cleaned_data["comment"]),
        done=_("The requisition is sent back."),
        to=_url("inbox"),
    )


def subject(request: HttpRequest, subject_id: UUID) -> HttpResponse:
    """Who has been asked to approve a requisition, and what they said."""
    basket = requisitions.requisitions([subject_id]).get(subject_id)
    if basket is None:
        raise Http404
    admit(requisition_permissions.may_see(viewer(), basket))
    tasks = queries.tasks_of(subject_id)
    context = {"basket": basket, "tasks": shown.tasks(tasks, queries.names_of_asked(tasks))}
    return render(request, "approval/subject.html", context)


def _task_page(request: HttpRequest, one: Waiting, form: ReturnForm) -> HttpResponse:
    answer = permissions.may_decide(viewer(), one.task, tenancy.mandates())
    items = catalogue.items({line.item_id for line in one.basket.lines if line.item_id})
    codes = requisitions.code_names(one.basket.lines)
    now = shown.prices(one, {ident: item.price for ident, item in items.items()})
    lines = [
        {**line_in_words(line, codes), "agreed": now[line.id], "mine": line in one.lines}
        for line in one.basket.lines
    ]
    names = tenancy.parties({line.supplier_id for line in one.basket.lines})
    for row in lines:
        row["supplier"] = names[row["line"].supplier_id].name
    context = {
        "task": one.task,
        "basket": one.basket,
        "lines": lines,
        "totals": totals(one.basket.lines),
        "budget": shown.budget(one, codes),
        "form": form,
        "may_decide": bool(answer),
        "why_not": explain(answer.reason, operations.shown(answer.params))
        if isinstance(answer, Denied)
        else "",
        "state": shown.STATES[one.task.state],
        "tone": shown.TONES[one.task.state],
    }
    return render(request, "approval/task.html", context)


def _visible(task_id: UUID) -> Waiting:
    try:
        one = queries.waiting(task_id)
    except ApprovalTask.DoesNotExist:
        raise Http404 from None
    admit(permissions.may_see(viewer(), one.task))
    return one


def _url(name: str) -> str:
    return reverse(f"approval:{name}", kwargs={"slug": viewer().slug})
