"""Pages of invoices: the list, one invoice with its findings, and the original."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.invoicing import operations, permissions, queries, shown
from avrop.invoicing.facts import CREDIT_NOTE
from avrop.invoicing.forms import AnswerForm
from avrop.invoicing.models import Invoice
from avrop.invoicing.texts import KINDS, RESPONSES, STATES
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import viewer
from avrop.ubl.rulesets import NOT_INSTALLED
from avrop.web import findings
from avrop.web.documents import pages
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act
from avrop.web.spreadsheet import DAY, MONEY, Column, spreadsheet


def _readers_only() -> None:
    admit(permissions.may_see(viewer()))


def invoices(request: HttpRequest) -> HttpResponseBase:
    """Every invoice and credit note that came, the newest first."""
    _readers_only()
    rows = listing(
        request,
        queries.all_invoices(),
        search=("number", "seller_name", "seller_orgnr", "order_reference"),
        sort={
            "came": "received_at",
            "number": "number",
            "seller": "seller_name",
            "order": "order_reference",
            "due": "due_date",
            "payable": "payable",
        },
        default="-came",
        few=("seller", "due", "payable"),
        filters=[
            Filter("state", _("State"), [(key, str(label)) for key, (label, _tone) in STATES.items()]),
            Filter("kind", _("Kind"), [(key, str(label)) for key, label in KINDS.items()]),
            Filter(
                "answer",
                _("Answered"),
                [(key, str(label)) for key, label in RESPONSES.items()],
                "response_code",
            ),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _columns(), name=_("invoices"))
    return render(request, "invoicing/list.html", {"rows": rows, "shown": shown.rows(rows)})


def _columns() -> list[Column]:
    return [
        Column(_("Number"), "number"),
        Column(_("Kind"), lambda one: str(KINDS[one.kind]), width=12),
        Column(_("Supplier"), "seller_name", width=30),
        Column(_("Organisation number"), "seller_orgnr"),
        Column(_("Order"), "order_reference"),
        Column(_("Invoice date"), "issue_date", DAY),
        Column(_("Due"), "due_date", DAY),
        Column(_("Net"), lambda one: _signed(one, one.net), MONEY),
        Column(_("VAT"), lambda one: _signed(one, one.vat), MONEY),
        Column(_("To pay"), lambda one: _signed(one, one.payable), MONEY),
        Column(_("State"), lambda one: str(STATES[one.state][0])),
        Column(_("Answered"), lambda one: str(RESPONSES.get(one.response_code, ""))),
    ]


def _signed(row: Invoice, amount: int) -> int:
    """A credit note counts below zero in a column that is summed up."""
    return -amount if row.kind == CREDIT_NOTE else amount


def show(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """One invoice: who, what, the rules' verdict, and the original as it came."""
    _readers_only()
    return _page(request, invoice_id, AnswerForm())


def _page(request: HttpRequest, invoice_id: UUID, form: AnswerForm) -> HttpResponse:
    row = get_object_or_404(Invoice, id=invoice_id)
    invoice = queries.with_lines(row)
    lines = listing(request, invoice.lines)
    may_answer = permissions.may_answer(viewer(), row.state)
    return render(
        request,
        "invoicing/invoice.html",
        {
            "invoice": invoice,
            "row": row,
            "kind": KINDS[row.kind],
            "state": shown.state(row),
            "rows": lines,
            "lines": shown.lines(lines),
            "tied": queries.headers((*invoice.credits, *invoice.credited_by)),
            "findings": findings.shown(row.findings),
            "rule_set": row.rule_set if row.rule_set != NOT_INSTALLED else "",
            "sha": shown.breakable(row.sha256),
            "response": RESPONSES.get(row.response_code, ""),
            "may_answer": bool(may_answer) and row.response_code != "RE",
            "form": form,
        },
    )


def original(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The bytes exactly as they came."""
    _readers_only()
    row = get_object_or_404(Invoice.objects.only("id", "number"), id=invoice_id)
    try:
        sha256, content = queries.original(row.id)
    except KeyError:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{sha256[:16]}.xml"'
    response["X-Content-SHA256"] = sha256
    return response


def document(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The invoice as its sender wrote it, for people; and the files that lie in it."""
    row, raw = _original(invoice_id)
    back = reverse("invoicing:invoice", kwargs=_to(invoice_id))
    start = reverse("invoicing:list", kwargs={"slug": viewer().slug})
    around = pages.Around(
        crumbs=(_("Invoices"), start, row.number, back, _("Document")),
        pdf=reverse("invoicing:document_pdf", kwargs=_to(invoice_id)),
        original=reverse("invoicing:original", kwargs=_to(invoice_id)),
    )
    return pages.show(request, raw, around)


def document_pdf(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """The same on paper, with the original inside."""
    row, raw = _original(invoice_id)
    return pages.paper(raw, at=row.received_at, page=reverse("invoicing:document", kwargs=_to(invoice_id)))


def _original(invoice_id: UUID) -> tuple[Invoice, bytes]:
    _readers_only()
    row = get_object_or_404(Invoice.objects.only("id", "number", "received_at"), id=invoice_id)
    try:
        return row, queries.original(row.id)[1]
    except KeyError:
        raise Http404 from None


def _to(invoice_id: UUID) -> dict[str, object]:
    return {"slug": viewer().slug, "invoice_id": invoice_id}


@require_POST
def answer(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """Send an invoice that cannot be paid back, with a reason."""
    form = AnswerForm(request.POST)
    if not form.is_valid():
        _readers_only()
        return _page(request, invoice_id, form)
    get_object_or_404(Invoice.objects.only("id"), id=invoice_id)
    return act(
        request,
        lambda: operations.answer(
            invoice_id=invoice_id,
            code="RE",
            reason_code=form.cleaned_data["reason_code"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("The supplier is told that the invoice is rejected."),
        to=reverse("invoicing:invoice", kwargs={"slug": viewer().slug, "invoice_id": invoice_id}),
    )
