"""Placing orders."""

from __future__ import annotations

from avrop.kernel.ports import originals
from avrop.messaging.models import Message
from avrop.ordering.models import Order
from avrop.requisition.models import Requisition
from avrop.requisition.tests.helpers import approve_all, free_line, item_line, submitted
from avrop.tenancy.scope import as_system, everything
from avrop.ubl import gate, sbdh


def sent_orders(world):
    """The order documents that have left, as trees."""
    with everything("tests"):
        left = Message.objects.filter(document_type="order", direction="out", state="sent")
        envelopes = [originals().get(message.sha256) for message in left.order_by("number")]
    return [sbdh.unwrap(gate.admit(raw).root)[1] for raw in envelopes]


def test_an_approved_basket_becomes_an_order(world):
    ident = submitted(world)
    assert approve_all(world) == 1
    with as_system(world.bremnes.id):
        assert Requisition.objects.get(id=ident).state == "ordered"
        order = Order.objects.get(requisition_id=ident)
    assert (order.net, order.vat, order.gross) == (52900, 13225, 66125)


def test_the_message_that_leaves_is_valid_under_schema_and_official_rules(world, rules):
    ident = submitted(world, item_line(world, "papir", 3), item_line(world, "blyant", 7), free_line(world))
    approve_all(world)
    documents = sent_orders(world)
    assert len(documents) == 2
    for root in documents:
        verdict = rules.judge(root)
        assert verdict.rule_set != "not installed"
        assert [f.id + f.text for f in verdict.findings] == []
