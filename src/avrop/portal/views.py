"""The seller's pages: what is new, an order with its answers, an invoice and its fate."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.portal import operations, queries, rules
from avrop.portal.facts import SalesLine, SalesOrderFacts
from avrop.portal.forms import BillForm, ChangeForm, NoteForm
from avrop.portal.models import SalesInvoice, SalesOrder
from avrop.portal.permissions import may_sell
from avrop.portal.texts import ANSWERS, FATES, STATES
from avrop.tenancy.results import Denied
from avrop.tenancy.scope import viewer
from avrop.ubl.codes import name_of, unit_of
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, explain, sentence

SHOWN = 8  # rows of each list on the first page


def _check() -> None:
    answer = may_sell(viewer())
    if isinstance(answer, Denied):
        raise PermissionDenied(explain(answer.reason, answer.params))


def _order(order_id: UUID) -> SalesOrderFacts:
    found = queries.order(order_id)
    if found is None:
        raise Http404
    _check()
    return found


def _to(name: str, **more: Any) -> str:
    return reverse(f"portal:{name}", kwargs={"slug": viewer().slug, **more})


def first(request: HttpRequest) -> HttpResponse:
    """What waits: orders to answer, orders to invoice, and what became of the latest invoices."""
    _check()
    context = {
        "figures": queries.figures(),
        "waiting": [_order_row(row) for row in queries.waiting_for_answer()[:SHOWN]],
        "to_invoice": [_order_row(row) for row in queries.to_invoice()[:SHOWN]],
        "invoices": [_invoice_row(row) for row in queries.invoices().order_by("-created_at")[:SHOWN]],
        "account_missing": not queries.bank_account(),
    }
    return render(request, "portal/first.html", context)


def _order_row(row: SalesOrder) -> dict[str, Any]:
    if row.state == "new" and not row.response_wanted:
        return {"order": row, "label": _("No answer needed"), "tone": "info"}
    label, tone = STATES[row.state]
    return {"order": row, "label": label, "tone": tone}


def _invoice_row(row: SalesInvoice) -> dict[str, Any]:
    label, tone = FATES.get(row.response_code, (row.response_code, "neutral"))
    return {"invoice": row, "label": label, "tone": tone}


def orders(request: HttpRequest) -> HttpResponse:
    """Every order, with search and state."""
    _check()
    rows = listing(
        request,
        queries.orders(),
        search=queries.search,
        sort={"number": "number", "buyer": "buyer_name", "received": "received_at", "total": "gross"},
        default="-received",
        filters=[Filter("state", _("State"), [(key, str(label)) for key, (label, _tone) in STATES.items()])],
    )
    return render(request, "portal/orders.html", {"rows": rows, "lines": [_order_row(row) for row in rows]})


def invoices(request: HttpRequest) -> HttpResponse:
    """Every invoice, with search and fate."""
    _check()
    fates = [(key, str(label)) for key, (label, _tone) in FATES.items() if key]
    rows = listing(
        request,
        queries.invoices(),
        search=("number", "order__number", "order__buyer_name", "kid"),
        sort={"number": "number", "buyer": "order__buyer_name", "due": "due_date", "total": "gross"},
        default="-number",
        filters=[Filter("response_code", _("Fate"), fates)],
    )
    lines = [_invoice_row(row) for row in rows]
    return render(request, "portal/invoices.html", {"rows": rows, "lines": lines})


def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order with its three answers, or what was answered, and its invoices."""
    return _show_order(request, _order(order_id), NoteForm())


def _show_order(request: HttpRequest, facts: SalesOrderFacts, form: NoteForm) -> HttpResponse:
    label, tone = STATES[facts.state]
    context = {
        "order": facts,
        "state": label,
        "tone": tone,
        "lines": [_line(line) for line in facts.lines],
        "answerable": not _problem(rules.check_answerable, facts),
        "invoiceable": not _problem(rules.check_invoiceable, facts),
        "invoices": [
            {"invoice": one, "label": FATES.get(one.response_code, (one.response_code, ""))[0],
             "tone": FATES.get(one.response_code, ("", "neutral"))[1]}
            for one in facts.invoices
        ],
        "answered": any(line.answer for line in facts.lines),
        "reject_form": form,
        "free_text": any(line.free_text for line in facts.lines),
    }  # fmt: skip
    return render(request, "portal/order.html", context)


