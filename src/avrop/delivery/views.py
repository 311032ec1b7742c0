"""Pages for whoever stands with the parcel: what is expected, how much came, and the receipt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from avrop.delivery import operations, permissions, queries, rules, shown
from avrop.delivery.facts import RECEIPT, RETURN, ReceiptFacts, ReceiptLineFacts
from avrop.delivery.forms import AllForm, BackForm, CorrectForm, ReceiveForm
from avrop.delivery.texts import EXPECTED, KINDS, REASONS, SO_FAR, TONES
from avrop.kernel.finding import Refusal
from avrop.ordering import queries as ordering
from avrop.ordering.facts import OrderFacts
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit
from avrop.tenancy.results import Answer, Denied
from avrop.tenancy.scope import viewer
from avrop.ubl.codes import unit_of
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain, sentence
from avrop.web.spreadsheet import MOMENT, Column, spreadsheet


def expected(request: HttpRequest) -> HttpResponseBase:
    """The orders that the viewer waits for, oldest first, and the last receipts."""
    who = viewer()
    rows = listing(
        request,
        queries.awaited(who),
        search=("number", "supplier__name", "unit__name"),
        sort={"sent": "issued_at", "number": "number", "supplier": "supplier__name"},
        default="sent",
        few=("number", "supplier"),
        filters=[
            Filter("so_far", _("State"), [(key, str(text)) for key, text in SO_FAR.items()], _so_far),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _EXPECTED, name=_("expected deliveries"))
    recent = queries.recent(who.person_id) if who.person_id else []
    return render(request, "delivery/expected.html", {"rows": rows, "recent": recent})


def _so_far(rows: Any, value: str) -> Any:
    return rows.filter(response_state=value) if value == "proposed" else rows.filter(receipt_state=value)


_EXPECTED = (
    Column(gettext_lazy("Order"), "number"),
    Column(gettext_lazy("Supplier"), "supplier__name", width=30),
    Column(gettext_lazy("Unit"), "unit__name", width=24),
    Column(gettext_lazy("Sent"), "sent_at", MOMENT),
)


def receive(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One order: one big button when everything came, else a number for each line."""
    order = ordering.order(order_id)
    if order is None:
        raise Http404
    page = _page(request, order)
    form: AllForm = page["form"]
    if request.method == "POST" and not page["denied"]:
        everything = "everything" in request.POST and not page["by_exception"]
        form = AllForm(request.POST) if everything else _form(page, request.POST)
        if form.is_valid():
            done = _receive(request, order, form)
            if done is not None:
                return done
    if isinstance(form, ReceiveForm):
        page |= {"form": form, "rows": form.rows()}
    return render(request, "delivery/receive.html", page)


def _receive(request: HttpRequest, order: OrderFacts, form: AllForm) -> HttpResponse | None:
    """To the receipt; to the page again, with the reason, when it is refused."""
    given = form.cleaned_data
    try:
        ident = operations.receive(
            order_id=order.id,
            quantities=form.quantities() if isinstance(form, ReceiveForm) else None,
            refused=form.refused() if isinstance(form, ReceiveForm) else None,
            note=given.get("note", ""),
            exception=given.get("exception", ""),
            after=given.get("seen"),
        )
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return HttpResponseRedirect(request.path)
    messages.success(request, _("The receipt is registered. Thank you!"))
    slug = viewer().slug
    return HttpResponseRedirect(reverse("delivery:receipt", kwargs={"slug": slug, "receipt_id": ident}))


# Each takes three fields, of which Django takes a thousand in a form: the rest are on the next page.
_LINES_A_PAGE = 100


def _page(request: HttpRequest, order: OrderFacts) -> dict[str, Any]:
    who = viewer()
    lines = rules.expected(order, queries.before([order.id]))
    done = queries.receipts([order.id])
    approvers = operations.approvers_of(order)
    by_exception = who.person_id in approvers
    answer = permissions.may_receive(
        who,
        order,
        lambda: tenancy.unit(order.unit_id),
        approvers,
        exception="-" if by_exception else "",
    )
    page: dict[str, Any] = {
        "order": order,
        "supplier": tenancy.party(order.supplier_id).name,
        "receipts": done,
        "lines": [{"line": line, "unit": _unit(line.unit_code, line.ordered)} for line in lines],
        "open": any(line.open for line in lines),
        "by_exception": by_exception,
        "denied": explain(answer.reason, answer.params) if isinstance(answer, Denied) else "",
        "rejected": order.response_state == "rejected",
        "ended": order.ended,
        "part": listing(request, [line for line in lines if line.open], size=_LINES_A_PAGE),
    }
    form = _form(page)
    return page | {"form": form, "rows": form.rows(), "all_form": AllForm(initial={"seen": len(done)})}


def _form(page: dict[str, Any], data: Any = None) -> ReceiveForm:
    initial = {"seen": len(page["receipts"])}
    return ReceiveForm(data, lines=list(page["part"]), by_exception=page["by_exception"], initial=initial)


