"""Reads of the message log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from avrop.messaging.facts import MessageFacts
from avrop.messaging.models import Message
from avrop.tenancy import queries as tenancy

_FACTS = (
    "id",
    "direction",
    "sender",
    "receiver",
    "document_type",
    "document_type_id",
    "process_id",
    "instance_id",
    "number",
    "state",
    "reason",
    "params",
    "refers_to",
    "stream",
    "sha256",
    "size",
    "rule_set",
    "at",
    "transmission",
    "outcome",
)


def outbound(message_id: UUID) -> Message | None:
    """A message that waits to be sent, with its body; None when it is not waiting any more."""
    row: Message | None = Message.objects.filter(id=message_id, state="queued").first()
    return row


def stored(message_id: UUID) -> Message | None:
    """An inbound message that nobody has dealt with yet, else None."""
    row: Message | None = Message.objects.filter(id=message_id, state="stored").first()
    return row


def channel(receiver: str) -> str:
    """The channel to a receiver. Whoever lives here is reached locally; others need an access point."""
    return "local" if tenancy.party_by_endpoint(receiver) else "as4"


def message(message_id: UUID) -> MessageFacts | None:
    """One message of the viewer's."""
    row = Message.objects.filter(id=message_id).values_list(*_FACTS).first()
    return MessageFacts(*row) if row else None


def log(words: str = "", *, state: str = "", direction: str = "", document_type: str = "") -> Any:
    """The message log as a queryset of rows without bodies, newest first; `words` in number or parties."""
    rows = Message.objects.defer("body").order_by("-at", "-id")
    for word in words.split():
        rows = rows.filter(
            Q(number__icontains=word)
            | Q(sender__icontains=word)
            | Q(receiver__icontains=word)
            | Q(instance_id__icontains=word)
            | Q(reason__icontains=word)
        )
    if state:
        rows = rows.filter(state=state)
    if direction:
        rows = rows.filter(direction=direction)
    if document_type:
        rows = rows.filter(document_type=document_type)
    return rows


def in_streams(streams: list[str]) -> list[MessageFacts]:
    """The messages of some streams, oldest first."""
    rows = Message.objects.filter(stream__in=streams).order_by("at", "id").values_list(*_FACTS)
    return [MessageFacts(*row) for row in rows]


def original_of(message_id: UUID) -> tuple[str, bytes | None]:
    """(SHA-256 of the stored original, or empty; body that has not left yet, or None)."""
    row = Message.objects.filter(id=message_id).values_list("sha256", "body").first()
    if row is None:
        raise Message.DoesNotExist
    return row[0], bytes(row[1]) if row[1] is not None else None


def related(message: Message) -> list[Message]:
    """Question and answer: other messages about the same document or in the same purchase, oldest first."""
    same = Q(stream=message.stream) | Q(stream=f"message:{message.id.hex}")
    if message.refers_to:
        same |= Q(refers_to=message.refers_to)
    return list(Message.objects.defer("body").filter(same).exclude(id=message.id).order_by("at")[:20])
