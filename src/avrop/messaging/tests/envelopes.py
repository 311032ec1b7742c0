"""Envelopes as another system's access point delivers them, and what the log says afterwards."""

from __future__ import annotations

from datetime import date
from typing import Any

from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import now
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.tenancy.scope import everything
from avrop.ubl import sbdh
from avrop.ubl.build import norwegian_party, plain_party
from avrop.ubl.documents import order_response as t76
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify

STRANGER = "0192:987654325"  # a valid number that nobody here has
INSTANCE = "b5ab7e0c-1a52-4bd7-b7a4-6f8ac28b17c1"


def in_envelope(body: bytes, sender: str, receiver: str, **more: Any) -> bytes:
    """The document in Peppol's envelope."""
    who = identify(admit(body).root)
    values = {
        "document_type_id": who.document_type_id,
        "process_id": who.process_id,
        "instance_id": INSTANCE,
        "created_at": now(),
    } | more
    return sbdh.wrap(body, sbdh.Header(sender=sender, receiver=receiver, **values))


def answer_to_order(world, number: str = "no such order", seller: str = "", code: str = "AP") -> bytes:
    """An Order Response to Bremnes; by default from a stranger, about an order that nobody sent."""
    orgnr = (seller or STRANGER).partition(":")[2]
    return t76.write(
        t76.OrderResponse(
            id="SV-1",
            issue_date=date(2026, 11, 23),
            order_reference=number,
            seller=plain_party(norwegian_party(orgnr, "Framand AS")),
            buyer=plain_party(norwegian_party(world.bremnes.orgnr, "Bremnes kommune")),
            code=code,
            currency="NOK",
        )
    )


def deliver(raw: bytes, transport: str = "file") -> Message:
    """The message comes in and is dealt with."""
    got = intake.receive(raw, transport=transport)
    run_until_idle()
    return by_id(got.message_id)


def by_id(ident: Any) -> Message:
    """One message, whoever owns it."""
    with everything("tests"):
        found: Message = Message.objects.get(id=ident)
        return found


def sent(**fields: Any) -> list[Message]:
    """Outbound messages, oldest first."""
    with everything("tests"):
        return list(Message.objects.filter(direction="out", **fields).order_by("at", "id"))


def answers() -> list[Message]:
    """The MLR and MLS that we have written."""
    return sent(document_type__in=["message_level_response", "message_level_status"])


def cases(message: Message) -> list[Case]:
    """Open and closed cases about a message."""
    with everything("tests"):
        return list(Case.objects.filter(subject=f"messaging.Message:{message.id.hex}"))
