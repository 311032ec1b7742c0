"""One match: order, receipt and invoice side by side, with its credit notes or originals, and what can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from avrop.delivery import queries as delivery
from avrop.invoicing import queries as invoicing
from avrop.invoicing.facts import InvoiceFacts
from avrop.invoicing.permissions import may_see
from avrop.matching import defaults, operations, permissions, queries, related, shown, states
from avrop.matching.facts import DeviationFacts, MatchFacts
from avrop.matching.forms import AcceptForm, AskForm, CommentForm, DisputeForm, OwnForm, RejectForm
from avrop.matching.models import Match
from avrop.matching.operations.decide import TWIN, Asker
from avrop.matching.views.common import url_of
from avrop.ordering import queries as ordering
from avrop.suppliers.permissions import may_see as may_see_suppliers
from avrop.tenancy import queries as tenancy
from avrop.tenancy.doors import admit, why
from avrop.tenancy.facts import ACCOUNTANT
from avrop.tenancy.scope import viewer
from avrop.web.format import account
from avrop.web.lists import listing
from avrop.web.refusals import act, explain


class Step(NamedTuple):
    """What somebody may decide here: the form to fill in, the operation that takes what it says, what is said after."""

    form: type[forms.Form]
    run: Callable[..., object]
    done: Promise


STEPS = {
    "accept": Step(AcceptForm, operations.accept_deviations, _("The deviations are accepted.")),
    "reject": Step(
        RejectForm, operations.reject_invoice, _("The invoice is rejected, and the supplier is told.")
    ),
    "ask": Step(
        AskForm,
        operations.ask_for_credit,
        _("The supplier is asked for a credit note; the invoice waits for it."),
    ),
    "dispute": Step(
        DisputeForm,
        operations.dispute,
        _("The supplier is told that the invoice is disputed; nothing is paid meanwhile."),
    ),
    "resume": Step(CommentForm, operations.resume, _("The invoice goes on from here.")),
    "other": Step(OwnForm, operations.not_a_duplicate, _("It is treated as an invoice of its own.")),
    "duplicate": Step(
        forms.Form,
        operations.reject_duplicate,
        _("The invoice is rejected as a duplicate, and the supplier is told."),
    ),
}


def of_invoice(request: HttpRequest, invoice_id: UUID) -> HttpResponse:
    """To the match of an invoice."""
    row = get_object_or_404(Match.objects.only("id"), invoice_id=invoice_id)
    return HttpResponseRedirect(url_of(row.id))


def show(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Order, receipt and invoice side by side, with every check's numbers."""
    return page(request, match_id)


def page(request: HttpRequest, match_id: UUID, **filled: Any) -> HttpResponse:
    """The page; `filled` are forms that were sent and lack something."""
    admit(may_see(viewer()))
    try:
        match = queries.match(match_id)
    except Match.DoesNotExist:
        raise Http404 from None
    found = invoicing.invoices(related.ids_beside(match))
    invoice, tied = found[match.invoice_id], related.of(match, found)
    orders = list(ordering.orders_by_numbers(tied.numbers).values())
    came = delivery.before([order.id for order in orders])
    names = tenancy.person_names([match.approved_by, *(one.decided_by for one in match.deviations)])
    lines = listing(request, shown.failing_first(match.lines))
    context = {
        "match": match,
        "invoice": invoice,
        "credit": invoice.sign < 0,
        "orders": orders,
        "state": shown.state(match.state),
        "decided": match.state in states.DECIDED,
        "rows": lines,
        "lines": shown.side_by_side(list(lines), match, invoice, tied, orders, came),
        "whole": shown.whole(match),
        "deviations": [shown.deviation(one, names) for one in match.deviations[:SHOWN]],
        "more_deviations": len(match.deviations) - SHOWN,
        "count": len(match.deviations),
        "approved_by": names.get(match.approved_by, "") if match.approved_by else "",
        "tied": tied,
        "forms": _forms(match, invoice, filled),
        **_what_may_be_done(match, invoice, tied, orders),
    }
    return render(request, "matching/match.html", context)


SHOWN = 20  # deviations in the side column; each line shows its own


