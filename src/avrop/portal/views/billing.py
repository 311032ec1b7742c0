"""Pages of invoices and credit notes: making an invoice, the list, one and its fate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.portal import operations, queries, rules
from avrop.portal.facts import CREDIT_NOTE, SalesLine
from avrop.portal.forms import BillForm
from avrop.portal.models import SalesInvoice
from avrop.portal.texts import ASKS, FATES, KINDS
from avrop.portal.views.common import (
    check,
    done,
    fate_row,
    invoice_or_404,
    language,
    line_row,
    order_or_404,
    problem,
)
from avrop.ubl.codes import name_of, unit_of
from avrop.web.findings import meaning_of
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain, sentence
from avrop.web.spreadsheet import DAY, MONEY, Column, spreadsheet


def invoices(request: HttpRequest) -> HttpResponseBase:
    """Every invoice and credit note, with search, kind, fate, and what waits."""
    check()
    fates = [(key, str(label)) for key, (label, _tone) in FATES.items() if key]
    waits = [("credit", _("Your credit note")), ("payment", _("Payment"))]
    rows = listing(
        request,
        queries.invoices(),
        search=("number", "order__number", "order__buyer_name", "kid", "credits__number"),
        sort={
            "number": "number", "buyer": "order__buyer_name", "due": "due_date", "total": "gross",
            "date": "issue_date", "order": "order__number",
        },
        default="-date",
        few=("buyer", "due", "total", "order"),
        filters=[
            Filter("kind", _("Document"), [(key, str(label)) for key, label in KINDS.items()]),
            Filter("response_code", _("Fate"), fates),
            Filter("waits", _("Waits for"), waits, lookup=queries.invoices_that_wait),
        ],
        exports=True,
    )  # fmt: skip
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("invoices"))
    return render(request, "portal/invoices.html", {"rows": rows, "lines": [fate_row(row) for row in rows]})


def _signed(name: str) -> Callable[[SalesInvoice], int]:
    """An amount as the books have it: a credit note takes it away."""
    return lambda row: -getattr(row, name) if row.kind == CREDIT_NOTE else getattr(row, name)


_COLUMNS = (
    Column(gettext_lazy("Number"), "number"),
    Column(gettext_lazy("Document"), lambda row: KINDS[row.kind]),
    Column(gettext_lazy("Credits invoice"), lambda row: row.credits.number if row.credits_id else ""),
    Column(gettext_lazy("Date"), "issue_date", DAY),
    Column(gettext_lazy("Buyer"), "order__buyer_name", width=30),
    Column(gettext_lazy("Order number"), "order__number"),
    Column(gettext_lazy("Net"), _signed("net"), MONEY),
    Column(gettext_lazy("VAT"), _signed("vat"), MONEY),
    Column(gettext_lazy("Incl. VAT"), _signed("gross"), MONEY),
    Column(gettext_lazy("Pay by"), lambda row: None if row.kind == CREDIT_NOTE else row.due_date, DAY),
    Column(gettext_lazy("KID"), "kid", width=24),
    Column(gettext_lazy("Fate"), lambda row: fate_row(row)["label"], width=26),
)


def rate_rows(draft: Any) -> list[dict[str, Any]]:
    """The VAT of a draft by rate."""
    return [
        {"rate": rate, "category": category, "base": base, "vat": vat}
        for (category, rate), (base, vat) in (draft.vat_by_rate.items() if draft else ())
    ]


def bill(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Preview of the invoice (first click), and sending it (second); `count` only counts anew."""
    facts = order_or_404(order_id)
    why = problem(rules.check_invoiceable, facts)
    initial = {"delivered_on": today(), "after": len(facts.invoices)}
    form = BillForm(request.POST if request.method == "POST" else None, lines=facts.lines, initial=initial)
    draft = None
    if not why and (not form.is_bound or form.is_valid()):
        quantities = form.quantities() if form.is_bound else None
        try:
            if form.is_bound and "count" not in request.POST:
                return _send(request, form, facts.id)
            draft = rules.draft(facts, quantities)
        except Refusal as refusal:
            why = sentence(refusal)
    context = {
        "order": facts,
        "form": form,
        "problem": why,
        "draft": draft,
        "rows": [_bill_row(form, line, draft) for line in form.lines],
        "rates": rate_rows(draft),
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
    return done(request, _("The invoice is sent."), "invoice", invoice_id=ident)


def _bill_row(form: BillForm, line: SalesLine, draft: Any) -> dict[str, Any]:
    billed = {one.line.line_id: one.net for one in draft.lines} if draft else {}
    return {
        **line_row(line),
        "field": form[f"quantity_{line.position}"],
        "net": billed.get(line.line_id),
    }


def invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice or credit note, its lines, and what the buyer has said of it."""
    found = invoice_or_404(invoice_id)
    stop = queries.stopped(found)
    lists = {"OPStatusReason": "invoice_reason", "OPStatusAction": "invoice_action"}
    context = {
        **fate_row(found),
        "kind": KINDS[found.kind],
        "credits": [fate_row(row) for row in queries.credit_notes(found)],
        "creditable": found.kind != CREDIT_NOTE and found.credited < found.gross,
        "left": found.gross - found.credited,
        "lines": [_billed_row(line) for line in queries.invoice_lines(invoice_id)],
        "reasons": [
            name_of(lists[name], code, language()) for name, code in found.response_reasons if name in lists
        ],
        "asks": ASKS.get(found.asked, ""),
        "stopped": explain(stop.reason, stop.params) if stop else "",
        "meaning": meaning_of(stop.params.get("said")) if stop else "",
    }
    return render(request, "portal/invoice.html", context)


def _billed_row(line: Any) -> dict[str, Any]:
    unit = "" if line.amount_only else unit_of(line.order_line.unit_code, line.quantity, language())
    return {"line": line, "unit": unit}
