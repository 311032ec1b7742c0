"""What happens to envelopes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MessageQueued:
    """An outbound document waits to be sent."""

    message_id: UUID


@dataclass(frozen=True)
class MessageSent:
    """The access point took the envelope."""

    message_id: UUID
    document_type: str
    refers_to: str


@dataclass(frozen=True)
class MessageFailed:
    """The document breaks the official rules, or its envelope cannot be delivered; `code` says which."""

    message_id: UUID
    document_type: str
    refers_to: str
    code: str = ""


@dataclass(frozen=True)
class MessageStored:
    """An inbound envelope's original is stored; nothing has judged it yet."""

    message_id: UUID


@dataclass(frozen=True)
class MessageRefused:
    """An inbound envelope cannot be dealt with; the original is kept and a case is open."""

    message_id: UUID
    to_answer: bool = False  # its sender is to be told


@dataclass(frozen=True)
class MessageFiled:
    """A readable message that no station acts on is kept."""

    message_id: UUID


@dataclass(frozen=True)
class MessageTaken:
    """A message whose sender wants to hear that it arrived has been taken by a station, or filed."""

    message_id: UUID


@dataclass(frozen=True)
class MessageAnswered:
    """The receiver's side answered a message of ours with an MLR or MLS. `code`: AB, AP or RE (rejected)."""

    message_id: UUID
    answer_id: UUID
    code: str
    document_type: str
    refers_to: str


@dataclass(frozen=True)
class OperatorMade:
    """Something came in before the platform's own organisation was set up: a bare one was made."""

    organisation_id: UUID
