"""What the seller's pages share: who may see them, and how rows are worded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from avrop.kernel.finding import Refusal
from avrop.portal import queries
from avrop.portal.facts import CREDIT_NOTE, SalesInvoiceFacts, SalesLine, SalesOrderFacts
from avrop.portal.models import SalesInvoice
from avrop.portal.permissions import may_sell
from avrop.portal.texts import ANSWERS, CREDITED, CREDITED_PARTLY, FATES, STOPPED
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import viewer
from avrop.ubl.codes import unit_of
from avrop.web.refusals import sentence


def check() -> None:
    """Raises PermissionDenied with the reason."""
    admit(may_sell(viewer()))


def order_or_404(order_id: UUID) -> SalesOrderFacts:
    """The order, for a clerk of its seller."""
    found = queries.order(order_id)
    if found is None:
        raise Http404
    check()
    return found


def invoice_or_404(invoice_id: UUID) -> SalesInvoice:
    """The invoice or credit note with its order, for a clerk of its seller."""
    found = queries.invoice(invoice_id)
    if found is None:
        raise Http404
    check()
    return found


def to(name: str, **more: Any) -> str:
    """An address of this room in the viewer's organisation."""
    return reverse(f"portal:{name}", kwargs={"slug": viewer().slug, **more})


def done(request: HttpRequest, text: str, name: str, **more: Any) -> HttpResponse:
    """Say what was done and go on."""
    messages.success(request, text)
    return HttpResponseRedirect(to(name, **more))


def problem(check: Callable[..., object], *args: Any) -> str:
    """The sentence for why something cannot be done; empty when it can."""
    try:
        check(*args)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


def language() -> str:
    """The language of the page."""
    return get_language() or "nn"


def line_row(line: SalesLine) -> dict[str, Any]:
    """An order line with its unit and the word for its answer."""
    label, tone = ANSWERS["cancelled" if line.cancelled else line.answer]
    unit = unit_of(line.unit_code, line.quantity, language())
    return {"line": line, "unit": unit, "label": label, "tone": tone}


def fate_row(row: SalesInvoice | SalesInvoiceFacts) -> dict[str, Any]:
    """An invoice or credit note with the word for its fate."""
    label, tone = FATES.get(row.response_code, (row.response_code, "neutral"))
    if row.kind != CREDIT_NOTE and row.credited >= row.gross > 0:
        label, tone = CREDITED
    elif row.kind != CREDIT_NOTE and row.credited and row.response_code in ("", "AB", "IP", "AP"):
        label, tone = CREDITED_PARTLY
    elif row.stopped and not row.response_code:
        label, tone = STOPPED
    return {"invoice": row, "label": label, "tone": tone, "credit": row.kind == CREDIT_NOTE}