def _unit(code: str, quantity: int) -> str:
    return unit_of(code, quantity, get_language() or "nn")


def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Who received what, when; and what is still to come."""
    found = queries.receipt(receipt_id)
    order = ordering.order(found.order_id) if found else None
    if found is None or order is None:
        raise Http404
    left = [line for line in rules.expected(order, queries.before([order.id])) if line.open]
    left = [] if order.ended else left
    supplier = tenancy.party(order.supplier_id)
    context = {
        "receipt": found,
        "order": order,
        "supplier": supplier.name,
        "lines": [_shown_line(line) for line in found.lines],
        "kind": KINDS[found.kind],
        "reason": REASONS.get(found.reason_code, ""),
        "expects": EXPECTED.get(found.expected, ""),
        "may_undo": found.kind == RECEIPT and bool(_may_undo(order)),
        "letter": shown.letter(found, order, supplier) if found.refused or found.kind == RETURN else None,
        "left": [{"line": line, "unit": _unit(line.unit_code, line.open)} for line in left],
    }
    return render(request, "delivery/receipt.html", context)


def _shown_line(line: ReceiptLineFacts) -> dict[str, Any]:
    return {
        "line": line,
        "unit": _unit(line.unit_code, line.ordered),
        "back": -line.quantity,
        "reason": REASONS.get(line.reason_code, ""),
    }


def send_back(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Goods of a receipt go back to the supplier."""
    return _back(request, receipt_id, BackForm)


def correct(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """A receipt was registered by mistake."""
    return _back(request, receipt_id, CorrectForm)


def _back(request: HttpRequest, receipt_id: UUID, kind: type[BackForm]) -> HttpResponse:
    found = queries.receipt(receipt_id)
    order = ordering.order(found.order_id) if found else None
    if found is None or order is None:
        raise Http404
    admit(_may_undo(order))
    seen = queries.count(order.id)
    form = kind(request.POST or None, left=queries.left_of(receipt_id), initial={"seen": seen})
    page: dict[str, Any] = {"receipt": found, "order": order, "correcting": kind is CorrectForm}
    if request.method == "POST" and form.is_valid():
        try:
            made = _take_back(found, form)
        except Refusal as refusal:
            page["problem"] = sentence(refusal)
        else:
            slug = viewer().slug
            return HttpResponseRedirect(
                reverse("delivery:receipt", kwargs={"slug": slug, "receipt_id": made})
            )
    return render(request, "delivery/back.html", page | {"form": form, "rows": form.rows()})


def _take_back(found: ReceiptFacts, form: BackForm) -> UUID:
    given = form.cleaned_data
    if isinstance(form, CorrectForm):
        return operations.correct(
            receipt_id=found.id, quantities=form.quantities(), reason=given["note"], after=given.get("seen")
        )
    return operations.send_back(
        receipt_id=found.id,
        quantities=form.quantities(),
        reason_code=given["reason_code"],
        expects=given["expects"],
        note=given["note"],
        after=given.get("seen"),
    )


def _may_undo(order: OrderFacts) -> Answer:
    return permissions.may_send_back(viewer(), order, lambda: tenancy.unit(order.unit_id))


def listed(request: HttpRequest) -> HttpResponseBase:
    """Every receipt, return and correction of the organisation."""
    admit(permissions.may_see_receipts(viewer()))
    rows = listing(
        request,
        queries.listed(),
        search=("number", "order__number", "order__supplier__name", "order__unit__name", "received_by__name"),
        sort={
            "number": "number",
            "received": "received_at",
            "order": "order__number",
            "supplier": "order__supplier__name",
        },
        default="-received",
        few=("order", "supplier"),
        filters=[
            Filter("kind", _("Kind"), [(key, str(text)) for key, text in KINDS.items()]),
            Filter("expected", _("What is to happen"), [(key, str(text)) for key, text in EXPECTED.items()]),
            Filter("refused", _("Not accepted"), [("yes", _("Something was not accepted"))], _with_refused),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _RECEIPTS, name=_("receipts"))
    lines = [
        {"row": row, "kind": KINDS[row.kind], "tone": TONES[row.kind], "expects": EXPECTED.get(row.expected)}
        for row in rows
    ]
    return render(request, "delivery/list.html", {"rows": rows, "lines": lines})


_RECEIPTS = (
    Column(gettext_lazy("Number"), "number"),
    Column(gettext_lazy("Kind"), lambda one: KINDS[one.kind]),
    Column(gettext_lazy("Date"), "received_at", MOMENT),
    Column(gettext_lazy("Order"), "order__number"),
    Column(gettext_lazy("Supplier"), "order__supplier__name", width=30),
    Column(gettext_lazy("Unit"), "order__unit__name", width=24),
    Column(gettext_lazy("By"), "received_by__name", width=24),
    Column(gettext_lazy("What is to happen"), lambda one: EXPECTED.get(one.expected, ""), width=24),
    Column(gettext_lazy("Note"), "note", width=40),
)


def _with_refused(rows: Any, _value: str) -> Any:
    return rows.filter(id__in=queries.with_refused())
