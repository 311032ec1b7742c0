"""Ask for a change, cancel, close the rest; approve or take back; note what the supplier said on the telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.kernel.finding import Refusal
from avrop.ordering import changing, operations, permissions, queries, shown
from avrop.ordering.facts import ChangedLine, ChangeFacts, OrderFacts, OrderLineFacts
from avrop.ordering.forms import AnswerForm, ChangeForm, ReasonForm
from avrop.requisition.texts import measure
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import viewer
from avrop.web.refusals import act, explain, sentence


def change(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Another quantity, lines out, another delivery: first what it costs, then off it goes."""
    order = _open(order_id)
    form = ChangeForm(
        request.POST or None,
        order=order,
        addresses=tenancy.addresses([order.unit_id]),
        by_other_means=order.process != changing.ADVANCED,
        initial={"seen": order.version},
    )
    page: dict[str, Any] = {"order": order, "form": form, "advanced": order.process == changing.ADVANCED}
    if request.method == "POST" and form.is_valid():
        lines, details = form.changed_lines(), form.details()
        refusal = changing.check(order.lines, lines, details)
        if refusal is not None:
            page["problem"] = sentence(refusal)
        elif "send" in request.POST:
            done = _propose(order, form)
            if isinstance(done, HttpResponse):
                return done
            page["problem"] = done
        else:
            page["preview"] = shown.preview(order, lines, details)
    return render(request, "ordering/change.html", page | {"rows": form.rows()})


def _propose(order: OrderFacts, form: ChangeForm) -> HttpResponse | str:
    given = form.cleaned_data
    return _run(
        order,
        lambda: operations.propose_change(
            order_id=order.id,
            lines=form.changed_lines(),
            details=form.details(),
            reason=given["reason"],
            agreed_with=given.get("agreed_with", ""),
            agreed_on=given.get("agreed_on"),
            seen=given.get("seen"),
        ),
    )


def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Take the whole order back."""
    order = _open(order_id)
    other_means = order.process != changing.ADVANCED and order.transport_state != "failed"
    form = ReasonForm(request.POST or None, by_other_means=other_means, initial={"seen": order.version})
    page = {"order": order, "form": form, "advanced": order.process == changing.ADVANCED}
    if any(line.kept for line in order.lines):
        page["problem"] = explain("CANCEL_AFTER_RECEIPT", {"number": order.number})
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = _run(
            order,
            lambda: operations.cancel_order(
                order_id=order.id,
                reason=given["reason"],
                agreed_with=given.get("agreed_with", ""),
                agreed_on=given.get("agreed_on"),
                seen=given.get("seen"),
            ),
        )
        if isinstance(done, HttpResponse):
            return done
        page["problem"] = done
    return render(request, "ordering/cancel.html", page)


def close(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """What has not come is not waited for any more."""
    order = _open(order_id)
    lines = changing.rest(order.lines)
    after = changing.after(order.lines, lines)
    form = ReasonForm(request.POST or None, initial={"seen": order.version})
    page: dict[str, Any] = {
        "order": order,
        "form": form,
        "advanced": order.process == changing.ADVANCED,
        "rows": _rest(order, lines),
        "freed": -sum(changing.moved(old, new) for old, new in zip(order.lines, after, strict=True)),
    }
    if not lines:
        page["problem"] = explain("NOTHING_TO_CLOSE", {"number": order.number})
    elif request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = _run(
            order,
            lambda: operations.close_rest(order_id=order.id, reason=given["reason"], seen=given.get("seen")),
        )
        if isinstance(done, HttpResponse):
            return done
        page["problem"] = done
    return render(request, "ordering/close.html", page)


@require_POST
def send_again(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """An order that did not leave goes once more."""
    order = _open(order_id)
    return act(
        request,
        lambda: operations.send_again(order_id=order.id),
        done=_("The order is written anew and waits to be sent."),
        to=_order_url(order.id),
    )


def _missing(line: OrderLineFacts) -> int:
    return line.quantity - line.received


def _rest(order: OrderFacts, lines: tuple[ChangedLine, ...]) -> list[dict[str, Any]]:
    known = {line.line_no: line for line in order.lines}
    return [
        {
            "line": known[one.line_no],
            "measure": measure(known[one.line_no].unit_code, _missing(known[one.line_no])),
            "missing": _missing(known[one.line_no]),
        }
        for one in lines
    ]


@require_POST
def approve(request: HttpRequest, order_change_id: UUID) -> HttpResponse:
    """An approver says yes to what was shown."""
    found = _visible(order_change_id)
    return act(
        request,
        lambda: operations.approve_change(change_id=found.id, seen=request.POST.get("seen", "")),
        done=_("The change is approved."),
        to=_order_url(found.order_id),
    )


@require_POST
def withdraw(request: HttpRequest, order_change_id: UUID) -> HttpResponse:
    """Taken back by whoever asked; turned down by an approver."""
    found = _visible(order_change_id)
    return act(
        request,
        lambda: operations.withdraw_change(change_id=found.id, reason=request.POST.get("reason", "")),
        done=_("The change is taken back; the order stands as it was."),
        to=_order_url(found.order_id),
    )


def answer(request: HttpRequest, order_change_id: UUID) -> HttpResponse:
    """The supplier answered otherwise than by message."""
    found = _visible(order_change_id)
    order = queries.order(found.order_id)
    assert order is not None
    form = AnswerForm(request.POST or None)
    page: dict[str, Any] = {"order": order, "change": found, "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        done = _run(
            order,
            lambda: operations.record_answer(
                change_id=found.id,
                accepted=given["accepted"] == "yes",
                agreed_with=given["agreed_with"],
                agreed_on=given["agreed_on"],
            ),
        )
        if isinstance(done, HttpResponse):
            return done
        page["problem"] = done
    return render(request, "ordering/answer.html", page)


def _run(order: OrderFacts, run: Callable[[], object]) -> HttpResponse | str:
    """To the order when it was done; the reason when it was refused."""
    try:
        run()
    except Refusal as refusal:
        return sentence(refusal)
    return HttpResponseRedirect(_order_url(order.id))


def _open(order_id: UUID) -> OrderFacts:
    """The order, for somebody who may change it."""
    order = queries.order(order_id)
    if order is None:
        raise Http404
    admit(permissions.may_decide_change(viewer(), order, tenancy.unit(order.unit_id)))
    return order


def _visible(change_id: UUID) -> ChangeFacts:
    found = queries.change(change_id)
    if found is None:
        raise Http404
    admit(permissions.may_see_orders(viewer()))
    return found


def _order_url(order_id: UUID) -> str:
    return reverse("ordering:order", kwargs={"slug": viewer().slug, "order_id": order_id})