def _problem(check: Any, facts: SalesOrderFacts) -> Refusal | None:
    try:
        check(facts)
    except Refusal as refusal:
        return refusal
    return None


def _line(line: SalesLine) -> dict[str, Any]:
    label, tone = ANSWERS.get(line.answer, ("", "neutral"))
    return {
        "line": line,
        "unit": unit_of(line.unit_code, line.quantity, get_language() or "nn"),
        "label": label,
        "tone": tone,
    }


@require_POST
def accept(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Accept all of an order."""
    _order(order_id)
    return act(
        request,
        lambda: operations.answer(sales_order_id=order_id, decision=rules.ACCEPT_ALL),
        done=_("The order is accepted, and the buyer is told."),
        to=_to("order", order_id=order_id),
    )


@require_POST
def reject(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Reject all of an order, with the reason."""
    facts = _order(order_id)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_order(request, facts, form)
    return act(
        request,
        lambda: operations.answer(
            sales_order_id=order_id, decision=rules.REJECT_ALL, note=form.cleaned_data["note"]
        ),
        done=_("The order is rejected, and the buyer is told."),
        to=_to("order", order_id=order_id),
    )


def change(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Propose changes line by line."""
    facts = _order(order_id)
    problem = _problem(rules.check_answerable, facts)
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
            problem = refusal
        else:
            return _done(request, _("The proposal is sent to the buyer."), "order", order_id=order_id)
    context = {
        "order": facts,
        "form": form,
        "rows": form.rows(),
        "problem": sentence(problem) if problem else "",
    }
    return render(request, "portal/change.html", context)


def _done(request: HttpRequest, text: str, name: str, **more: Any) -> HttpResponse:
    messages.success(request, text)
    return HttpResponseRedirect(_to(name, **more))


def bill(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Preview of the invoice (first click), and sending it (second); `count` only counts anew."""
    facts = _order(order_id)
    problem = _problem(rules.check_invoiceable, facts)
    initial = {"delivered_on": today(), "after": len(facts.invoices)}
    form = BillForm(request.POST if request.method == "POST" else None, lines=facts.lines, initial=initial)
    draft = None
    if not problem and (not form.is_bound or form.is_valid()):
        quantities = form.quantities() if form.is_bound else None
        try:
            if form.is_bound and "count" not in request.POST:
                return _send(request, form, facts.id)
            draft = rules.draft(facts, quantities)
        except Refusal as refusal:
            problem = refusal
    context = {
        "order": facts,
        "form": form,
        "problem": sentence(problem) if problem else "",
        "draft": draft,
        "rows": [_bill_row(form, line, draft) for line in form.lines],
        "rates": [
            {"rate": rate, "category": category, "base": base, "vat": vat}
            for (category, rate), (base, vat) in (draft.vat_by_rate.items() if draft else ())
        ],
        "due": today() + operations.PAYMENT_TERM,
        "account": queries.bank_account(),
    }
    return render(request, "portal/bill.html", context)


def _send(request: HttpRequest, form: BillForm, order_id: UUID) -> HttpResponse:
    ident = operations.invoice(
        sales_order_id=order_id,
        lines=form.quantities(),
        delivered_on=form.cleaned_data["delivered_on"],
        after=form.cleaned_data["after"],
    )
    return _done(request, _("The invoice is sent."), "invoice", invoice_id=ident)


def _bill_row(form: BillForm, line: SalesLine, draft: Any) -> dict[str, Any]:
    billed = {one.line.line_id: one.net for one in draft.lines} if draft else {}
    return {
        **_line(line),
        "field": form[f"quantity_{line.position}"],
        "net": billed.get(line.line_id),
    }


def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice, its lines, and what the buyer has said of it."""
    found = queries.invoice(invoice_id)
    if found is None:
        raise Http404
    _check()
    label, tone = FATES.get(found.response_code, (found.response_code, "neutral"))
    language = get_language() or "nn"
    lists = {"OPStatusReason": "invoice_reason", "OPStatusAction": "invoice_action"}
    context = {
        "invoice": found,
        "state": label,
        "tone": tone,
        "lines": [
            {"line": line, "unit": unit_of(line.order_line.unit_code, line.quantity, language)}
            for line in queries.invoice_lines(invoice_id)
        ],
        "reasons": [
            name_of(lists[name], code, language) for name, code in found.response_reasons if name in lists
        ],
    }
    return render(request, "portal/invoice.html", context)
