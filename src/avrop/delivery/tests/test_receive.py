"""Goods are received in full or in part, by the right person, and the budget line follows at once."""

from __future__ import annotations

import pytest

from avrop.commitments.queries import check
from avrop.delivery import operations, queries
from avrop.delivery.models import Receipt
from avrop.delivery.tests.orders import MICRO, balance, place
from avrop.journal.models import Delivery, Entry
from avrop.journal.within import row_hash
from avrop.kernel.finding import Refusal
from avrop.ordering.models import OrderLine
from avrop.tenancy.scope import as_system, viewing


def _receive(world, order, login: str = "berit", slug: str = "bremnes", **more):
    with viewing(world.viewer(login, slug)):
        return operations.receive(order_id=order.id, **more)


def _code(world, order, login: str = "berit", **more) -> str:
    with pytest.raises(Refusal) as refused:
        _receive(world, order, login, **more)
    return refused.value.code


def test_everything_came_moves_the_whole_cost_from_committed_to_accrued(world) -> None:
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    assert balance(world, order).committed == 629_00
    ident = _receive(world, order, note="Ein kartong er bulka")
    after = balance(world, order)
    assert (after.committed, after.accrued) == (0, 629_00)
    with as_system(world.bremnes.id):
        receipt = queries.receipt(ident)
        event = Entry.objects.get(event="delivery.GoodsReceived")
        assert check() == []
    assert receipt.received_by == "Berit"
    assert receipt.note == "Ein kartong er bulka"
    assert [(line.line_no, line.quantity) for line in receipt.lines] == [(1, 10 * MICRO), (2, 3 * MICRO)]
    assert event.payload["complete"] is True
    assert event.actor == world.people["berit"].id


def test_a_part_now_and_the_rest_later(world) -> None:
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    _receive(world, order, quantities={1: 6 * MICRO})
    half = balance(world, order)
    assert (half.committed, half.accrued) == (629_00 - 317_40, 317_40)
    _receive(world, order)
    done = balance(world, order)
    assert (done.committed, done.accrued) == (0, 629_00)
    with as_system(world.bremnes.id):
        complete = [
            e.payload["complete"]
            for e in Entry.objects.filter(event="delivery.GoodsReceived").order_by("seq")
        ]
        received = queries.received([order.id])
        lines = list(OrderLine.objects.filter(order=order))
    assert complete == [False, True]
    assert [received[line.id] for line in lines] == [10 * MICRO, 3 * MICRO]


def test_more_than_was_ordered_is_refused_and_nothing_is_written(world) -> None:
    order = place(world, ("10", "52.90"))
    _receive(world, order, quantities={1: 6 * MICRO})
    assert _code(world, order, quantities={1: 4 * MICRO + 1}) == "OVER_RECEIPT"
    with as_system(world.bremnes.id):
        assert Receipt.objects.count() == 1
    assert balance(world, order).accrued == 317_40


def test_a_complete_order_has_nothing_left_to_receive(world) -> None:
    order = place(world)
    _receive(world, order)
    assert _code(world, order) == "NOTHING_OPEN"


def test_a_cancelled_line_is_passed_over_and_cannot_be_received(world) -> None:
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    with as_system(world.bremnes.id):
        OrderLine.objects.filter(order=order, line_no=2).update(cancelled=True)
    assert _code(world, order, quantities={2: MICRO}) == "DELIVERY_LINE_CANCELLED"
    ident = _receive(world, order)
    with as_system(world.bremnes.id):
        assert [line.line_no for line in queries.receipt(ident).lines] == [1]
        assert Entry.objects.get(event="delivery.GoodsReceived").payload["complete"] is True


def test_a_rejected_order_cannot_be_received(world) -> None:
    assert _code(world, place(world, response_state="rejected")) == "DELIVERY_ORDER_REJECTED"


@pytest.mark.parametrize(
    ("quantities", "code"),
    [({}, "NOTHING_RECEIVED"), ({1: 0}, "NOTHING_RECEIVED"), ({9: MICRO}, "DELIVERY_LINE_UNKNOWN")],
)
def test_a_receipt_of_nothing_is_refused(world, quantities, code) -> None:
    assert _code(world, place(world), quantities=quantities) == code


def test_the_requester_may_receive_without_being_a_receiver(world) -> None:
    order = place(world, unit="nursery", requester="rektor", approver="radmann")
    _receive(world, order, "rektor")


def test_a_receiver_of_another_unit_may_not(world) -> None:
    assert _code(world, place(world, unit="school"), "bjorn") == "NOT_RECEIVER"


def test_the_approver_receives_only_by_a_logged_exception(world) -> None:
    order = place(world, unit="nursery", requester="berit", approver="styrar")
    assert _code(world, order, "styrar") == "APPROVER_RECEIVES"
    ident = _receive(world, order, "styrar", exception="Einaste på jobb i dag")
    with as_system(world.bremnes.id):
        receipt = queries.receipt(ident)
        entry = Entry.objects.get(event="delivery.GoodsReceived")
    assert receipt.by_exception and receipt.exception_reason == "Einaste på jobb i dag"
    assert entry.reason == "Einaste på jobb i dag"


def test_a_reason_given_by_somebody_who_needs_none_is_no_exception(world) -> None:
    ident = _receive(world, place(world), exception="Berre for sikkerheits skuld")
    with as_system(world.bremnes.id):
        assert not queries.receipt(ident).by_exception


def test_another_municipality_does_not_find_the_order(world) -> None:
    order = place(world)
    with viewing(world.viewer("frida", "fjell")), pytest.raises(Refusal) as refused:
        operations.receive(order_id=order.id)
    assert refused.value.code == "DELIVERY_ORDER_UNKNOWN"


def test_the_system_does_not_attest(world) -> None:
    order = place(world)
    with as_system(world.bremnes.id), pytest.raises(Refusal) as refused:
        operations.receive(order_id=order.id)
    assert refused.value.code == "RECEIVER_IS_A_PERSON"


def test_order_and_match_are_told_in_the_purchases_own_stream(world) -> None:
    order = place(world)
    _receive(world, order)
    told = Delivery.objects.filter(event="delivery.GoodsReceived", stream=order.stream)
    assert set(told.values_list("handler", flat=True)) == {"ordering.note_receipt", "matching.rematch_order"}


def test_the_chain_knows_every_row_the_receipt_wrote(world) -> None:
    from avrop.commitments.models import Movement
    from avrop.delivery.models import ReceiptLine

    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    _receive(world, order, quantities={1: MICRO, 2: MICRO}, note="Delt")
    with as_system(world.bremnes.id):
        said = {(row[0], row[1]): row[2] for entry in Entry.objects.order_by("seq") for row in entry.rows}
        for row in (*Receipt.objects.all(), *ReceiptLine.objects.all(), *Movement.objects.all()):
            assert said[row._meta.label, row.pk.hex] == row_hash(row)


def test_a_double_tap_receives_once(world) -> None:
    order = place(world)
    _receive(world, order, quantities={1: MICRO}, after=0)
    assert _code(world, order, quantities={1: MICRO}, after=0) == "RECEIVED_MEANWHILE"
    _receive(world, order, quantities={1: MICRO}, after=1)
