"""Pages of a buyer's change or cancellation: what is asked beside what stands, and the answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal
from avrop.portal import operations, queries, rules
from avrop.portal.facts import AskedLine, SalesChangeFacts
from avrop.portal.forms import AnswerChangeForm
from avrop.portal.rules.changing import ACCEPT, BY_LINE, DECLINE, differs, wanted_quantity
from avrop.portal.texts import ACTIONS, ANSWERED_LINES, CHANGE_STATES, KINDS_OF_CHANGE
from avrop.portal.views.common import done, language, order_or_404
from avrop.ubl.codes import unit_of
from avrop.web.refusals import sentence


def change(request: HttpRequest, order_id: UUID, change_id: UUID) -> HttpResponse:
    """See what the buyer asks, and accept it, decline it, or answer line by line."""
    order = order_or_404(order_id)
    facts = queries.change(change_id, order.lines)
    if facts is None or facts.order_id != order_id:
        raise Http404
    form = AnswerChangeForm(request.POST if request.method == "POST" else None, lines=_open(facts))
    why = ""
    if form.is_bound and form.is_valid():
        try:
            return _send(request, form, facts)
        except Refusal as refusal:
            why = sentence(refusal)
    label, tone = CHANGE_STATES[facts.state]
    context = {
        "order": order,
        "change": facts,
        "kind": KINDS_OF_CHANGE[facts.kind],
        "state": label,
        "tone": tone,
        "waits": facts.state == "asked",
        "form": form,
        "problem": why,
        "rows": [_row(form, line, facts) for line in facts.lines],
        "stopped": any(rules.problem_of(line) for line in facts.lines) if facts.state == "asked" else False,
    }
    return render(request, "portal/asked.html", context)


def _open(facts: SalesChangeFacts) -> list[AskedLine]:
    """The lines that can be said yes or no to."""
    return [line for line in facts.lines if differs(line)] if facts.state == "asked" else []


def _send(request: HttpRequest, form: AnswerChangeForm, facts: SalesChangeFacts) -> HttpResponse:
    pressed = next((one for one in (ACCEPT, DECLINE) if one in form.data), BY_LINE)
    operations.answer_change(
        sales_change_id=facts.id,
        decision=pressed,
        declined=form.declined() if pressed == BY_LINE else {},
        note=form.cleaned_data["note"],
    )
    return done(request, _("The buyer is told."), "order", order_id=facts.order_id)


def _row(form: AnswerChangeForm, line: AskedLine, facts: SalesChangeFacts) -> dict[str, Any]:
    waits = facts.state == "asked"
    problem = rules.problem_of(line) if waits else None
    stands = line.standing
    answer, tone = ANSWERED_LINES.get(line.answer, ("", "neutral"))
    return {
        "line": line,
        "unit": unit_of(line.unit_code, line.quantity, language()),
        "action": ACTIONS.get(line.action, ACTIONS["3"]),
        "wanted": wanted_quantity(line),
        "stood": stands.agreed_quantity if waits and stands else line.stood_quantity,
        "stood_price": stands.agreed_price if waits and stands else line.stood_price,
        "invoiced": stands.invoiced if waits and stands else 0,
        "differs": differs(line) if waits else bool(line.answer),
        "problem": sentence(problem) if problem else "",
        "decline": form.field_of(line),
        "answer": answer,
        "tone": tone,
    }
