"""Orders: the list, one order with the supplier's answers, its PDF and its original message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from avrop.kernel.ports import originals
from avrop.messaging import queries as messaging
from avrop.messaging.permissions import may_read_log
from avrop.messaging.queries import content_of, original_of
from avrop.ordering import jobs, operations, permissions, queries, shown
from avrop.ordering.changing import ORDER_ONLY
from avrop.ordering.facts import OrderFacts
from avrop.ordering.models import OrderResponse
from avrop.ordering.texts import INVOICE, OPEN_OR_ENDED, RECEIPT, RESPONSE, TRANSPORT, WAITING_CHANGES
from avrop.requisition.permissions import reads_all
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.facts import REQUISITIONER
from avrop.tenancy.scope import viewer
from avrop.web.documents import pages
from avrop.web.findings import meaning_of
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, explain
from avrop.web.spreadsheet import MOMENT, MONEY, Column, spreadsheet


def orders(request: HttpRequest) -> HttpResponseBase:
    """Orders, newest first; a requisitioner may choose only her own."""
    _may_look()
    mine = request.GET.get("whose") == "mine"
    rows = listing(
        request,
        queries.listed(mine=mine),
        search=("number", "supplier__name", "unit__name", "requester_name"),
        sort={"number": "number", "issued": "issued_at", "gross": "gross", "supplier": "supplier__name"},
        default="-issued",
        few=("gross", "supplier"),
        filters=[
            Filter("whose", _("Whose"), [("mine", _("My orders"))], lambda found, _value: found),
            Filter("transport_state", _("Sending"), _choices(TRANSPORT), "message__state"),
            Filter("response_state", _("Answer"), _choices(RESPONSE)),
            Filter("receipt_state", _("Goods"), _choices(RECEIPT)),
            Filter("invoice_state", _("Invoice"), _choices(INVOICE)),
            Filter("ended", _("Ended"), _choices(OPEN_OR_ENDED), _ended),
            Filter("change", _("Own change"), _choices(WAITING_CHANGES), _with_change),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _COLUMNS, name=_("orders"))
    lines = [{"row": row, "state": shown.state(row)} for row in rows]
    context = {"rows": rows, "lines": lines, "requisitioner": viewer().has(REQUISITIONER)}
    return render(request, "ordering/list.html", context)


_COLUMNS = (
    Column(gettext_lazy("Number"), "number"),
    Column(gettext_lazy("Supplier"), "supplier__name", width=30),
    Column(gettext_lazy("Agreement"), "agreement_ref"),
    Column(gettext_lazy("Unit"), "unit__name", width=24),
    Column(gettext_lazy("Ordered by"), "requester_name", width=24),
    Column(gettext_lazy("Marking"), "marking", width=24),
    Column(gettext_lazy("Note"), "note", width=30),
    Column(gettext_lazy("Date"), "issued_at", MOMENT),
    Column(gettext_lazy("Net"), "net", MONEY),
    Column(gettext_lazy("Total with VAT"), "gross", MONEY),
    Column(gettext_lazy("State"), lambda row: shown.state(row)["label"], width=26),
)


def show(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order."""
    order = _visible(order_id)
    parties = tenancy.parties({order.buyer_id, order.supplier_id})
    found = queries.responses(order.id)
    own = queries.changes(order.id) if order.changes else []
    people = {person for one in own for person in (one.proposed_by, one.approved_by, *one.candidates)}
    names = tenancy.person_names({*people, *(one.decided_by for one in found)} - {None})
    may_change = bool(permissions.may_decide_change(viewer(), order, tenancy.unit(order.unit_id)))
    context = {
        "order": order,
        "supplier": parties[order.supplier_id],
        "buyer": parties[order.buyer_id],
        "state": shown.state(order),
        "steps": shown.steps(order),
        "lines": shown.lines(order),
        "answers": shown.answers(order, found, names, own),
        "changes": shown.changes(order, own, names),
        "may_decide": may_change,
        "doors": shown.doors(order, own) if may_change else {},
        "failed": _failed(order),
        "order_only": order.process == ORDER_ONLY,
        "may_see_requisition": viewer().person_id == order.requester_id or reads_all(viewer()),
        "may_receive": order.transport_state == "sent"
        and order.receipt_state != "full"
        and order.response_state != "rejected"
        and not order.ended,
    }
    return render(request, "ordering/order.html", context)


