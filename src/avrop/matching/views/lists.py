"""The lists: open deviations, invoices that wait for something, clean ones for the approver's click."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from avrop.kernel.finding import Refusal
from avrop.kernel.ports import today
from avrop.matching import operations, permissions, queries, states
from avrop.matching.models import Match
from avrop.matching.operations.decide import Asker
from avrop.matching.texts import CODES, OWNERS, STATES
from avrop.matching.views.common import tabs
from avrop.ordering import queries as ordering
from avrop.tenancy.doors import admit, why
from avrop.tenancy.facts import APPROVER
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain, sentence
from avrop.web.spreadsheet import DAY, MOMENT, MONEY, Column, spreadsheet


def deviations(request: HttpRequest) -> HttpResponseBase:
    """Open deviations, the earliest deadline first, with how much went through untouched today."""
    admit(permissions.may_see_deviations(viewer()))
    by_code = queries.deviations_by_code()
    rows = listing(
        request,
        queries.open_deviations(),
        search=("match__invoice__number", "match__invoice__seller_name", "match__invoice__order_reference"),
        sort={
            "due": ("due", "id"),
            "amount": "amount",
            "number": "match__invoice__number",
            "reason": "code",
            "owner": "owner_role",
        },
        default="due",
        few=("amount", "number", "reason", "owner"),
        filters=[
            Filter("code", _("Reason"), [(one.code, str(CODES[one.code])) for one in by_code]),
            Filter("owner_role", _("Owner"), [(key, str(label)) for key, label in OWNERS.items()]),
            Filter("state", _("State"), _names(states.OPEN), "match__state"),
        ],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _columns(), name=_("deviations"))
    day = today()
    page = {
        "rows": rows,
        "shown": [
            {
                "row": one,
                "name": CODES[one.code],
                "owner": OWNERS.get(one.owner_role),
                "late": one.due < day,
                "held": STATES[one.match.state] if one.match.state in states.HELD else None,
            }
            for one in rows
        ],
        "figures": [{"figure": one, "name": CODES[one.code]} for one in by_code],
        "share": queries.touchless_since(),
        "tabs": tabs("deviations", rows.counted if not rows.narrowed else None),
    }
    return render(request, "matching/deviations.html", page)


def _names(names: Any) -> list[tuple[str, str]]:
    return [(name, str(STATES[name][0])) for name in names]


def _columns() -> list[Column]:
    return [
        Column(_("Invoice"), "match__invoice__number"),
        Column(_("Supplier"), "match__invoice__seller_name", width=30),
        Column(_("Line"), "line", width=8),
        Column(_("Reason"), lambda one: str(CODES.get(one.code, one.code)), width=24),
        Column(_("Expected"), "expected", width=24),
        Column(_("Found"), "found", width=24),
        Column(_("At stake"), "amount", MONEY),
        Column(_("Owner"), lambda one: str(OWNERS.get(one.owner_role, one.owner_role)), width=20),
        Column(_("Deadline"), "due", DAY),
    ]


def waiting(request: HttpRequest) -> HttpResponseBase:
    """Invoices and credit notes that wait: for goods, a credit note, an original, an order, an answer."""
    admit(permissions.may_see_deviations(viewer()))
    rows = listing(
        request,
        queries.waiting_matches(),
        search=("invoice__number", "invoice__seller_name", "invoice__order_reference"),
        sort={
            "number": "invoice__number",
            "seller": "invoice__seller_name",
            "since": "matched_at",
            "due": ("held_due", "matched_at"),
            "payable": "invoice__payable",
        },
        default="since",
        few=("number", "seller", "due", "payable"),
        filters=[Filter("state", _("State"), _names(queries.WAITS))],
        exports=True,
    )
    if rows.export:
        return spreadsheet(rows, _waiting_columns(), name=_("waiting invoices"))
    day = today()
    shown = [
        {
            "row": one,
            "state": STATES[one.state],
            "late": one.held_due is not None and one.held_due < day,
        }
        for one in rows
    ]
    page = {"rows": rows, "shown": shown, "tabs": tabs("waiting", None if rows.narrowed else rows.counted)}
    return render(request, "matching/waiting.html", page)


def _waiting_columns() -> list[Column]:
    return [
        Column(_("Invoice"), "invoice__number"),
        Column(_("Supplier"), "invoice__seller_name", width=30),
        Column(_("Order"), "invoice__order_reference"),
        Column(_("State"), lambda one: str(STATES[one.state][0]), width=24),
        Column(_("Reason"), "held_reason", width=40),
        Column(_("Since"), "matched_at", MOMENT),
        Column(_("Deadline"), "held_due", DAY),
        Column(_("Amount"), "invoice__payable", MONEY),
    ]


def clean(request: HttpRequest) -> HttpResponse:
    """Clean, received invoices that wait for an approver's click, each with its credit notes."""
    if not viewer().has(APPROVER):
        raise PermissionDenied(explain("MATCH_APPROVER_ONLY", {}))
    rows = listing(
        request,
        queries.clean_matches(),
        search=("invoice__number", "invoice__seller_name"),
        sort={
            "number": "invoice__number",
            "seller": "invoice__seller_name",
            "due": "invoice__due_date",
            "payable": "invoice__payable",
            "since": ("matched_at", "id"),
        },
        default="since",
        few=("number", "seller", "due", "payable"),
        filters=[
            Filter(
                "kind",
                _("Kind"),
                [("invoice", _("Invoice")), ("credit_note", _("Credit note"))],
                "invoice__kind",
            )
        ],
    )
    here = list(rows)
    notes = queries.notes_with([row.invoice for row in here])
    numbers = {one["order"] for row in here for one in row.lines if one["order"]}
    orders = ordering.orders_by_numbers(numbers) if numbers else {}
    ask = Asker(row.invoice_id for row in here)
    shown = []
    for row in here:
        mine = sorted({one["order"] for one in row.lines if one["order"] in orders})
        off = notes.get(row.invoice_id, [])
        to_pay = row.invoice.payable - sum(one.payable for one in off) if row.invoice.kind == "invoice" else 0
        answer = ask.approve([orders[number] for number in mine], to_pay, row.invoice_id)
        shown.append(
            {
                "row": row,
                "orders": mine,
                "may": bool(answer),
                "why": why(answer),
                "notes": off,
                "to_pay": to_pay,
            }
        )
    page = {"rows": rows, "shown": shown, "any": any(one["may"] for one in shown), "tabs": tabs("clean")}
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
