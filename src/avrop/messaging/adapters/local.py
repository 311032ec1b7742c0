"""Buyer and supplier on the same platform: the same envelopes and rules, no network."""

from __future__ import annotations

from avrop.journal.operation import detached
from avrop.messaging.adapters import TransportError
from avrop.messaging.facts import Judged


class LocalAccessPoint:
    """Delivers into the inbox of whoever lives here."""

    def submit(self, envelope: bytes, *, idempotency_key: str, judged: Judged) -> str:
        """Store the envelope in the receiver's inbox; the message's own instance id makes it idempotent."""
        from avrop.messaging import intake

        # What happens on the receiver's side is not part of the sender's delivery.
        with detached():
            got = intake.receive(envelope, transport="local", judged=judged)
        if got.state == "refused":
            raise TransportError("REFUSED_BY_RECEIVER", permanent=True, reason=got.reason)
        return f"local:{got.message_id.hex}"
