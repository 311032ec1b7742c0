"""The first page of whoever comes, any purchase on one time-line, and a search for the way there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from avrop.approval.queries import count_waiting, inbox
from avrop.coding.queries import policy
from avrop.desk import queries, shown
from avrop.desk.facts import Thread
from avrop.desk.permissions import may_see_thread
from avrop.desk.queries import first as panels
from avrop.desk.queries.search import MOST, behind, find, tell
from avrop.desk.texts import BUDGET_MODES, FLOW
from avrop.journal.shown import waiting as waiting_cases
from avrop.matching.queries import preapprovals
from avrop.matching.texts import CODES
from avrop.messaging.queries import content_of
from avrop.ordering.texts import OPEN_OR_ENDED, RECEIPT, RESPONSE
from avrop.requisition.texts import STATES, TONES, measure
from avrop.tenancy import facts as f
from avrop.tenancy.doors import admit
from avrop.tenancy.permissions import may_see_setup
from avrop.tenancy.scope import Viewer, viewer
from avrop.tenancy.texts import setup_tabs
from avrop.web.documents import pages
from avrop.web.lists import LONGEST_SEARCH, counted, listing

MOST_WAITING = 6


def first(request: HttpRequest) -> HttpResponse:
    """One panel for each thing the viewer's roles are for."""
    who = viewer()
    if who.kind == "supplier":
        return HttpResponseRedirect(f"/o/{who.slug}/sal/")
    if who.kind == "platform":
        return render(request, "desk/first.html", {**_platform(who), "cases": waiting_cases(who)})
    panel = {"buyer": _buyer, "cooperation": _cooperation}[who.kind]
    return render(request, "desk/first.html", {**panel(who), "cases": waiting_cases(who)})


def _buyer(who: Viewer) -> dict[str, Any]:
    vendors = cache(lambda: panels.vendors(who))  # three panels tell of it
    makers: list[tuple[str, tuple[str, ...], Callable[[], Any]]] = [
        ("mine", (f.REQUISITIONER,), lambda: _mine(who)),
        ("inbox", (f.APPROVER,), lambda: _inbox(who)),
        ("deliveries", (f.RECEIVER,), lambda: panels.deliveries(who)),
        ("clerk", (f.INVOICE_CLERK,), _clerk),
        ("books", (f.ACCOUNTANT,), lambda: panels.books(vendors())),
        ("judge", (f.CONTRACT_OWNER,), lambda: panels.to_judge(who)),
        ("vendors", (f.VENDOR_MASTER,), vendors),
        ("admin", (f.BUYER_ADMIN,), lambda: panels.admin(who, vendors())),
        ("audit", (f.AUDITOR,), panels.audit),
    ]
    return {name: make() for name, roles, make in makers if who.has(*roles)}


def _mine(who: Viewer) -> dict[str, Any]:
    found = panels.mine(who)
    orders = [
        {
            "order": row,
            "receipt": RECEIPT[row.receipt_state],
            "response": RESPONSE[row.response_state],
            "ended": OPEN_OR_ENDED[row.ended] if row.ended else "",
        }
        for row in found["orders"]
    ]
    unfinished = [{"row": r, "state": STATES[r.state], "tone": TONES[r.state]} for r in found["unfinished"]]
    return {**found, "orders": orders, "unfinished": unfinished}


def _inbox(who: Viewer) -> dict[str, Any]:
    found = inbox(most=MOST_WAITING)
    count = len(found) if len(found) < MOST_WAITING else count_waiting()
    changes = panels.changes(who)
    count += len(changes["own"]) + len(changes["proposals"])
    return {"changes": changes, "rows": found, "count": count, "clean": panels.clean()}


def _clerk() -> dict[str, Any]:
    found = panels.clerk()
    kinds = [{"name": CODES.get(one.code, one.code), "one": one} for one in found["kinds"]]
    urgent = [
        {"name": CODES.get(one.code, one.code), "one": one, "late": one.due < found["today"]}
        for one in found["urgent"]
    ]
    return {**found, "kinds": kinds, "urgent": urgent, "open": sum(one.count for one in found["kinds"])}


def _cooperation(who: Viewer) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if who.has(f.COOP_ADMIN, f.AUDITOR):
        context["cooperation"] = panels.cooperation(who)
        for head in context["cooperation"]["heads"]:
            head["name"] = head["one"].name(get_language() or "nn")
    if who.has(f.CONTRACT_OWNER):
        context["judge"] = panels.to_judge(who)
    if who.has(f.AUDITOR):
        context["audit"] = panels.audit()
    return context


