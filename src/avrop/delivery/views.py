"""Pages for whoever stands with the parcel: what is expected, how much came, and the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.delivery import operations, permissions, queries, rules
from avrop.delivery.forms import AllForm, ReceiveForm
from avrop.kernel.finding import Refusal
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.ubl.codes import unit_of
from avrop.web.lists import listing
from avrop.web.refusals import explain, sentence


def expected(request: HttpRequest) -> HttpResponse:
    """The orders that the viewer waits for, oldest first, and the last receipts."""
    who = viewer()
    rows = listing(
        request,
        queries.awaited(who),
        search=("number", "supplier__name", "unit__name"),
        sort={"sent": "message__done_at"},
        default="sent",
    )
    recent = queries.recent(who.person_id) if who.person_id else []
    return render(request, "delivery/expected.html", {"rows": rows, "recent": recent})


def receive(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order: one big button when everything came, else a number for each line."""
    order = ordering.order(order_id)
    if order is None:
        raise Http404
    page = _page(order)
    form: AllForm = page["form"]
    if request.method == "POST" and not page["denied"]:
        everything = "everything" in request.POST and not page["by_exception"]
        form = AllForm(request.POST) if everything else _form(page, request.POST)
        if form.is_valid():
            done = _receive(request, order, form)
            if done is not None:
                return done
    if isinstance(form, ReceiveForm):
        page |= {"form": form, "rows": form.rows()}
    return render(request, "delivery/receive.html", page)


def _receive(request: HttpRequest, order: OrderFacts, form: AllForm) -> HttpResponse | None:
    """To the receipt; to the page again, with the reason, when it is refused."""
    given = form.cleaned_data
    try:
        ident = operations.receive(
            order_id=order.id,
            quantities=form.quantities() if isinstance(form, ReceiveForm) else None,
            note=given.get("note", ""),
            exception=given.get("exception", ""),
            after=given.get("seen"),
        )
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(request.path)
    messages.success(request, _("The receipt is registered. Thank you!"))
    slug = viewer().slug
    return HttpResponseRedirect(reverse("delivery:receipt", kwargs={"slug": slug, "receipt_id": ident}))


def _page(order: OrderFacts) -> dict[str, Any]:
    who = viewer()
    lines = rules.expected(order, queries.before([order.id]))
    done = queries.receipts([order.id])
    approvers = operations.approvers_of(order)
    by_exception = who.person_id in approvers
    answer = permissions.may_receive(
        who,
        order,
        lambda: tenancy.unit(order.unit_id),
        approvers,
        exception="-" if by_exception else "",
    )
    page: dict[str, Any] = {
        "order": order,
        "supplier": tenancy.party(order.supplier_id).name,
        "receipts": done,
        "lines": [{"line": line, "unit": _unit(line.unit_code, line.ordered)} for line in lines],
        "open": any(line.open for line in lines),
        "by_exception": by_exception,
        "denied": explain(answer.reason, answer.params) if isinstance(answer, Denied) else "",
        "rejected": order.response_state == "rejected",
        "expected": lines,
    }
    form = _form(page)
    return page | {"form": form, "rows": form.rows(), "all_form": AllForm(initial={"seen": len(done)})}


def _form(page: dict[str, Any], data: Any = None) -> ReceiveForm:
    initial = {"seen": len(page["receipts"])}
    return ReceiveForm(data, lines=page["expected"], by_exception=page["by_exception"], initial=initial)


def _unit(code: str, quantity: int) -> str:
    return unit_of(code, quantity, get_language() or "nn")


def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Who received what, when; and what is still to come."""
    found = queries.receipt(receipt_id)
    order = ordering.order(found.order_id) if found else None
    if found is None or order is None:
        raise Http404
    left = [line for line in rules.expected(order, queries.before([order.id])) if line.open]
    context = {
        "receipt": found,
        "order": order,
        "supplier": tenancy.party(order.supplier_id).name,
        "lines": [{"line": line, "unit": _unit(line.unit_code, line.ordered)} for line in found.lines],
        "left": [{"line": line, "unit": _unit(line.unit_code, line.open)} for line in left],
    }
    return render(request, "delivery/receipt.html", context)
