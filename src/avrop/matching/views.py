"""Pages of deviations, one match with everything side by side, and the approver's bulk click."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from avrop.delivery import queries as delivery
from avrop.invoicing import queries as invoicing
from avrop.invoicing.permissions import may_see
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.matching import defaults, operations, permissions, queries, rules, shown, states
from avrop.matching.facts import MatchFacts
from avrop.matching.forms import AcceptForm, RejectForm
from avrop.matching.models import Match
from avrop.matching.operations.decide import Asker
from avrop.matching.texts import CODES, OWNERS
from avrop.ordering import queries as ordering
from avrop.tenancy import queries as tenancy
from avrop.tenancy.facts import APPROVER
from avrop.tenancy.results import Answer
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act, explain, sentence


def _demand(answer: Answer) -> None:
    if not answer:
        raise PermissionDenied(_why(answer))


def _why(answer: Answer) -> str:
    return "" if answer else explain(answer.reason, answer.params)  # type: ignore[union-attr]


def deviations(request: HttpRequest) -> HttpResponse:
    """Open deviations, the earliest deadline first, with how much went through untouched today."""
    _demand(permissions.may_see_deviations(viewer()))
    by_code = queries.deviations_by_code()
    rows = listing(
        request,
        queries.open_deviations(),
        search=("match__invoice__number", "match__invoice__seller_name"),
        sort={"due": ("due", "id"), "amount": "amount", "number": "match__invoice__number"},
        default="due",
        filters=[
            Filter("code", _("Reason"), [(one.code, str(CODES[one.code])) for one in by_code]),
            Filter("owner_role", _("Owner"), [(key, str(label)) for key, label in OWNERS.items()]),
        ],
    )
    day = today()
    page = {
        "rows": rows,
        "shown": [
            {"row": one, "name": CODES[one.code], "owner": OWNERS.get(one.owner_role), "late": one.due < day}
            for one in rows
        ],
        "figures": [{"figure": one, "name": CODES[one.code]} for one in by_code],
        "share": queries.touchless_since(),
        "tabs": _tabs("deviations", rows.total if not rows.narrowed else None),
    }
    return render(request, "matching/deviations.html", page)


def _tabs(active: str, count: int | None = None) -> list[dict[str, Any]]:
    slug = {"slug": viewer().slug}
    tabs = [
        {
            "label": _("Deviations"),
            "url": reverse("matching:deviations", kwargs=slug),
            "active": active == "deviations",
            "count": count if active == "deviations" else None,
        }
    ]
    if viewer().has(APPROVER):
        url = reverse("matching:clean", kwargs=slug)
        label = _("Clean invoices to approve")
        tabs.append({"label": label, "url": url, "active": active == "clean", "count": None})
    return tabs


def of_invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """To the match of an invoice."""
    row = get_object_or_404(Match.objects.only("id"), invoice_id=invoice_id)
    return HttpResponseRedirect(_url(row.id))


def _url(match_id: UUID) -> str:
    return reverse("matching:match", kwargs={"slug": viewer().slug, "match_id": match_id})


def show(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Order, receipt and invoice side by side, with every check's numbers."""
    return _page(request, match_id, AcceptForm(), None)


def _page(
    request: HttpRequest, match_id: UUID, accept_form: AcceptForm, reject: RejectForm | None
) -> HttpResponse:
    _demand(may_see(viewer()))
    try:
        match = queries.match(match_id)
    except Match.DoesNotExist:
        raise Http404 from None
    invoice = invoicing.invoice(match.invoice_id)
    orders = list(ordering.orders_by_numbers(rules.order_numbers(invoice)).values())
    came = delivery.before([order.id for order in orders])
    names = tenancy.person_names([match.approved_by, *(one.decided_by for one in match.deviations)])
    waiting = [one for one in match.deviations if one.state == "open"]
    page = {
        "match": match,
        "invoice": invoice,
        "orders": orders,
        "state": shown.state(match.state),
        "lines": shown.side_by_side(match, invoice, orders, came),
        "whole": shown.whole(match),
        "deviations": [shown.deviation(one, names) for one in match.deviations],
        "approved_by": names.get(match.approved_by, "") if match.approved_by else "",
        "accept_form": accept_form,
        "reject_form": reject or RejectForm(initial={"reason_code": _answer_for(match)}),
        **_what_may_be_done(match, orders, invoice.payable, sum(one.amount for one in waiting)),
    }
    return render(request, "matching/match.html", page)