def _failed(order: OrderFacts) -> dict[str, str]:
    """Why it could not be sent, and what our own words for the rule say of it."""
    message = None
    if order.transport_state == "failed" and order.message_id and not order.ended:
        message = messaging.message(order.message_id)
    if message is None:
        return {}
    return {
        "why": explain(message.reason, message.params),
        "meaning": meaning_of(message.params.get("said")),
        "page": reverse("messaging:message", kwargs={"slug": viewer().slug, "message_id": message.id})
        if may_read_log(viewer())
        else "",
    }


def purchase(request: HttpRequest, requisition_id: UUID) -> HttpResponse:
    """The orders of a requisition: the one order, or a short list."""
    _may_look()
    found = queries.orders_of(requisition_id)
    if not found:
        raise Http404
    if len(found) == 1:
        return HttpResponseRedirect(_url("order", order_id=found[0].id))
    names = tenancy.parties({one.supplier_id for one in found})
    rows = [
        {"order": one, "supplier": names[one.supplier_id].name, "state": shown.state(one)} for one in found
    ]
    return render(request, "ordering/purchase.html", {"rows": rows})


@require_POST
def decide(request: HttpRequest, response_id: UUID) -> HttpResponse:
    """Accept or decline a supplier's proposal."""
    row = OrderResponse.objects.filter(id=response_id).values_list("order_id", flat=True).first()
    if row is None:
        raise Http404
    accept = request.POST.get("decision") == "accept"
    done = _("The change is accepted.") if accept else _("The change is declined; the order stands as sent.")
    return act(
        request,
        lambda: operations.decide_change(response_id=response_id, accept=accept),
        done=done,
        to=_url("order", order_id=row),
    )


def pdf(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The order on paper, made when asked for."""
    order = _visible(order_id)
    return _file(jobs.order_pdf(order.id), "application/pdf", f"{order.number}.pdf")


def xml(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The message exactly as it left, or as it waits."""
    order = _visible(order_id)
    if order.message_id is None:
        raise Http404
    sha256, body = original_of(order.message_id)
    content = originals().get(sha256) if sha256 else bytes(body or b"")
    return _file(content, "application/xml", f"{order.number}.xml")


def document(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The order as it was sent, for people."""
    order, (raw, _at) = _sent(order_id)
    around = pages.Around(
        crumbs=(
            _("Orders"),
            reverse("ordering:list", kwargs={"slug": viewer().slug}),
            order.number,
            _url("order", order_id=order_id),
            _("Document"),
        ),
        pdf=_url("document_pdf", order_id=order_id),
        original=_url("xml", order_id=order_id),
    )
    return pages.show(request, raw, around)


def document_pdf(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """The order as it was sent, on paper, with the message inside."""
    _order, (raw, at) = _sent(order_id)
    return pages.paper(raw, at=at, page=_url("document", order_id=order_id))


def _sent(order_id: UUID) -> tuple[OrderFacts, tuple[bytes, datetime]]:
    order = _visible(order_id)
    if order.message_id is None:
        raise Http404
    try:
        return order, content_of(order.message_id)
    except KeyError:
        raise Http404 from None


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _may_look() -> None:
    admit(permissions.may_see_orders(viewer()))


def _visible(order_id: UUID) -> OrderFacts:
    order = queries.order(order_id)
    if order is None:
        raise Http404
    _may_look()
    return order


def _ended(rows: Any, value: str) -> Any:
    return rows.filter(ended="" if value == "open" else value)


def _with_change(rows: Any, value: str) -> Any:
    return rows.filter(id__in=queries.orders_with_change(value))


def _choices(texts: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(key, str(text)) for key, text in texts.items()]


def _url(name: str, **kwargs: object) -> str:
    return reverse(f"ordering:{name}", kwargs={"slug": viewer().slug, **kwargs})
