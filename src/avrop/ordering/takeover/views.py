"""Taken-over orders whose lines lack their coding: the list to mend, and one order's lines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from avrop.coding import queries as coding
from avrop.coding.facts import LineHint
from avrop.coding.permissions import may_change, may_see_budget
from avrop.kernel.finding import Refusal
from avrop.ordering import queries
from avrop.ordering.facts import OrderFacts, OrderLineFacts
from avrop.ordering.takeover import operations
from avrop.ordering.takeover import queries as waiting
from avrop.ordering.takeover.forms import CodeForm
from avrop.requisition.texts import measure
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain, sentence
from avrop.web.spreadsheet import MOMENT, MONEY, NUMBER, Column, spreadsheet


@require_GET
def uncoded(request: HttpRequest) -> HttpResponseBase:
    """Orders with lines that wait for their coding, oldest first."""
    admit(may_see_budget(viewer()))
    rows = listing(
        request,
        waiting.uncoded(),
        search=("number", "supplier__name", "unit__name", "requester_name"),
        sort={"number": "number", "issued": "issued_at", "supplier": "supplier__name", "bound": "bound"},
        default="issued",
        few=("supplier", "bound"),
        filters=[Filter("supplier", _("Supplier"), waiting.suppliers_waiting(), "supplier_id")],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("orders without coding"))
    return render(request, "ordering/uncoded.html", {"rows": rows})


_COLUMNS = (
    Column(gettext_lazy("Number"), "number"),
    Column(gettext_lazy("Supplier"), "supplier__name", width=30),
    Column(gettext_lazy("Unit"), "unit__name", width=24),
    Column(gettext_lazy("Ordered by"), "requester_name", width=24),
    Column(gettext_lazy("Date"), "issued_at", MOMENT),
    Column(gettext_lazy("Lines without coding"), "waiting", NUMBER),
    Column(gettext_lazy("Without VAT"), "bound", MONEY),
)


@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Give the lines of one order their coding."""
    order = queries.order(order_id)
    taken = waiting.taken_over(order_id)
    if order is None or taken is None:
        raise Http404
    admit(may_see_budget(viewer()))
    allowed = may_change(viewer())
    lacking = [one for one in order.lines if not one.coding.account and not one.cancelled]
    form = _form(request, order, lacking) if lacking and allowed else None
    if request.method == "POST" and form is None:
        admit(allowed)
        messages.error(request, explain("TAKEOVER_CODED", {"number": order.number}))
    elif request.method == "POST" and form is not None and form.is_valid() and _give(request, order, form):
        more = len(form.chosen()) < len(lacking)
        return HttpResponseRedirect(_address("code", order_id=order.id) if more else _address("uncoded"))
    context: dict[str, Any] = {
        "order": order,
        "supplier": tenancy.party(order.supplier_id),
        "taken": taken,
        "lines": [
            {
                "line": one,
                "measure": measure(one.unit_code, one.quantity),
                "said": taken.codings.get(str(one.line_no), ""),
            }
            for one in lacking
        ],
        "form": form,
        "denied": explain(allowed.reason, allowed.params) if isinstance(allowed, Denied) else "",
    }
    return render(request, "ordering/code.html", context)


def _form(request: HttpRequest, order: OrderFacts, lacking: list[OrderLineFacts]) -> CodeForm:
    choices = [(str(one.line_no), f"{one.line_no} {one.name}") for one in lacking]
    if request.method == "POST":
        return CodeForm(request.POST, choices=choices)
    hint = LineHint(lacking[0].seller_item_id, lacking[0].category, order.supplier_id)
    (guess,) = coding.suggest([hint], unit=tenancy.unit(order.unit_id), person_id=None)
    parts = ("account", "responsibility", "function", "project", "vat_treatment")
    given = {name: getattr(guess.coding, name) for name in parts}
    return CodeForm(choices=choices, initial={"lines": [value for value, _label in choices], **given})


def _give(request: HttpRequest, order: OrderFacts, form: CodeForm) -> bool:
    try:
        operations.code_lines(order_id=order.id, lines=form.chosen(), coding=form.coding())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return False
    messages.success(request, _("The lines have their coding; their cost stands on its budget line."))
    return True


def _address(name: str, **kwargs: object) -> str:
    return reverse(f"ordering:{name}", kwargs={"slug": viewer().slug, **kwargs})
