"""`avrop receive FILE...`: as if the access point had delivered them."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from avrop.journal import worker
from avrop.journal.models import Delivery
from avrop.matching import queries as matching
from avrop.messaging import intake
from avrop.messaging import queries as messaging
from avrop.messaging.facts import MessageFacts, Received
from avrop.project.management.base import AvropCommand, Unusable, read_bytes
from avrop.tenancy import queries as tenancy
from avrop.tenancy.scope import as_system
from avrop.web.refusals import explain, known

WAIT = 60  # seconds for another worker that holds one of our deliveries


class Command(AvropCommand):
    """Takes files through the real inbound path and waits until they have been dealt with."""

    help = gettext_lazy("takes files as if the access point had delivered them, bare or in an SBDH envelope")
    example = "avrop receive invoice.xml"

    def arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def run(self, options: dict[str, Any]) -> int:
        status = 0
        for path in options["files"]:
            try:
                raw = read_bytes(path)
            except Unusable as error:
                self.give({"file": str(path), **NOTHING, "state": "refused", "reason": str(error)})
                self.say(str(error))
                status = 2
                continue
            got = intake.receive(raw, transport="file")
            result = {"file": str(path), **self._dealt_with(got)}
            self.give(result, _text(result))
            if result["state"] == "stored":  # the others go on
                status = 2
            if status != 2:
                status = max(status, 0 if result["state"] in GOOD else 1)
        return status

    def _dealt_with(self, got: Received) -> dict[str, Any]:
        deadline = time.monotonic() + WAIT
        while worker.run_until_idle() or (_waiting(got) and time.monotonic() < deadline):
            time.sleep(0.02)
        with as_system(got.owner_id):
            message = messaging.message(got.message_id)
            assert message is not None
            return {**_plain(message), **_state(message)}


GOOD = ("matched", "awaiting_receipt", "filed")
NOTHING = dict.fromkeys(("message", "document_type", "number", "buyer")) | {"order": [], "lines": []}


def _waiting(got: Received) -> bool:
    with as_system(got.owner_id):
        message = messaging.message(got.message_id)
    streams = [f"message:{got.message_id.hex}"]
    if message is not None and message.refers_to:
        streams.append(f"invoice:{message.refers_to.partition(':')[2]}")
    return Delivery.objects.filter(stream__in=streams, state__in=["queued", "running"]).exists()


def _plain(message: MessageFacts) -> dict[str, Any]:
    receiver = tenancy.party_by_endpoint(message.receiver)
    return {
        "message": message.id.hex,
        "document_type": message.document_type or None,
        "number": message.number or None,
        "buyer": receiver.slug if receiver else None,
    }


def _state(message: MessageFacts) -> dict[str, Any]:
    empty: dict[str, Any] = {"order": [], "lines": [], "reason": None}
    if message.state in ("refused", "duplicate"):
        return {**empty, "state": message.state, "reason": explain(message.reason, message.params)}
    if message.state == "stored":  # a handler failed and will be tried again, or waits for its owner
        reason = _("%(file)s is stored, but has not been dealt with yet.") % {"file": message.id.hex}
        return {**empty, "state": "stored", "reason": reason}
    label, _sep, key = message.refers_to.partition(":")
    if label == "invoicing.Invoice":
        named = {"number": message.number, "seller": message.sender}
        end = {**empty, **matching.outcome(UUID(key))}
        reason = str(end["reason"] or "")
        return {**end, "reason": explain(reason, named) if known(reason) else reason or None}
    return {**empty, "state": "filed"}


def _text(result: dict[str, Any]) -> str:
    parts = [result["file"], result["document_type"] or "-", result["number"] or "-", result["state"]]
    return "  ".join(parts) + (f": {result['reason']}" if result["reason"] else "")