def _answer_for(match: MatchFacts) -> str:
    kinds = defaults.kinds()
    codes = [kinds[one.code].answer for one in match.deviations if one.state == "open"]
    return codes[0] if codes else "REF" if match.state == states.WITHOUT_ORDER else "OTH"


def _what_may_be_done(match: MatchFacts, orders: Sequence[Any], payable: int, extra: int) -> dict[str, Any]:
    """Which buttons are there, and why one is not."""
    kinds = defaults.kinds()
    ask = Asker()
    mine = [one for one in match.deviations if one.state == "open"]
    stops = [one for one in mine if not kinds[one.code].acceptable and one.code != "NOT_RECEIVED"]
    receipt = [one for one in mine if one.code == "NOT_RECEIVED"]
    extra -= sum(one.amount for one in receipt)
    may_reject = permissions.may_reject(viewer()) if states.may_move(match.state, states.REJECTED) else None
    page: dict[str, Any] = {"extra": extra, "may_reject": bool(may_reject), "needs_receipt": bool(receipt)}
    if match.state == states.DEVIATION:
        page["stops"] = [
            explain(f"HARD_STOP_{one.code}", {"found": one.found, "expected": one.expected}) for one in stops
        ]
        answer = ask.accept(orders, extra)
        page["may_accept"], page["accept_denied"] = bool(answer) and not stops, _why(answer)
    if match.state == states.MATCHED:
        answer = ask.approve(orders, payable)
        page["may_approve"], page["approve_denied"] = bool(answer), _why(answer)
    return page


@require_POST
def accept(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Accept the deviations."""
    form = AcceptForm(request.POST)
    if not form.is_valid():
        return _page(request, match_id, form, None)
    get_object_or_404(Match.objects.only("id"), id=match_id)
    return act(
        request,
        lambda: operations.accept_deviations(match_id=match_id, comment=form.cleaned_data["comment"]),
        done=_("The deviations are accepted."),
        to=_url(match_id),
    )


@require_POST
def reject(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Reject the invoice."""
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, match_id, AcceptForm(), form)
    get_object_or_404(Match.objects.only("id"), id=match_id)
    return act(
        request,
        lambda: operations.reject_invoice(
            match_id=match_id,
            reason_code=form.cleaned_data["reason_code"],
            reason=form.cleaned_data["reason"],
        ),
        done=_("The invoice is rejected, and the supplier is told."),
        to=_url(match_id),
    )


def clean(request: HttpRequest) -> HttpResponse:
    """Clean, received invoices that wait for an approver's click."""
    if not viewer().has(APPROVER):
        raise PermissionDenied(explain("MATCH_APPROVER_ONLY", {}))
    waiting = list(queries.clean_matches())
    numbers = {one["order"] for row in waiting for one in row.lines if one["order"]}
    orders = ordering.orders_by_numbers(numbers) if numbers else {}
    ask = Asker()
    rows = []
    for row in waiting:
        mine = {one["order"] for one in row.lines if one["order"] in orders}
        answer = ask.approve([orders[number] for number in sorted(mine)], row.invoice.payable)
        rows.append({"row": row, "orders": sorted(mine), "may": bool(answer), "why": _why(answer)})
    page = {"rows": rows, "any": any(one["may"] for one in rows), "tabs": _tabs("clean")}
    return render(request, "matching/clean.html", page)


@require_POST
def approve(request: HttpRequest) -> HttpResponse:
    """Approve the invoices that were ticked, all or none."""
    slug = viewer().slug
    back = HttpResponseRedirect(reverse("matching:clean", kwargs={"slug": slug}))
    try:
        chosen = [UUID(text) for text in request.POST.getlist("match")]
    except ValueError:
        raise Http404 from None
    if not chosen:
        messages.error(request, _("Tick at least one invoice."))
        return back
    try:
        operations.approve_clean(match_ids=chosen)
    except Match.DoesNotExist:
        raise Http404 from None
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        text = ngettext("%(n)s invoice is approved.", "%(n)s invoices are approved.", len(chosen))
        messages.success(request, text % {"n": len(chosen)})
    return back
