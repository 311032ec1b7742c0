"""A sales order is what the XML says, and nothing of the buyer's side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from avrop.journal.models import Entry
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import documents, operations, queries
from avrop.portal.models import SalesOrder
from avrop.portal.tests.letters import Line, deliver, order_of, take
from avrop.tenancy.scope import as_system
from avrop.ubl import gate
from avrop.ubl.documents import order as order_xml

MICRO = 1_000_000


def test_a_sales_order_carries_what_the_xml_says(world) -> None:
    order = take(world, order_of(world, Line("3", "33.3333"), Line("2", "49.90", "15", "10-5000", "Kaffi")))
    with as_system(world.kontor.id):
        facts = queries.order(order.id)
    assert (facts.buyer_name, facts.buyer_orgnr) == ("Bremnes kommune", world.bremnes.orgnr)
    assert facts.buyer_endpoint == world.bremnes.endpoint
    assert (facts.buyer_reference, facts.contract) == ("BER-210", "FI-2026-01")
    assert facts.note == "Leverast til resepsjonen."
    assert facts.delivery["name"] == "Bremnes skule"
    assert facts.delivery["street"] == "Skulevegen 2"
    assert [(one.quantity, one.price, one.net) for one in facts.lines] == [
        (3 * MICRO, 33_333_300, 100_00),
        (2 * MICRO, 49_900_000, 99_80),
    ]
    # 100.00 at 25 % and 99.80 at 15 %: 25.00 + 14.97
    assert (facts.net, facts.vat, facts.gross) == (199_80, 39_97, 239_77)
    assert facts.response_wanted and facts.state == "new"


def test_the_message_knows_the_order_it_became(world) -> None:
    order = take(world, order_of(world))
    with as_system(world.kontor.id):
        message = Message.objects.get(id=order.message_id)
        assert message.state == "routed"
        assert message.refers_to == f"portal.SalesOrder:{order.id.hex}"
        assert Entry.objects.filter(event="portal.SalesOrderReceived").count() == 1


def test_an_order_only_process_wants_no_answer(world) -> None:
    order = take(world, order_of(world, profile=order_xml.PROFILE_ORDER_ONLY))
    assert not order.response_wanted


def test_a_line_without_any_item_number_is_free_text(world) -> None:
    order = take(world, order_of(world, Line(), Line(item=None, name="Reparasjon av kopimaskin")))
    with as_system(world.kontor.id):
        assert [line.free_text for line in queries.order(order.id).lines] == [False, True]


def test_the_same_order_in_a_second_message_makes_no_second_sales_order(world) -> None:
    document = order_of(world)
    first = take(world, document)
    again = take(world, replace(document, notes=("Purring",)))
    assert again.id == first.id
    with as_system(world.kontor.id):
        assert SalesOrder.objects.count() == 1
        states = set(Message.objects.filter(direction="in").values_list("state", flat=True))
    assert states == {"routed", "duplicate"}


def test_the_same_number_from_another_buyer_is_another_order(world) -> None:
    from avrop.portal.tests.letters import party

    take(world, order_of(world))
    take(world, replace(order_of(world), buyer=party(world.fjell)))
    with as_system(world.kontor.id):
        assert SalesOrder.objects.filter(number="2026-00001").count() == 2


def test_a_message_dealt_with_before_changes_nothing(world) -> None:
    document = order_of(world)
    raw = order_xml.write(document)
    message = deliver(raw)
    with as_system(world.kontor.id):
        operations.take_order(message_id=message, document=document)
        operations.take_order(message_id=message, document=document)
        assert SalesOrder.objects.count() == 1
        assert Entry.objects.filter(event="portal.SalesOrderReceived").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"customer_reference": "x" * 101}, "ORDER_FIELD_TOO_LONG"),
        ({"id": "9" * 101}, "ORDER_FIELD_TOO_LONG"),
    ],
)
def test_what_cannot_be_kept_whole_is_refused_by_name(world, change, code) -> None:
    document = replace(order_of(world), **change)
    message = deliver(order_xml.write(order_of(world)))
    with as_system(world.kontor.id), pytest.raises(Refusal) as refused:
        operations.take_order(message_id=message, document=document)
    assert refused.value.code == code


def test_a_number_too_large_to_keep_is_refused(world) -> None:
    from avrop.ubl.kinds import Quantity

    document = order_of(world)
    huge = replace(document.lines[0], quantity=Quantity(Decimal("99999999999999"), "EA"))
    message = deliver(order_xml.write(document))
    with as_system(world.kontor.id), pytest.raises(Refusal) as refused:
        operations.take_order(message_id=message, document=replace(document, lines=(huge,)))
    assert refused.value.code == "ORDER_NUMBER_TOO_LARGE"


def test_an_order_for_a_municipality_is_refused(world) -> None:
    from avrop.portal.tests.letters import party

    document = replace(order_of(world), seller=party(world.fjell))
    message = deliver(order_xml.write(document))
    with as_system(world.fjell.id), pytest.raises(Refusal) as refused:
        operations.take_order(message_id=message, document=document)
    assert refused.value.code == "RECEIVER_SELLS_NOTHING"


def test_every_official_order_example_can_become_a_sales_order(shared: Path) -> None:
    folder = shared / "standards" / "peppol" / "postaward"
    seen = 0
    for path in sorted(folder.rglob("*.xml")):
        raw = path.read_bytes()
        if b"Order-2" not in raw or b"trns:order:3" not in raw or "unit" in str(path):
            continue
        try:
            document = order_xml.read(gate.admit(raw).root)
        except Refusal:
            continue
        values, lines = documents.order_values(document), documents.line_values(document)
        assert values["number"] == document.id
        assert [line["line_id"] for line in lines] == [line.id for line in document.lines]
        seen += 1
    assert seen >= 5
