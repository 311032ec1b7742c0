"""The supplier's own system sends a bill that does not add up, hears why, and sends it again: then it is paid."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from avrop.invoicing.models import Invoice
from avrop.journal import worker
from avrop.kernel.ports import now, originals, today
from avrop.matching.queries import outcome
from avrop.messaging import intake
from avrop.messaging.models import Message
from avrop.requisition.tests.helpers import approve_all, item_line, submitted
from avrop.tenancy.scope import as_system, everything
from avrop.ubl import sbdh
from avrop.ubl.documents import invoice, message_level_response
from avrop.ubl.gate import admit
from avrop.ubl.identify import identify
from tests import supplier

pytestmark = pytest.mark.django_db


def envelope(body: bytes, sender: str, receiver: str, ident: str) -> bytes:
    """As the supplier's access point hands it over."""
    who = identify(admit(body).root)
    return sbdh.wrap(body, sbdh.Header(sender, receiver, who.document_type_id, who.process_id, ident, now()))


def one(**fields) -> Message:
    with everything("the test looks"):
        return Message.objects.get(**fields)


def content(message: Message):
    return sbdh.unwrap(admit(originals().get(message.sha256)).root)[1]


def test_a_bill_that_does_not_add_up_is_sent_back_and_comes_again_right(world) -> None:
    submitted(world, item_line(world, "papir", 10))
    approve_all(world)
    order = supplier.read(originals().get(one(document_type="order", direction="out").sha256))
    right = supplier.bill_document(order, "F-100", today())
    totals = replace(right.totals, payable=right.totals.payable + Decimal(1))
    wrong = invoice.write(replace(right, totals=totals))

    intake.receive(envelope(wrong, world.kontor.endpoint, world.bremnes.endpoint, "first"), transport="file")
    worker.run_until_idle()
    answer = one(document_type="message_level_response", direction="out")
    told = message_level_response.read(content(answer))
    assert (told.code, told.refers_to) == ("RE", "first")
    assert any("BR-CO-16" in issue.description for place in told.places for issue in place.issues)

    again = invoice.write(right)
    got = intake.receive(
        envelope(again, world.kontor.endpoint, world.bremnes.endpoint, "second"), transport="file"
    )
    worker.run_until_idle()
    with as_system(world.bremnes.id):
        states = list(Invoice.objects.order_by("received_at").values_list("number", "state"))
        taken = Invoice.objects.get(message_id=got.message_id)
        end = outcome(taken.id)
    assert [state for _number, state in states] == ["invalid", "valid"]
    assert end["order"] == [order.id] and end["state"] == "awaiting_receipt"
