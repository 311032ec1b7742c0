"""Pages that make a credit note: all that is left of an invoice, or lines, quantities and amounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal
from avrop.portal import operations, queries, rules
from avrop.portal.facts import REJECTED_INVOICE, BilledLine, DraftLine
from avrop.portal.forms import CreditForm
from avrop.portal.models import SalesInvoice
from avrop.portal.views.billing import rate_rows
from avrop.portal.views.common import done, invoice_or_404, language, line_row, problem
from avrop.ubl.codes import unit_of
from avrop.web.refusals import sentence


def credit_all(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """All that is left of an invoice: what will be sent and why, and (the second click) sending it."""
    found = invoice_or_404(invoice_id)
    billed = queries.billed(invoice_id)
    why = problem(rules.check_creditable, found.kind, found.number, billed)
    initial = {"after": found.credited, "reason": _reason(found)}
    form = CreditForm(request.POST if request.method == "POST" else None, lines=(), initial=initial)
    draft = None
    if not why:
        try:
            if form.is_valid():
                return _send(request, form, found, everything=True)
            draft = rules.credit(billed, None, queries.credited_before(invoice_id))
        except Refusal as refusal:
            why = sentence(refusal)
    context = {
        "invoice": found,
        "form": form,
        "problem": why,
        "draft": draft,
        "rows": [_sent_row(line) for line in draft.lines] if draft else [],
        "rates": rate_rows(draft),
    }
    return render(request, "portal/credit_all.html", context)


def _sent_row(line: DraftLine) -> dict[str, Any]:
    unit = "" if line.amount_only else unit_of(line.line.unit_code, line.quantity, language())
    return {"draft": line, "unit": unit}


def _reason(found: SalesInvoice) -> str:
    """What stands on a credit note that nobody wrote a reason for."""
    if found.response_code == REJECTED_INVOICE:
        text = _("The buyer has rejected invoice %(number)s.")
    elif found.asked:
        text = _("Credited as the buyer asked: invoice %(number)s.")
    else:
        text = _("Invoice %(number)s is credited in full.")
    return text % {"number": found.number}


def credit(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Choose what is credited, see what it makes (`count` only counts anew), and send it."""
    found = invoice_or_404(invoice_id)
    billed = queries.billed(invoice_id)
    why = problem(rules.check_creditable, found.kind, found.number, billed)
    form = CreditForm(
        request.POST if request.method == "POST" else None, lines=billed, initial=_initial(found)
    )
    draft = None
    if not why and form.is_bound and form.is_valid():
        try:
            if "count" not in request.POST:
                return _send(request, form, found)
            draft = rules.credit(billed, form.chosen(), queries.credited_before(invoice_id))
        except Refusal as refusal:
            why = sentence(refusal)
    context = {
        "invoice": found,
        "form": form,
        "problem": why,
        "draft": draft,
        "rows": [_row(form, line, draft) for line in form.lines],
        "rates": rate_rows(draft),
        "left": found.gross - found.credited,
    }
    return render(request, "portal/credit.html", context)


def _initial(found: SalesInvoice) -> dict[str, Any]:
    return {"after": found.credited, "reason": found.response_note if found.asked else ""}


def _send(
    request: HttpRequest, form: CreditForm, found: SalesInvoice, *, everything: bool = False
) -> HttpResponse:
    ident = operations.credit_invoice(
        sales_invoice_id=found.id,
        lines=None if everything else form.chosen(),
        reason=form.cleaned_data["reason"],
        after=form.cleaned_data["after"],
    )
    return done(request, _("The credit note is sent."), "invoice", invoice_id=ident)


def _row(form: CreditForm, line: BilledLine, draft: Any) -> dict[str, Any]:
    nets = {one.billed: one.net for one in draft.lines} if draft else {}
    return {
        **line_row(line.line),
        "billed": line,
        "quantity": form[f"quantity_{line.position}"],
        "amount": form[f"amount_{line.position}"],
        "net": nets.get(line.id),
    }
