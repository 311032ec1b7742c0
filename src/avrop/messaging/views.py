"""The message log and one message."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from avrop.kernel.ports import originals
from avrop.messaging import permissions, queries
from avrop.messaging.models import Message
from avrop.messaging.rules import is_answer
from avrop.messaging.texts import ANSWERED, STATES, TONES
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import everything, viewer
from avrop.ubl.codes import codes, name_of
from avrop.web import findings
from avrop.web.documents import pages
from avrop.web.lists import Filter, listing
from avrop.web.refusals import explain
from avrop.web.spreadsheet import MOMENT, Column, spreadsheet


def _looking() -> AbstractContextManager[Any]:
    who = viewer()
    answer = permissions.may_read_log(who)
    if not answer:
        raise PermissionDenied(_("The message log is for those who deal with messages."))
    return everything("the operator's message flow") if permissions.sees_everything(who) else nullcontext()


def log(request: HttpRequest) -> HttpResponseBase:
    """Newest first; search in number, parties, id and reason. Question and answer stand together."""
    kinds = sorted(((c.code, _kind(c.code)) for c in codes("document_type")), key=lambda pair: pair[1])
    with _looking():
        rows = listing(
            request,
            queries.log(),
            search=("number", "other_name", "sender", "receiver", "instance_id", "reason"),
            sort={
                "at": "at",
                "number": "number",
                "state": "state",
                "document": "document_type",
                "other": "other_name",
                "direction": "direction",
            },
            default="-at",
            few=("number", "state", "document", "other", "direction"),
            filters=[
                Filter("state", _("State"), [(k, str(v)) for k, v in STATES.items()]),
                Filter("direction", _("Direction"), [("in", _("In")), ("out", _("Out"))]),
                Filter("document_type", _("Document"), kinds),
            ],
            exports=True,
        )
        if rows.export:
            return spreadsheet(rows, _COLUMNS, name=_("messages"), prepare=lambda found: map(_line, found))
        beside = queries.answers_to(list(rows))
        lines = [_line(message) | {"beside": _beside(beside[message.id])} for message in rows]
    return render(request, "messaging/log.html", {"rows": rows, "lines": lines})


_COLUMNS = (
    Column(gettext_lazy("Time"), "message__at", MOMENT),
    Column(gettext_lazy("Document"), "document", width=24),
    Column(gettext_lazy("Number"), "message__number"),
    Column(gettext_lazy("Direction"), lambda one: _("In") if one["message"].direction == "in" else _("Out")),
    Column(gettext_lazy("Other party"), lambda one: one["message"].other_name or one["other"], width=30),
    Column(gettext_lazy("State"), "state", width=20),
    Column(gettext_lazy("Reason"), "reason", width=50),
    Column(gettext_lazy("Message id"), "message__instance_id", width=40),
)


def _line(message: Message) -> dict[str, Any]:
    return {
        "message": message,
        "document": _kind(message.document_type),
        "state": STATES.get(message.state, message.state),
        "tone": TONES.get(message.state, "neutral"),
        "reason": explain(message.reason, message.params) if message.reason else "",
        "other": message.sender if message.direction == "in" else message.receiver,
    }


def _beside(messages: list[Message]) -> list[dict[str, Any]]:
    """The other halves, the last three: what they are and what they say."""
    return [
        {"message": one, "document": _kind(one.document_type), "said": _said(one)} for one in messages[-3:]
    ]


def _said(message: Message) -> str:
    code = str(message.outcome.get("answer", ""))
    if is_answer(message.document_type, ""):
        # Before positive answers were sent ours had no code noted: each was a rejection.
        return str(ANSWERED.get(code or "RE", code))
    return str(STATES.get(message.state, message.state))


def _kind(document_type: str) -> str:
    if not document_type:
        return _("Unknown document")
    name = name_of("document_type", document_type, (get_language() or "nn")[:2])
    return name[:1].upper() + name[1:]


def show(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message: parties, state, findings, original."""
    with _looking():
        message = Message.objects.defer("body").filter(id=message_id).first()
        if message is None:
            raise Http404
        parties = {
            e: p.name if (p := tenancy.party_by_endpoint(e)) else ""
            for e in (message.sender, message.receiver)
        }
        theirs = message.sender if message.direction == "in" else message.receiver
        parties[theirs] = parties[theirs] or message.other_name
        related = [_line(m) | {"said": _said(m)} for m in queries.related(message)]
    context = {
        **_line(message),
        "findings": findings.shown(message.findings),
        "meaning": findings.meaning_of(message.params.get("said")),
        "sender_name": parties[message.sender],
        "receiver_name": parties[message.receiver],
        "related": related,
    }
    return render(request, "messaging/message.html", context)


def document(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """What the message says, for people; and the files that lie in it."""
    raw, _at = _content(message_id)
    here = reverse("messaging:message", kwargs=_to(message_id))
    around = pages.Around(
        crumbs=(
            _("Message log"),
            reverse("messaging:log", kwargs={"slug": viewer().slug}),
            _("Message"),
            here,
            _("Document"),
        ),
        pdf=reverse("messaging:document_pdf", kwargs=_to(message_id)),
        original=reverse("messaging:original", kwargs=_to(message_id)),
    )
    return pages.show(request, raw, around)


def document_pdf(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The same on paper, with the original inside."""
    raw, at = _content(message_id)
    return pages.paper(raw, at=at, page=reverse("messaging:document", kwargs=_to(message_id)))


def _content(message_id: UUID) -> tuple[bytes, datetime]:
    with _looking():
        try:
            return queries.content_of(message_id)
        except (Message.DoesNotExist, KeyError):
            raise Http404 from None


def _to(message_id: UUID) -> dict[str, object]:
    return {"slug": viewer().slug, "message_id": message_id}


def original(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """The bytes exactly as they came, or the envelope exactly as it left."""
    with _looking():
        try:
            sha256, body = queries.original_of(message_id)
        except Message.DoesNotExist:
            raise Http404 from None
    content = originals().get(sha256) if sha256 else body or b""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{message_id.hex}.xml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
