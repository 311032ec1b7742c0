"""Pages that make a credit note: the whole invoice in one click, or lines, quantities and amounts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.kernel.finding import Refusal
from avrop.portal import operations, queries, rules
from avrop.portal.facts import REJECTED_INVOICE, BilledLine
from avrop.portal.forms import CreditForm
from avrop.portal.models import SalesInvoice
from avrop.portal.views.billing import rate_rows
from avrop.portal.views.common import done, invoice_or_404, line_row, problem, to
from avrop.web.refusals import act, sentence


@require_POST
def credit_all(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """All that is left of an invoice, in one click: it was rejected, or the buyer asks for it."""
    found = invoice_or_404(invoice_id)
    return act(
        request,
        lambda: operations.credit_invoice(
            sales_invoice_id=invoice_id, reason=_reason(found), after=found.credited
        ),
        done=_("The credit note is sent."),
        to=to("invoice", invoice_id=invoice_id),
    )


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


def _send(request: HttpRequest, form: CreditForm, found: SalesInvoice) -> HttpResponse:
    ident = operations.credit_invoice(
        sales_invoice_id=found.id,
        lines=None if "all" in form.data else form.chosen(),
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
