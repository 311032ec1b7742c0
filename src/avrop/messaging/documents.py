"""A message that was refused or taken -> the MLR or MLS that tells its sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from avrop.messaging.rules import MLS
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.identify import document_type_id
from avrop.ubl.kinds import Identifier


@dataclass(frozen=True, slots=True)
class Answer:
    """What is put in the log and in the envelope."""

    number: str
    document_type_id: str
    process_id: str
    body: bytes


def answer_to(
    *,
    kind: str,
    code: str,
    ident: str,
    at: datetime,
    sender: str,
    receiver: str,
    refers_to: str,
    said: str,
    places: Sequence[mlr.Place],
) -> Answer:
    """The answer (`code` AB, AP or RE) to the message with instance id `refers_to`, in English as all messages are.

    `sender` and `receiver` as `scheme:value`. Raises DocumentRefused.
    """
    moment = at.astimezone(UTC)
    cls = mls.MessageLevelStatus if kind == MLS else mlr.MessageLevelResponse
    answer = cls(
        id=ident,
        issue_date=moment.date(),
        issue_time=moment.strftime("%H:%M:%SZ"),
        sender=_identifier(sender),
        receiver=_identifier(receiver),
        code=code,
        description=said or None,
        refers_to=refers_to,
        places=tuple(places),
    )
    # Both are the same table but for the two identifiers, which the dataclass carries.
    return Answer(
        ident,
        document_type_id("ApplicationResponse", answer.customization_id),
        answer.profile_id,
        mlr.write(answer),
    )


def _identifier(endpoint: str) -> Identifier:
    scheme, _colon, value = endpoint.partition(":")
    return Identifier(value, scheme) if value else Identifier(scheme)
