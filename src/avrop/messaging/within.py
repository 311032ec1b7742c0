"""Writes to the message log that belong inside somebody's operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from avrop.journal.operation import work
from avrop.journal.within import record
from avrop.kernel.ports import new_id
from avrop.messaging.events import MessageQueued
from avrop.messaging.models import Message


def enqueue(
    *,
    owner_id: UUID,
    sender: str,
    receiver: str,
    document_type: str,
    document_type_id: str,
    process_id: str,
    number: str,
    refers_to: str,
    stream: str,
    body: bytes,
) -> Message:
    """Queue an outbound document (plain XML; the envelope is put on when it leaves).

    Its own entry is recorded here, so the caller need not put the row among `changed`.
    """
    ident = new_id()
    message = Message(
        id=ident,
        owner_id=owner_id,
        direction=Message.OUT,
        instance_id=str(ident),
        sender=sender,
        receiver=receiver,
        document_type=document_type,
        document_type_id=document_type_id,
        process_id=process_id,
        number=number,
        refers_to=refers_to,
        stream=stream,
        state="queued",
        size=len(body),
        body=body,
        at=work().at,
    )
    message.save(force_insert=True)
    record(MessageQueued(ident), tenant=owner_id, stream=stream, subject=message)
    return message


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

    None when the message was dealt with before (then the station must do nothing).
    """
    message = Message.objects.select_for_update().filter(id=message_id, state="stored").first()
    if message is None:
        return None
    message.state, message.refers_to, message.done_at = state, refers_to, work().at
    message.outcome, message.rule_set = dict(outcome or {}), rule_set
    message.findings = [dict(f) for f in findings]
    message.save(update_fields=["state", "refers_to", "done_at", "outcome", "rule_set", "findings"])
    return message
