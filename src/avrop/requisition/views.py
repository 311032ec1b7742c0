"""The basket, free text, coding, and requisitions. Thin: permission, one operation or query, page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.agreements import queries as agreements
from avrop.kernel.finding import Refusal
from avrop.requisition import operations, permissions, queries, shown
from avrop.requisition.facts import NewLine, RequisitionFacts
from avrop.requisition.forms import AddForm, CodingForm, DeliveryForm, FreeTextForm, QuantityForm
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.requisition.texts import STATES
from avrop.suppliers import queries as suppliers
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.facts import REQUISITIONER, UnitFacts
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, sentence
from avrop.web.spreadsheet import MOMENT, MONEY, NUMBER, Column, spreadsheet


def basket(request: HttpRequest) -> HttpResponse:
    """The viewer's basket, or where to begin."""
    if not viewer().has(REQUISITIONER):
        raise PermissionDenied(_("The basket is for requisitioners."))
    found = queries.my_basket()
    if found is None:
        return render(request, "requisition/empty.html", {"waiting": queries.waiting_for_requester()})
    return _page(request, found)


def show(request: HttpRequest, requisition_id: UUID) -> HttpResponse:
    """One requisition: the basket while it can be changed, else what was asked for and what waits."""
    return _page(request, _visible(requisition_id))


def mine(request: HttpRequest) -> HttpResponseBase:
    """The viewer's own requisitions."""
    if not viewer().has(REQUISITIONER):
        raise PermissionDenied(_("The basket is for requisitioners."))
    rows = listing(
        request,
        queries.mine(),
        search=("number", "need", "unit__name"),
        sort={"number": "number", "created": "created_at", "state": "state"},
        default="-created",
        few=("number", "state"),
        filters=[Filter("state", _("State"), [(k, str(v)) for k, v in STATES.items()])],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("requisitions"), prepare=_with_lines)
    return render(request, "requisition/mine.html", {"rows": rows, "lines": _with_lines(rows.rows)})


def _with_lines(rows: Sequence[Requisition]) -> list[dict[str, Any]]:
    lines = queries.lines_of(row.id for row in rows)
    return [shown.row(row, lines.get(row.id, ())) for row in rows]


_COLUMNS = (
    Column(gettext_lazy("Number"), "row__number"),
    Column(gettext_lazy("What"), "what", width=40),
    Column(gettext_lazy("Unit"), "row__unit__name", width=24),
    Column(gettext_lazy("Begun"), "row__created_at", MOMENT),
    Column(gettext_lazy("Lines"), "count", NUMBER),
    Column(gettext_lazy("Total with VAT"), "gross", MONEY),
    Column(gettext_lazy("State"), lambda one: one["state"]["label"], width=24),
)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Put a catalogue item in the basket of a unit; the basket is made if there is none."""
    form = AddForm(request.POST)
    back = request.POST.get("next", "")
    to = back if back.startswith(f"/o/{viewer().slug}/") else _url("basket")
    if not form.is_valid():
        messages.error(request, _("Write how many you want, as a number above zero."))
        return HttpResponseRedirect(to)
    data = form.cleaned_data

    def run() -> None:
        found = queries.my_basket(data["unit_id"])
        if found is None:
            line = NewLine(item_id=data["item_id"], quantity=data["quantity"])
            operations.create(unit_id=data["unit_id"], lines=[line])
        else:
            operations.add_item(requisition_id=found.id, item_id=data["item_id"], quantity=data["quantity"])

    return act(request, run, done=_("It is in your basket."), to=to)


def free_text(request: HttpRequest) -> HttpResponse:
    """Ask for something that no catalogue has."""
    units = _my_units()
    if not units:
        raise PermissionDenied(_("The basket is for requisitioners."))
    form = FreeTextForm(
        request.POST or None,
        units=units,
        agreements=agreements.agreements_for(),
        suppliers=_suppliers(),
        language=(get_language() or "nn")[:2],
    )
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            _add_free_text(UUID(form.cleaned_data["unit_id"]), form.line())
        except Refusal as refused:
            refusal = sentence(refused)
        else:
            messages.success(request, _("It is in your basket."))
            return HttpResponseRedirect(_url("basket"))
    return render(request, "requisition/free_text.html", {"form": form, "refusal_text": refusal})


@require_POST
def quantity(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Change how much of a line."""
    line = _line(line_id)
    to = _url("requisition", requisition_id=line.requisition_id)
    form = QuantityForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write how many you want, as a number above zero."))
        return HttpResponseRedirect(to)
    amount = form.cleaned_data["quantity"]
    return act(
        request,
        lambda: operations.change_line(line_id=line_id, quantity=amount),
        done=_("The quantity is changed."),
        to=to,
    )


