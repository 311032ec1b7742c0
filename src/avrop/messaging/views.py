"""The message log and one message."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from avrop.kernel.finding import Finding
from avrop.kernel.ports import originals
from avrop.messaging import permissions, queries
from avrop.messaging.models import Message
from avrop.messaging.texts import DOCUMENT_TYPES, STATES, TONES
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import everything
from avrop.ubl.findings import text_for
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain


def _looking(request: HttpRequest) -> AbstractContextManager[Any]:
    who = request.viewer  # type: ignore[attr-defined]
    answer = permissions.may_read_log(who)
    if not answer:
        raise PermissionDenied(_("The message log is for those who deal with messages."))
    return everything("the operator's message flow") if permissions.sees_everything(who) else nullcontext()


def log(request: HttpRequest) -> HttpResponse:
    """Newest first; search in number, parties, id and reason."""
    with _looking(request):
        rows = listing(
            request,
            queries.log(),
            search=("number", "sender", "receiver", "instance_id", "reason"),
            sort={"at": "at", "number": "number", "state": "state"},
            default="-at",
            filters=[
                Filter("state", _("State"), [(k, str(v)) for k, v in STATES.items()]),
                Filter("direction", _("Direction"), [("in", _("In")), ("out", _("Out"))]),
                Filter("document_type", _("Document"), [(k, str(v)) for k, v in DOCUMENT_TYPES.items()]),
            ],
        )
        lines = [_line(message) for message in rows]
    return render(request, "messaging/log.html", {"rows": rows, "lines": lines})


def _line(message: Message) -> dict[str, Any]:
    return {
        "message": message,
        "document": DOCUMENT_TYPES.get(message.document_type, gettext_lazy("Unknown document")),
        "state": STATES.get(message.state, message.state),
        "tone": TONES.get(message.state, "neutral"),
        "reason": explain(message.reason, message.params) if message.reason else "",
        "other": message.sender if message.direction == "in" else message.receiver,
    }


def show(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message: parties, state, findings, original."""
    with _looking(request):
        message = Message.objects.defer("body").filter(id=message_id).first()
        if message is None:
            raise Http404
        parties = {
            e: p.name if (p := tenancy.party_by_endpoint(e)) else ""
            for e in (message.sender, message.receiver)
        }
        related = [_line(m) for m in queries.related(message)]
    language = (get_language() or "nn")[:2]
    findings = [
        {
            **f,
            "message": text_for(Finding(f["id"], f["severity"], f["location"], f["text"]), language),
            "tone": "danger" if f["severity"] == "fatal" else "warning",
        }
        for f in message.findings
    ]
    context = {
        **_line(message),
        "findings": findings,
        "sender_name": parties[message.sender],
        "receiver_name": parties[message.receiver],
        "related": related,
    }
    return render(request, "messaging/message.html", context)


def original(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The bytes exactly as they came, or the envelope exactly as it left."""
    with _looking(request):
        try:
            sha256, body = queries.original_of(message_id)
        except Message.DoesNotExist:
            raise Http404 from None
    content = originals().get(sha256) if sha256 else body or b""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{message_id.hex}.xml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
