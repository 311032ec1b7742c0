"""Writes of the message log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from avrop.journal.operation import operation, work
from avrop.journal.within import label, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id
from avrop.messaging.events import MessageFailed, MessageFiled, MessageRefused, MessageSent, MessageStored
from avrop.messaging.facts import Peeked, Received
from avrop.messaging.models import Message
from avrop.tenancy.facts import INVOICE_CLERK, PLATFORM_OPERATOR, SUPPLIER_USER
from avrop.tenancy.models import Kind, Organisation


@operation
def store(
    *,
    owner_id: UUID,
    peeked: Peeked,
    sha256: str,
    size: int,
    transport: str,
    refusal: str = "",
    params: Mapping[str, object] | None = None,
) -> Received:
    """Give an inbound original its row, or the answer it had before. A refused one gets a case at once."""
    instance = peeked.instance_id
    earlier = _earlier(owner_id, peeked.sender, instance)
    if earlier is not None and earlier.sha256 != sha256:
        # Another content under an id that is taken: both are kept, the second is refused.
        instance = f"{instance[:80]}#{sha256[:16]}"
        refusal, params = "INSTANCE_REUSED", {"instance": peeked.instance_id}
        earlier = _earlier(owner_id, peeked.sender, instance)
    if earlier is not None:
        return Received(earlier.id, owner_id, earlier.state, earlier.reason, earlier.params, repeated=True)
    ident = new_id()
    message = Message(
        id=ident,
        owner_id=owner_id,
        direction=Message.IN,
        instance_id=instance,
        sender=peeked.sender,
        receiver=peeked.receiver,
        document_type=peeked.document_type,
        document_type_id=peeked.document_type_id,
        process_id=peeked.process_id,
        number=peeked.number,
        stream=f"message:{ident.hex}",
        state="refused" if refusal else "stored",
        reason=refusal,
        params=dict(params or {}),
        sha256=sha256,
        size=size,
        transmission=transport,
        at=work().at,
        done_at=work().at if refusal else None,
    )
    message.save(force_insert=True)
    if refusal:
        _refused(message)
    else:
        record(MessageStored(ident), tenant=owner_id, stream=message.stream, subject=message)
    return Received(ident, owner_id, message.state, refusal, message.params)


def _earlier(owner_id: UUID, sender: str, instance: str) -> Message | None:
    rows = Message.objects.filter(owner_id=owner_id, direction=Message.IN, sender=sender, instance_id=instance)
    return rows.first()


def _refused(message: Message) -> None:
    kind = Organisation.objects.values_list("kind", flat=True).get(id=message.owner_id)
    owner = {Kind.PLATFORM: PLATFORM_OPERATOR, Kind.SUPPLIER: SUPPLIER_USER}.get(Kind(kind), INVOICE_CLERK)
    case = open_case(
        tenant=message.owner_id,
        kind="bad_message",
        subject=label(message),
        reason=message.reason,
        params=message.params,
        owner_role=owner,
    )
    record(
        MessageRefused(message.id),
        tenant=message.owner_id,
        stream=message.stream,
        subject=message,
        changed=[case],
        reason=message.reason,
    )


@operation
def refuse(
    *,
    message_id: UUID,
    code: str,
    params: Mapping[str, object] | None = None,
    findings: Sequence[Mapping[str, object]] = (),
    rule_set: str = "",
) -> None:
    """Refuse a stored message: the original stays, a case is opened for its owner."""
    message = _stored(message_id)
    if message is None:
        return
    message.state, message.reason = "refused", code
    message.params = {key: str(value)[:200] for key, value in (params or {}).items()}
    message.findings, message.rule_set = [dict(f) for f in findings], rule_set
    message.done_at = work().at
    message.save(update_fields=["state", "reason", "params", "findings", "rule_set", "done_at"])
    _refused(message)


@operation
def file(*, message_id: UUID) -> None:
    """Keep a readable message that no station acts on."""
    message = _stored(message_id)
    if message is None:
        return
    message.state, message.done_at = "filed", work().at
    message.save(update_fields=["state", "done_at"])
    record(MessageFiled(message.id), tenant=message.owner_id, stream=message.stream, subject=message)


def _stored(message_id: UUID) -> Message | None:
    return Message.objects.select_for_update().filter(id=message_id, state="stored").first()


@operation
def mark_sent(*, message_id: UUID, sha256: str, size: int, transmission: str) -> None:
    """The access point took the envelope. The body's place is now in the store of originals."""
    message = Message.objects.select_for_update().defer("body").get(id=message_id)
    if message.state == "sent":
        return
    message.state, message.sha256, message.size, message.transmission = "sent", sha256, size, transmission
    message.body, message.done_at = None, work().at
    message.save(update_fields=["state", "sha256", "size", "transmission", "body", "done_at"])
    record(
        MessageSent(message.id, message.document_type, message.refers_to),
        tenant=message.owner_id,
        stream=message.stream,
        subject=message,
    )


@operation
def mark_failed(*, message_id: UUID, code: str, params: Mapping[str, object]) -> None:
    """The envelope cannot be delivered; a case tells the operator."""
    message = Message.objects.select_for_update().get(id=message_id)
    if message.state != "queued":
        raise Refusal("MESSAGE_NOT_QUEUED", state=message.state)
    message.state, message.reason, message.done_at = "failed", code, work().at
    message.params = {key: str(value)[:200] for key, value in params.items()}
    message.save(update_fields=["state", "reason", "params", "done_at"])
    case = open_case(
        tenant=message.owner_id,
        kind="bad_message",
        subject=label(message),
        reason=code,
        params=message.params,
        owner_role=PLATFORM_OPERATOR,
    )
    record(
        MessageFailed(message.id, message.document_type, message.refers_to),
        tenant=message.owner_id,
        stream=message.stream,
        subject=message,
        changed=[case],
        reason=code,
    )
