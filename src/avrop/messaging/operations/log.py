"""Writes of the log itself: a message comes in, is refused or filed, leaves or cannot leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from avrop.journal.models import Case
from avrop.journal.operation import operation, work
from avrop.journal.rows import insert_if_new
from avrop.journal.within import label, open_case, record
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import new_id
from avrop.messaging import rules
from avrop.messaging.events import (
    MessageFailed,
    MessageFiled,
    MessageRefused,
    MessageSent,
    MessageStored,
    OperatorMade,
)
from avrop.messaging.facts import Judged, Peeked, Received
from avrop.messaging.models import Message
from avrop.messaging.queries import facts_of
from avrop.messaging.rules import answerable, is_answer
from avrop.messaging.within import settle
from avrop.tenancy.facts import INVOICE_CLERK, PLATFORM_OPERATOR, SUPPLIER_USER
from avrop.tenancy.models import Kind, Organisation

ONCE = ("owner", "direction", "sender", "instance_id")  # what makes a message the same message


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
    judged: Judged | None = None,
) -> Received:
    """Give an inbound original its row, or the answer it had before. A refused one gets a case at once."""
    instance = peeked.instance_id
    message = _new(owner_id, peeked, instance, sha256, size, transport)
    for name, value in _said(judged).items():
        setattr(message, name, value)
    if not insert_if_new(message, ONCE):
        earlier = _earlier(message)
        if earlier.sha256 == sha256:
            return _again(earlier)
        # Another content under an id that is taken: both are kept, the second is refused.
        message.instance_id = f"{instance[:80]}#{sha256[:16]}"
        refusal, params = "INSTANCE_REUSED", {"instance": instance}
        if not insert_if_new(message, ONCE):
            return _again(_earlier(message))
    if refusal:
        message.state, message.reason, message.params = "refused", refusal, dict(params or {})
        message.done_at = work().at
        message.save(update_fields=["state", "reason", "params", "done_at"])
        _refused(message)
    else:
        record(MessageStored(message.id), tenant=owner_id, stream=message.stream, subject=message)
    return Received(message.id, owner_id, message.state, refusal, message.params)


def _new(owner_id: UUID, peeked: Peeked, instance: str, sha256: str, size: int, transport: str) -> Message:
    ident = new_id()
    return Message(
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
        other_name=peeked.sender_name,
        answer_to=peeked.answer_to,
        stream=f"message:{ident.hex}",
        state="stored",
        sha256=sha256,
        size=size,
        transmission=transport,
        params={rules.ALWAYS: True} if peeked.answer_always else {},
        at=work().at,
    )


def _earlier(message: Message) -> Message:
    found: Message = Message.objects.get(
        owner_id=message.owner_id,
        direction=Message.IN,
        sender=message.sender,
        instance_id=message.instance_id,
    )
    return found


def _again(earlier: Message) -> Received:
    return Received(
        earlier.id, earlier.owner_id, earlier.state, earlier.reason, earlier.params, repeated=True
    )


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
        MessageRefused(message.id, to_answer=answerable(facts_of(message))),
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
    message = settle(message_id=message_id, state="filed")
    if message is not None:
        record(MessageFiled(message.id), tenant=message.owner_id, stream=message.stream, subject=message)


def _stored(message_id: UUID) -> Message | None:
    return Message.objects.select_for_update().filter(id=message_id, state="stored").first()


@operation
def make_operator(*, slug: str) -> UUID:
    """The platform's own organisation, made where nobody set one up: what comes in for nobody must lie somewhere.

    It has no organisation number yet: `avrop setup import` completes it, and `avrop doctor` asks for it.
    """
    row, made = Organisation.objects.get_or_create(
        slug=slug,
        defaults={"kind": Kind.PLATFORM, "name": slug, "orgnr": "", "endpoint": f"platform:{slug}"[:60]},
    )
    if made:
        record(OperatorMade(row.id), tenant=row.id, stream=f"organisation:{row.id.hex}", subject=row)
    ident: UUID = row.id
    return ident


@operation
def mark_sent(*, message: Message, sha256: str, size: int, transmission: str, judged: Judged) -> None:
    """The access point took the envelope. The body's place is now in the store of originals."""
    taken = {
        "sha256": sha256,
        "size": size,
        "transmission": transmission,
        "body": None,
        "done_at": work().at,
        **_said(judged),
    }
    message.state = "sent"
    for name, value in taken.items():
        setattr(message, name, value)
    fresh = Message.objects.filter(id=message.id, state="queued").update(state="sent", **taken)
    if fresh:
        record(
            MessageSent(message.id, message.document_type, message.refers_to),
            tenant=message.owner_id,
            stream=message.stream,
            subject=message,
        )
    # The answer may be here before we have heard that the question left.
    elif Message.objects.filter(id=message.id, state="rejected", body__isnull=False).update(**taken):
        row = Message.objects.get(id=message.id)
        record(
            MessageSent(row.id, row.document_type, row.refers_to),
            tenant=row.owner_id,
            stream=row.stream,
            subject=row,
        )


def _said(judged: Judged | None) -> dict[str, Any]:
    if judged is None:
        return {}
    return {"rule_set": judged.rule_set, "findings": [dict(one) for one in judged.findings]}


@operation
def mark_failed(
    *, message_id: UUID, code: str, params: Mapping[str, object], judged: Judged | None = None
) -> None:
    """The document breaks a rule, or the envelope cannot be delivered; a case tells who can do something about it."""
    message = Message.objects.select_for_update().get(id=message_id)
    if message.state != "queued":
        raise Refusal("MESSAGE_NOT_QUEUED", state=message.state)
    message.state, message.reason, message.done_at = "failed", code, work().at
    message.params = {key: str(value)[:200] for key, value in params.items()}
    for name, value in _said(judged).items():
        setattr(message, name, value)
    message.save(update_fields=["state", "reason", "params", "done_at", "rule_set", "findings"])
    changed = []
    if not _told_with_its_question(message):
        changed.append(
            open_case(
                tenant=message.owner_id,
                kind="bad_message",
                subject=label(message),
                reason=code,
                params=message.params,
                owner_role=_owner_of_failed(message),
            )
        )
    record(
        MessageFailed(message.id, message.document_type, message.refers_to, code),
        tenant=message.owner_id,
        stream=message.stream,
        subject=message,
        changed=changed,
        reason=code,
    )


def _owner_of_failed(message: Message) -> str:
    """Of a fault in the document those whose document it is, else the operator."""
    if message.reason != rules.NOT_LEFT or is_answer(message.document_type, message.document_type_id):
        return PLATFORM_OPERATOR
    kind = Organisation.objects.values_list("kind", flat=True).get(id=message.owner_id)
    return rules.owner_of_rejected(kind, message.document_type)


def _told_with_its_question(message: Message) -> bool:
    """An answer that finds no way back is shown with the refused message; somebody has that one open already."""
    open_ = Case.objects.filter(subject=message.refers_to, state="open")
    return is_answer(message.document_type, message.document_type_id) and bool(open_.exists())
