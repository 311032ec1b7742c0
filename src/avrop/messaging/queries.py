"""Reads of the message log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from avrop.journal.within import label
from avrop.kernel.ports import originals
from avrop.messaging.facts import MessageFacts
from avrop.messaging.models import Message
from avrop.messaging.texts import STATES
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import everything

_LABEL = f"{Message._meta.label}:"
_SHORT = ("owner_id", "direction", "document_type", "number", "state", "refers_to", "at", "outcome")
_MOST = 200  # halves shown beside one page of the log
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


def facts_of(message: Message) -> MessageFacts:
    """A row as others see it."""
    return MessageFacts(*(getattr(message, name) for name in _FACTS))


def owner_of_sent(instance_id: str) -> UUID | None:
    """Whose outbound message has this instance id, whoever is looking: an MLS is addressed to the platform."""
    with everything("an answer to the platform is laid with the message that it answers"):
        rows = Message.objects.filter(instance_id=instance_id, direction=Message.OUT)
        owner: UUID | None = rows.values_list("owner_id", flat=True).first()
    return owner


def message(message_id: UUID) -> MessageFacts | None:
    """One message of the viewer's."""
    row = Message.objects.filter(id=message_id).values_list(*_FACTS).first()
    return MessageFacts(*row) if row else None


def log() -> Any:
    """The message log as a queryset of rows without bodies, newest first."""
    return Message.objects.defer("body").order_by("-at", "-id")


def flow_since(at: datetime, most: int) -> dict[tuple[str, str], int]:
    """(direction, state) -> how many messages of the whole installation since then, those there are any of.

    Each is counted no further than to one more than `most`. One statement.
    """
    ways = [(direction, state) for direction in (Message.IN, Message.OUT) for state in STATES]
    since = connection.ops.adapt_datetimefield_value(at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([_SO_MANY] * len(ways))}",
            [value for way in ways for value in (*way, since, most + 1)],
        )
        counts = cursor.fetchone()
    return {way: count for way, count in zip(ways, counts, strict=True) if count}


# Django has no words for a count that stops inside a larger statement.
_SO_MANY = f"""(SELECT COUNT(*) FROM (SELECT 1 FROM {Message._meta.db_table}
WHERE direction = %s AND state = %s AND at >= %s LIMIT %s) AS few)"""


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


def content_of(message_id: UUID) -> tuple[bytes, datetime]:
    """(the bytes exactly as they came, left or wait, the message's time).

    Raises Message.DoesNotExist, KeyError when they are gone from the store.
    """
    row = Message.objects.filter(id=message_id).values_list("sha256", "body", "at").first()
    if row is None:
        raise Message.DoesNotExist
    sha256, body, at = row
    return (originals().get(sha256) if sha256 else bytes(body or b"")), at


def related(message: Message) -> list[Message]:
    """Question and answer: other messages about the same document or in the same purchase, oldest first."""
    same = Q(stream=message.stream) | Q(refers_to=label(message))
    if message.refers_to:
        same |= Q(refers_to=message.refers_to)
    if message.refers_to.startswith(_LABEL):
        same |= Q(id=message.refers_to.removeprefix(_LABEL))
    return list(Message.objects.defer("body").filter(same).exclude(id=message.id).order_by("at")[:20])


def answers_to(messages: Sequence[Message]) -> dict[UUID, list[Message]]:
    """The other half of each: its answers, or the question that it answers; oldest first, in one statement.

    An MLR or MLS refers to the message itself, a business answer to the same document.
    """
    named = {m.refers_to for m in messages if m.refers_to}
    asked = Q(refers_to__in=named | {label(m) for m in messages})
    asked |= Q(id__in=[name.removeprefix(_LABEL) for name in named if name.startswith(_LABEL)])
    # Put in order here: asked to, SQLite would read the whole log in that order instead of looking the names up.
    found = Message.objects.filter(asked).only(*_SHORT).order_by()[:_MOST] if messages else ()
    by_name: dict[str, list[Message]] = {}
    for one in found:
        for name in {one.refers_to, label(one)} - {""}:
            by_name.setdefault(name, []).append(one)
    return {m.id: _beside(m, by_name) for m in messages}


def _beside(message: Message, by_name: Mapping[str, list[Message]]) -> list[Message]:
    found = [*by_name.get(label(message), ()), *by_name.get(message.refers_to, ())]
    beside = {one.id: one for one in found if one.id != message.id}
    return sorted(beside.values(), key=lambda one: (one.at, one.id))
