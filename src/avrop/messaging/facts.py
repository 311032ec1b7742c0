"""An envelope as others see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to whoever delivered bytes: the same for the same message again."""

    message_id: UUID
    owner_id: UUID
    state: str
    reason: str = ""
    params: Mapping[str, object] = field(default_factory=dict)
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What the official rules said of a document of ours before it left, as it is kept with the message."""

    rule_set: str = ""
    findings: tuple[Mapping[str, object], ...] = ()

    @property
    def faults(self) -> tuple[Mapping[str, object], ...]:
        """Those for which a receiver would refuse it."""
        return tuple(one for one in self.findings if one["severity"] == "fatal")


@dataclass(frozen=True, slots=True)
class Peeked:
    """What an inbound file says of itself before anybody judges it."""

    instance_id: str
    sender: str = ""
    receiver: str = ""
    document_type: str = ""
    document_type_id: str = ""
    process_id: str = ""
    number: str = ""
    sender_name: str = ""
    answer_to: str = ""  # the service provider that the envelope wants an MLS sent to
    answer_always: bool = False  # also where nothing is wrong
    refers_to: str = ""  # the instance id that an MLS answers
    refusal: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageFacts:
    """A row of the message log."""

    id: UUID
    direction: str
    sender: str
    receiver: str
    document_type: str
    document_type_id: str
    process_id: str
    instance_id: str
    number: str
    state: str
    reason: str
    params: Mapping[str, object]
    refers_to: str
    stream: str
    sha256: str
    size: int
    rule_set: str
    at: datetime
    transmission: str
    outcome: Mapping[str, object]
