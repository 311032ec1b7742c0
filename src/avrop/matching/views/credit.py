"""What a credit note is for: its invoices, chosen among those that may be meant, and what it reduces."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from avrop.invoicing import queries as invoicing
from avrop.matching import operations, permissions, queries, related, shown, states
from avrop.matching.models import Match
from avrop.matching.texts import STATES, TREATMENTS
from avrop.matching.views.common import url_of
from avrop.tenancy.doors import admit
from avrop.tenancy.scope import viewer
from avrop.web.lists import Filter, listing
from avrop.web.refusals import act


def original(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """The same seller's invoices: those that the credit note may be for first."""
    admit(permissions.may_hold(viewer()))
    try:
        match = queries.match(match_id)
    except Match.DoesNotExist:
        raise Http404 from None
    note = invoicing.invoice(match.invoice_id)
    if note.sign > 0 or match.state in states.DECIDED:
        raise Http404
    orders = related.named_orders(note)
    choices = [("fits", _("Large enough")), ("orders", _("On the same orders"))]
    rows = listing(
        request,
        related.candidates(note),
        search=("number", "order_reference"),
        sort={"number": "number", "date": "issue_date", "payable": "payable", "came": "received_at"},
        default="-date",
        filters=[
            Filter(
                "only", _("Show"), choices, lambda found, value: related.narrow(found, value, note, orders)
            )
        ],
    )
    here = list(rows)
    matched = queries.states_of(one.id for one in here)
    page = {
        "match": match,
        "invoice": note,
        "state": shown.state(match.state),
        "rows": rows,
        "shown": [
            {
                "row": one,
                "state": STATES.get(matched.get(one.id, "")),
                "chosen": one.id in note.credits,
                "fits": one.payable >= note.payable,
                "same_order": bool(one.order_reference) and one.order_reference in orders,
            }
            for one in here
        ],
    }
    return render(request, "matching/original.html", page)


@require_POST
def choose(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Tie the credit note to what was ticked."""
    get_object_or_404(Match.objects.only("id"), id=match_id)
    try:
        chosen = [UUID(text) for text in request.POST.getlist("original")]
    except ValueError:
        raise Http404 from None
    return act(
        request,
        lambda: operations.choose_originals(
            match_id=match_id, original_ids=chosen, reason=request.POST.get("reason", "")[:500]
        ),
        done=_("The credit note is tied to what you chose."),
        to=url_of(match_id),
    )


@require_POST
def treat(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """The amount only, or the goods too."""
    get_object_or_404(Match.objects.only("id"), id=match_id)
    treatment = request.POST.get("treatment", "")
    return act(
        request,
        lambda: operations.treat_credit(match_id=match_id, treatment=treatment),
        done=str(TREATMENTS.get(treatment, "")),
        to=url_of(match_id),
    )
