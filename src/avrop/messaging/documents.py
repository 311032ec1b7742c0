"""A refused message -> the MLR or MLS that tells its sender."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from avrop.messaging.rules import MLS
from avrop.ubl.documents import message_level_response as mlr
from avrop.ubl.documents import message_level_status as mls
from avrop.ubl.kinds import Identifier


@dataclass(frozen=True, slots=True)
class Answer:
    """What is put in the log and in the envelope."""

    number: str
    document_type_id: str
    process_id: str
    body: bytes


def rejection(
    *,
    kind: str,
    ident: str,
    at: datetime,
    sender: str,
    receiver: str,
    refers_to: str,
    said: str,
    places: Sequence[mlr.Place],
) -> Answer:
    """The rejection (RE) of the message with instance id `refers_to`, in English as all messages are.

    `sender` and `receiver` as `scheme:value`. Raises DocumentRefused.
    """
    moment = at.astimezone(UTC)
    module = mls if kind == MLS else mlr
    values = {
        "id": ident,
        "issue_date": moment.date(),
        "issue_time": moment.strftime("%H:%M:%SZ"),
        "sender": _identifier(sender),
        "receiver": _identifier(receiver),
        "code": mlr.REJECTED,
        "description": said,
        "refers_to": refers_to,
        "places": tuple(places),
    }
    body = (
        mls.write(mls.MessageLevelStatus(**values))
        if kind == MLS
        else mlr.write(mlr.MessageLevelResponse(**values))
    )
    root = "urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2::ApplicationResponse"
    return Answer(ident, f"{root}##{module.CUSTOMIZATION}::2.1", module.PROFILE, body)


def _identifier(endpoint: str) -> Identifier:
    scheme, _colon, value = endpoint.partition(":")
    return Identifier(value, scheme) if value else Identifier(scheme)