def _forms(match: MatchFacts, invoice: InvoiceFacts, filled: dict[str, Any]) -> dict[str, Any]:
    excess = sum(one.amount for one in match.deviations if one.state == "open" and one.code != "NOT_RECEIVED")
    code = _answer_for(match)
    first: dict[str, Any] = {
        "reject": {"reason_code": code},
        "ask": {"reason_code": code, "amount": min(excess, invoice.payable) or None},
        "dispute": {"reason_code": code},
    }
    return {
        name: filled.get(name) or step.form(initial=first.get(name), auto_id=f"{name}_%s")
        for name, step in STEPS.items()
    }


def _answer_for(match: MatchFacts) -> str:
    kinds = defaults.kinds()
    codes = [kinds[one.code].answer for one in match.deviations if one.state == "open"]
    return (
        codes[0]
        if codes
        else "REF"
        if match.state in (states.WITHOUT_ORDER, states.WITHOUT_ORIGINAL)
        else "OTH"
    )


def _what_may_be_done(
    match: MatchFacts, invoice: InvoiceFacts, tied: related.Tied, orders: Sequence[Any]
) -> dict[str, Any]:
    """Which buttons are there, and why one is not."""
    kinds = defaults.kinds()
    vouched = frozenset([invoice.id] if match.vouched else [])
    ask, credit = Asker([invoice.id], vouched), invoice.sign < 0
    mine = [one for one in match.deviations if one.state == "open"]
    receipt = [one for one in mine if one.code == "NOT_RECEIVED"]
    stops = [one for one in mine if not kinds[one.code].acceptable and one not in receipt]
    holder = bool(permissions.may_hold(viewer()))
    context: dict[str, Any] = {
        "extra": sum(one.amount for one in mine if one not in receipt),
        "may_reject": holder and states.may_move(match.state, states.REJECTED, credit_note=credit),
        "may_hold": holder and not credit and states.may_move(match.state, states.DISPUTED),
        "may_resume": holder and match.state in states.HELD,
        "may_choose": holder and credit and match.state not in states.DECIDED,
        "needs_receipt": bool(receipt),
        "twin": tied.twin if any(one.code == TWIN for one in mine) else None,
        "may_tell": holder,
    }
    if match.state == states.DEVIATION:
        context["stops"] = [_stop(one, invoice) for one in stops if one.code != TWIN]
        answer = ask.accept(orders, context["extra"], invoice.id)
        context["may_accept"] = bool(answer) and not stops
        context["accept_denied"] = why(answer) if not stops else ""
    if match.state == states.MATCHED:
        answer = ask.approve(orders, tied.to_pay, invoice.id)
        context["may_approve"], context["approve_denied"] = bool(answer), why(answer)
    return context


def _stop(one: DeviationFacts, invoice: InvoiceFacts) -> dict[str, str]:
    """What nobody can accept here, in words, and the place where it can be put right, for those who may go there."""
    found, who = one.found, viewer()
    stop = {"url": "", "words": ""}
    if one.code == "BANK_ACCOUNT":
        found = account(found) or found
        if may_see_suppliers(who):
            questions = reverse("suppliers:questions", kwargs={"slug": who.slug})
            stop = {
                "url": f"{questions}?{urlencode({'q': invoice.number})}",
                "words": gettext("See the account"),
            }
    if one.code == "UNCODED" and who.has(ACCOUNTANT):
        stop = {
            "url": reverse("ordering:uncoded", kwargs={"slug": who.slug}),
            "words": gettext("Give the coding"),
        }
    text = explain(f"HARD_STOP_{one.code}", {"found": found, "expected": one.expected})
    return {**stop, "text": text}


@require_POST
def decide(request: HttpRequest, match_id: UUID, step: str) -> HttpResponse:
    """One step on the page: filled in wrongly it is shown again, else its operation is run."""
    get_object_or_404(Match.objects.only("id"), id=match_id)
    form_class, run, done = STEPS[step]
    form = form_class(request.POST, auto_id=f"{step}_%s")
    if not form.is_valid():
        return page(request, match_id, **{step: form})
    return act(
        request, lambda: run(match_id=match_id, **form.cleaned_data), done=str(done), to=url_of(match_id)
    )