def _platform(who: Viewer) -> dict[str, Any]:
    if not who.has(f.PLATFORM_OPERATOR):
        return {}
    found = panels.platform()
    found["flow"] = [
        {"label": FLOW.get(one, one[1]), "n": counted(number)}
        for one, number in sorted(found["flow"].items())
    ]
    return {"platform": {**found, "failed": counted(found["failed"])}}


def thread(request: HttpRequest, stream: str) -> HttpResponse:
    """One purchase from need to payment."""
    found = _thread(stream)
    if request.GET.get("format") == "json":
        return _json(found)
    lines = [
        {
            **{n: getattr(line, n) for n in ("name", "quantity", "net", "free_text", "coding")},
            "unit": measure(line.unit_code, line.quantity),
        }
        for line in found.lines
    ]
    context = {
        "thread": found,
        "lines": lines,
        "moments": [shown.moment(one, found, viewer()) for one in found.moments],
        "steps": shown.steps(found),
    }
    return render(request, "desk/thread.html", context)


def thread_json(request: HttpRequest, stream: str) -> HttpResponse:
    """The same for programs."""
    return _json(_thread(stream))


def original(request: HttpRequest, stream: str, message_id: UUID) -> HttpResponse:
    """A message of this purchase, the bytes exactly as they came or left."""
    raw, _at = _content(stream, message_id)
    response = HttpResponse(raw, "application/xml")
    response["Content-Disposition"] = f'attachment; filename="{message_id}.xml"'
    return response


def document(request: HttpRequest, stream: str, message_id: UUID) -> HttpResponse:
    """What a message of this purchase says, for people; and the files that lie in it."""
    raw, _at = _content(stream, message_id)
    here = {"slug": viewer().slug, "stream": stream}
    around = pages.Around(
        crumbs=(_("The purchase"), reverse("desk:thread", kwargs=here), _("Document")),
        pdf=reverse("desk:document_pdf", kwargs={**here, "message_id": message_id}),
        original=reverse("desk:original", kwargs={**here, "message_id": message_id}),
    )
    return pages.show(request, raw, around)


def document_pdf(request: HttpRequest, stream: str, message_id: UUID) -> HttpResponse:
    """The same on paper, with the original inside."""
    raw, at = _content(stream, message_id)
    to = {"slug": viewer().slug, "stream": stream, "message_id": message_id}
    return pages.paper(raw, at=at, page=reverse("desk:document", kwargs=to))


def _content(stream: str, message_id: UUID) -> tuple[bytes, datetime]:
    found = _thread(stream)
    wanted = (shown.MESSAGE, message_id)
    if not any(paper.original == wanted for moment in found.moments for paper in moment.papers):
        raise Http404
    try:
        return content_of(message_id)
    except KeyError:
        raise Http404 from None


def _json(found: Thread) -> HttpResponse:
    return JsonResponse(shown.as_json(found, viewer()), json_dumps_params={"ensure_ascii": False})


def _thread(stream: str) -> Thread:
    found = queries.thread(stream)
    if found is None:
        raise Http404
    admit(may_see_thread(viewer()))
    return found


def search(request: HttpRequest) -> HttpResponse:
    """Any purchase by any number, party, amount or word that it mentions."""
    admit(may_see_thread(viewer()))
    words = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    by_what = request.GET.get("sort", "").removeprefix("-") in _FOUND_BY.keys() - {"at"}
    found = find(words, told=by_what) if words else []
    rows = listing(request, found, search=_as_found, sort=_FOUND_BY, default="-at")
    if not by_what:  # of two hundred hits only those of this page are looked into
        tell(rows)
    waiting = behind() if words else 0
    context = {"words": words, "rows": rows, "waiting": waiting, "full": len(found) == MOST}
    return render(request, "desk/search.html", context)


_FOUND_BY = {"at": "at", "title": "title", "party": "party", "amount": "amount"}


def _as_found(rows: Any, query: str) -> Any:
    """The index has searched already."""
    return rows


def trade(request: HttpRequest) -> HttpResponse:
    """Suppliers, bank accounts, budget mode and førehandstilvising: set-up, read only."""
    admit(may_see_setup(viewer()))
    if viewer().kind != "buyer":
        raise Http404
    mode = policy().mode
    context = {
        **panels.trade(),
        "tabs": setup_tabs(viewer(), "handel/"),
        "mode": BUDGET_MODES[mode],
        "tone": "warning" if mode == "block" else "neutral",
        "preapprovals": preapprovals(),
    }
    return render(request, "desk/trade.html", context)
