"""The step with I/O: an outbound message leaves through an access point."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.conf import settings

from avrop.kernel import points
from avrop.kernel.finding import Refusal
from avrop.kernel.ports import originals
from avrop.messaging import operations, queries, rules
from avrop.messaging.adapters import TransportError, access_point
from avrop.messaging.facts import Judged
from avrop.messaging.models import Message
from avrop.ubl import sbdh
from avrop.ubl.rulesets import Verdict

# The gate, the schemas and the official rules of today, asked of a document. Raises Refusal where the gate says no.
Judge = Callable[[bytes], Verdict]


def send(*, message_id: UUID, judge: Judge) -> None:
    """Judge the message, wrap it, keep the envelope, hand it to the channel's access point, note the transmission.

    What breaks a rule does not leave, and becomes a case, as what meets a permanent TransportError does; a temporary
    one goes up: the delivery is tried again.
    """
    message = queries.outbound(message_id)
    if message is None:
        return
    try:
        judged = rules.before_leaving(judge(bytes(message.body or b"")))
    except Refusal as refusal:
        operations.mark_failed(message_id=message_id, code=refusal.code, params=refusal.params)
        return
    if judged.faults:
        why = rules.why_it_stays(judged, message.number)
        operations.mark_failed(message_id=message_id, code=rules.NOT_LEFT, params=why, judged=judged)
        return
    _submit(message, judged)


def _submit(message: Message, judged: Judged) -> None:
    header = sbdh.Header(
        sender=message.sender,
        receiver=message.receiver,
        document_type_id=message.document_type_id,
        process_id=message.process_id,
        instance_id=message.instance_id,
        created_at=message.at,
        mls_to=_mls_to(message),
    )
    envelope = sbdh.wrap(bytes(message.body or b""), header)
    sha256 = originals().put(envelope)
    points.reached(f"before submit: {message.document_type}")
    try:
        transmission = access_point(queries.channel(message.receiver)).submit(
            envelope, idempotency_key=message.instance_id, judged=judged
        )
    except TransportError as error:
        if not error.permanent:
            raise
        operations.mark_failed(message_id=message.id, code=error.code, params=error.params, judged=judged)
        return
    points.reached(f"after submit: {message.document_type}")
    operations.mark_sent(
        message=message, sha256=sha256, size=len(envelope), transmission=transmission, judged=judged
    )


def _mls_to(message: Message) -> str | None:
    """Where this installation is a service provider it wants to hear what became of its messages."""
    if rules.is_answer(message.document_type, message.document_type_id):
        return None
    return settings.AVROP_SPIS or None
