"""Pages of sales orders: what waits, the list, one order and its three answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from avrop.kernel.finding import Refusal
from avrop.portal import operations, queries, rules
from avrop.portal.facts import SalesOrderFacts
from avrop.portal.forms import ChangeForm, NoteForm
from avrop.portal.models import SalesOrder
from avrop.portal.texts import CHANGE_STATES, KINDS_OF_CHANGE, STATES
from avrop.portal.views.common import check, done, fate_row, line_row, order_or_404, problem, to
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, sentence
from avrop.web.spreadsheet import MOMENT, MONEY, NUMBER, Column, spreadsheet

SHOWN = 8  # rows of each list on the first page


def first(request: HttpRequest) -> HttpResponse:
    """What waits: orders and changes to answer, orders to invoice, credit notes to make, the latest invoices."""
    check()
    figures = queries.figures()
    context = {
        "figures": figures,
        "asked": [change_row(row) for row in queries.changes_asked()[:SHOWN]] if figures["asked"] else [],
        "to_credit": [fate_row(row) for row in queries.to_credit()[:SHOWN]] if figures["to_credit"] else [],
        "waiting": [_order_row(row) for row in queries.waiting_for_answer()[:SHOWN]],
        "to_invoice": [_order_row(row) for row in queries.to_invoice()[:SHOWN]],
        "invoices": [fate_row(row) for row in queries.invoices().order_by("-issue_date", "-id")[:SHOWN]],
        "account_missing": not queries.bank_account(),
    }
    return render(request, "portal/first.html", context)


def change_row(row: Any) -> dict[str, Any]:
    """A change or cancellation with the words for its kind and state."""
    label, tone = CHANGE_STATES[row.state]
    return {"change": row, "kind": KINDS_OF_CHANGE[row.kind], "label": label, "tone": tone}


def _order_row(row: SalesOrder) -> dict[str, Any]:
    if row.changes_asked:
        return {"order": row, "label": _("The buyer asks for a change"), "tone": "warning"}
    if row.state == "new" and not row.response_wanted:
        return {"order": row, "label": _("No answer needed"), "tone": "info"}
    label, tone = STATES[row.state]
    return {"order": row, "label": label, "tone": tone}


def orders(request: HttpRequest) -> HttpResponseBase:
    """Every order, with search, state, and what waits."""
    check()
    states = [(key, str(label)) for key, (label, _tone) in STATES.items()]
    waits = [
        ("answer", _("Your answer to the order")),
        ("change", _("Your answer to a change")),
        ("invoice", _("To deliver and invoice")),
    ]
    rows = listing(
        request,
        queries.orders(),
        search=queries.search,
        sort={
            "number": "number", "buyer": "buyer_name", "received": "received_at", "total": "gross",
            "lines": "line_count", "state": "state",
        },
        default="-received",
        few=("buyer", "total", "lines", "state"),
        filters=[
            Filter("state", _("State"), states),
            Filter("waits", _("Waits for"), waits, lookup=queries.orders_that_wait),
        ],
        exports=True,
    )  # fmt: skip
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("orders"))
    return render(request, "portal/orders.html", {"rows": rows, "lines": [_order_row(row) for row in rows]})


_COLUMNS = (
    Column(gettext_lazy("Order number"), "number"),
    Column(gettext_lazy("Buyer"), "buyer_name", width=30),
    Column(gettext_lazy("Their reference"), "buyer_reference"),
    Column(gettext_lazy("Lines"), "line_count", NUMBER, 8),
    Column(gettext_lazy("Net"), "net", MONEY),
    Column(gettext_lazy("Incl. VAT"), "gross", MONEY),
    Column(gettext_lazy("Received"), "received_at", MOMENT),
    Column(gettext_lazy("State"), lambda row: _order_row(row)["label"], width=26),
)


def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order with its three answers, or what was answered, its changes and its invoices."""
    return _show_order(request, order_or_404(order_id), NoteForm())


def _show_order(request: HttpRequest, facts: SalesOrderFacts, form: NoteForm) -> HttpResponse:
    label, tone = STATES[facts.state]
    changes = [change_row(one) for one in queries.changes_of(facts.id)]
    context = {
        "order": facts,
        "state": label,
        "tone": tone,
        "lines": [line_row(line) for line in facts.lines],
        "answerable": not problem(rules.check_answerable, facts),
        "invoiceable": not problem(rules.check_invoiceable, facts),
        "invoices": [fate_row(one) for one in facts.invoices],
        "changes": changes,
        "asked": next((one for one in changes if one["change"].state == "asked"), None),
        "answered": any(line.answer for line in facts.lines),
        "reject_form": form,
        "free_text": any(line.free_text for line in facts.lines),
    }
    return render(request, "portal/order.html", context)


@require_POST
def accept(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Accept all of an order."""
    order_or_404(order_id)
    return act(
        request,
        lambda: operations.answer(sales_order_id=order_id, decision=rules.ACCEPT_ALL),
        done=_("The order is accepted, and the buyer is told."),
        to=to("order", order_id=order_id),
    )


@require_POST
def reject(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Reject all of an order, with the reason."""
    facts = order_or_404(order_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_order(request, facts, form)
    return act(
        request,
        lambda: operations.answer(
            sales_order_id=order_id, decision=rules.REJECT_ALL, note=form.cleaned_data["note"]
        ),
        done=_("The order is rejected, and the buyer is told."),
        to=to("order", order_id=order_id),
    )


def change(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Propose changes line by line."""
    facts = order_or_404(order_id)
    why = closed = problem(rules.check_answerable, facts)
    form = ChangeForm(request.POST or None, lines=facts.lines)
    if request.method == "POST" and form.is_valid():
        try:
            operations.answer(
                sales_order_id=order_id,
                decision=rules.CHANGE_LINES,
                lines=form.answers(),
                note=form.cleaned_data["note"],
            )
        except Refusal as refusal:
            why = sentence(refusal)
        else:
            return done(request, _("The proposal is sent to the buyer."), "order", order_id=order_id)
    context = {
        "order": facts,
        "form": form,
        "rows": form.rows(),
        "problem": why,
        "closed": bool(closed),
    }
    return render(request, "portal/change.html", context)
