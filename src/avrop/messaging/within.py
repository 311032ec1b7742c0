"""Writes to the message log that belong inside somebody's operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from avrop.journal.models import Case
from avrop.journal.operation import work
from avrop.journal.within import label, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id
from avrop.messaging import rules
from avrop.messaging.events import MessageQueued, MessageTaken
from avrop.messaging.models import Message
from avrop.messaging.texts import SENT_AGAIN
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import viewer_or_none


class Outbound(TypedDict):
    """What is said of any document that goes out: whose it is, from whom to whom, and what it is about."""

    owner_id: UUID
    sender: str
    receiver: str
    document_type: str
    document_type_id: str
    process_id: str
    number: str
    refers_to: str
    stream: str


def enqueue(
    *,
    body: bytes,
    ident: UUID | None = None,
    receiver_name: str = "",
    answers: str = "",
    **said: Unpack[Outbound],
) -> Message:
    """Queue an outbound document (plain XML; the envelope is put on when it leaves).

    `receiver_name` is for a receiver who does not live here; `answers`: the code of an MLR or MLS. Its own entry is
    recorded here, so the caller need not put the row among `changed`.
    """
    message = _outbound(ident or new_id(), said)
    message.other_name = message.other_name or receiver_name
    message.outcome = {"answer": answers} if answers else {}
    message.state, message.body, message.size = "queued", body, len(body)
    message.save(force_insert=True)
    record(MessageQueued(message.id), tenant=message.owner_id, stream=message.stream, subject=message)
    return message


def queue_again(message: Message, *, body: bytes, sender: str, receiver: str) -> None:
    """A document that did not leave waits once more, as its station has now written it; its case is closed.

    It gets a new instance id, for under the old one the other side may have other bytes. The caller holds the stream.
    Its own entry is recorded here. Raises Refusal MESSAGE_NOT_FAILED.
    """
    if message.state != "failed":
        raise Refusal("MESSAGE_NOT_FAILED")
    before = message.reason
    message.state, message.reason, message.params, message.done_at = "queued", "", {}, None
    message.rule_set, message.findings = "", []
    message.instance_id, message.at = str(new_id()), work().at
    message.sender, message.receiver = sender, receiver
    message.body, message.size = body, len(body)
    message.save()
    record(
        MessageQueued(message.id),
        tenant=message.owner_id,
        stream=message.stream,
        subject=message,
        changed=_close_cases(message),
        reason=before,
    )


def _close_cases(message: Message) -> list[Case]:
    """Somebody has dealt with it: their name and the time are the outcome."""
    who = viewer_or_none()
    rows = list(Case.objects.filter(subject=label(message), kind="bad_message", state="open"))
    for one in rows:
        one.state, one.closed_at, one.outcome = "closed", work().at, str(SENT_AGAIN)
        one.closed_by = who.person_id if who else None
        one.save(update_fields=["state", "outcome", "closed_at", "closed_by"])
    return rows


def note_sent_elsewhere(
    *, ident: UUID, sha256: str, size: int, sent_at: datetime, **said: Unpack[Outbound]
) -> Message:
    """A document that another system sent before we took its work over; nothing leaves. `sha256` is stored.

    Put the row among `changed`: what happened to the document is the caller's entry.
    """
    message = _outbound(ident, said)
    message.state, message.params, message.done_at = "sent", {"taken_over": True}, sent_at
    message.sha256, message.size = sha256, size
    message.save(force_insert=True)
    return message


def _outbound(ident: UUID, said: Outbound) -> Message:
    party = tenancy.party_by_endpoint(said["receiver"])
    return Message(
        id=ident,
        direction=Message.OUT,
        instance_id=str(ident),
        other_name=party.name if party else "",
        at=work().at,
        **said,
    )


def settle(
    *,
    message_id: UUID,
    state: str = "routed",
    refers_to: str = "",
    outcome: Mapping[str, object] | None = None,
    findings: Sequence[Mapping[str, object]] = (),
    rule_set: str = "",
) -> Message | None:
    """A station has taken an inbound message: note what it became. Put the row among `changed`.

    What the rules said of it (`note_verdict`) is kept where the station has nothing of its own to say. None when the
    message was dealt with before (then the station must do nothing).
    """
    known = _loaded.get()
    message = known if known and known.id == message_id else Message.objects.filter(id=message_id).first()
    if message is None or message.state != "stored":
        return None
    changes: dict[str, Any] = {
        "state": state,
        "refers_to": refers_to,
        "done_at": work().at,
        "outcome": dict(outcome or {}),
        "rule_set": rule_set or message.rule_set,
        "findings": [dict(f) for f in findings or message.findings],
    }
    # The state in the filter is the lock: of two who settle the same message, one changes nothing.
    if not Message.objects.filter(id=message_id, state="stored").update(**changes):
        return None
    for name, value in changes.items():
        setattr(message, name, value)
    if message.params.get(rules.ALWAYS):
        record(MessageTaken(message.id), tenant=message.owner_id, stream=message.stream, subject=message)
    return message


def note_verdict(message: Message, *, rule_set: str, findings: Sequence[Mapping[str, object]]) -> None:
    """What the official rules said of the message being routed; whoever settles it writes it down."""
    message.rule_set, message.findings = rule_set, [dict(one) for one in findings]


_loaded: ContextVar[Message | None] = ContextVar("avrop_message", default=None)


@contextmanager
def holding(message: Message) -> Iterator[None]:
    """The message being routed has been read already; `settle` need not read it again."""
    reset = _loaded.set(message)
    try:
        yield
    finally:
        _loaded.reset(reset)