@require_POST
def remove(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Take a line out."""
    to = _url("requisition", requisition_id=_line(line_id).requisition_id)
    return act(
        request, lambda: operations.remove_line(line_id=line_id), done=_("The line is taken out."), to=to
    )


def coding(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Choose the coding of a line."""
    line = _line(line_id)
    facts = _visible(line.requisition_id)
    admit(permissions.may_change(viewer(), facts))
    current = queries.line_facts(line).coding
    initial = {name: getattr(current, name) for name in CodingForm.base_fields}
    form = CodingForm(request.POST or None, current=current, initial=initial)
    if request.method == "POST" and form.is_valid():
        return act(
            request,
            lambda: operations.change_line(line_id=line_id, coding=form.coding()),
            done=_("The coding is changed."),
            to=_url("requisition", requisition_id=facts.id),
        )
    return render(request, "requisition/coding.html", {"form": form, "line": line, "basket": facts})


@require_POST
def delivery(request: HttpRequest, requisition_id: UUID) -> HttpResponse:
    """Save where the goods go; with the button "submit" also ask for approval."""
    facts = _visible(requisition_id)
    form = DeliveryForm(request.POST, addresses=_addresses(facts))
    if not form.is_valid():
        return _page(request, facts, form)
    data = form.cleaned_data
    wanted = UUID(data["address_id"]) if data["address_id"] else None
    submit = request.POST.get("action") == "submit"

    def run() -> None:
        operations.set_delivery(
            requisition_id=requisition_id, address_id=wanted, marking=data["marking"], need=data["need"]
        )
        if submit:
            operations.submit(requisition_id=requisition_id)

    done = _("The requisition is sent for approval.") if submit else _("Saved.")
    return act(request, run, done=done, to=_url("requisition", requisition_id=requisition_id))


@require_POST
def withdraw(request: HttpRequest, requisition_id: UUID) -> HttpResponse:
    """Give the requisition up."""
    _visible(requisition_id)
    return act(
        request,
        lambda: operations.withdraw(requisition_id=requisition_id),
        done=_("The requisition is withdrawn."),
        to=_url("requisition", requisition_id=requisition_id),
    )


@require_POST
def reopen(request: HttpRequest, requisition_id: UUID) -> HttpResponse:
    """Take the requisition back to change it."""
    _visible(requisition_id)
    return act(
        request,
        lambda: operations.reopen(requisition_id=requisition_id),
        done=_("The requisition is yours again. It must be approved anew."),
        to=_url("requisition", requisition_id=requisition_id),
    )


def _page(request: HttpRequest, facts: RequisitionFacts, form: DeliveryForm | None = None) -> HttpResponse:
    editable = bool(permissions.may_change(viewer(), facts))
    initial = {"address_id": str(facts.address_id or ""), "marking": facts.marking, "need": facts.need}
    if editable and form is None:
        form = DeliveryForm(initial=initial, addresses=_addresses(facts))
    context: dict[str, Any] = {
        "basket": facts,
        "orders": shown.orders(facts),
        "form": form if editable else None,
        "editable": editable,
        "steps": shown.steps(facts.state),
        "state": shown.state(facts.state),
        "may_withdraw": bool(permissions.may_take_back(viewer(), facts)),
        "mine": viewer().person_id == facts.requester_id,
    }
    return render(request, "requisition/requisition.html", context)


def _visible(requisition_id: UUID) -> RequisitionFacts:
    try:
        facts = queries.requisition(requisition_id)
    except Requisition.DoesNotExist:
        raise Http404 from None
    admit(permissions.may_see(viewer(), facts))
    return facts


def _line(line_id: UUID) -> RequisitionLine:
    line = RequisitionLine.objects.filter(id=line_id, removed=False).first()
    if line is None:
        raise Http404
    return line


def _add_free_text(unit_id: UUID, line: NewLine) -> None:
    found = queries.my_basket(unit_id)
    if found is None:
        operations.create(unit_id=unit_id, lines=[line])
    else:
        operations.add_free_text(requisition_id=found.id, line=line)


def _my_units() -> list[UnitFacts]:
    return tenancy.units_below(tenancy.units(), viewer().units(REQUISITIONER))


def _suppliers() -> list[Any]:
    known = [one.supplier_id for one in suppliers.relations().values() if not one.blocked]
    return sorted(tenancy.parties(known).values(), key=lambda party: party.name)


def _addresses(facts: RequisitionFacts) -> list[Any]:
    """The unit's own addresses first, then all others."""
    return sorted(tenancy.addresses(), key=lambda a: a.unit_id != facts.unit_id)


def _url(name: str, **kwargs: object) -> str:
    return reverse(f"requisition:{name}", kwargs={"slug": viewer().slug, **kwargs})
