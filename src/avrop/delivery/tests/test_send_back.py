"""What goes back, and what never came: the budget line follows, and nothing is deleted."""

from __future__ import annotations

import pytest

from avrop.commitments.queries import check
from avrop.delivery import operations, queries
from avrop.delivery.facts import Refused
from avrop.delivery.models import Receipt
from avrop.delivery.tests.orders import MICRO, balance, place
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.ordering import queries as ordering
from avrop.tenancy.scope import as_system, viewing


def _as(world, login, what, **how):
    with viewing(world.viewer(login)):
        done = what(**how)
    run_until_idle()
    return done


def _code(world, login, what, **how) -> str:
    with pytest.raises(Refusal) as refused:
        _as(world, login, what, **how)
    return refused.value.code


def _order(world, order):
    with as_system(world.bremnes.id):
        assert check() == []
        return ordering.order(order.id)


def _buckets(world, order) -> tuple[int, int]:
    now = balance(world, order)
    return now.committed, now.accrued


@pytest.fixture
def received(world):
    """Ten at 52.90, all received: 529.00 accrued."""
    order = place(world, ("10", "52.90"), ("3", "33.3333"))
    return order, _as(world, "berit", operations.receive, order_id=order.id, quantities={1: 10 * MICRO})


def test_what_is_turned_away_at_the_door_does_not_count_and_is_still_to_come(world) -> None:
    order = place(world, ("10", "52.90"))
    how = {"quantities": {1: 7 * MICRO}, "refused": {1: Refused(3 * MICRO, "damaged")}}
    ident = _as(world, "berit", operations.receive, order_id=order.id, **how)
    assert _buckets(world, order) == (158_70, 370_30)
    with as_system(world.bremnes.id):
        (line,) = queries.receipt(ident).lines
        assert queries.received([order.id]) == {line.order_line_id: 7 * MICRO}
    assert (line.quantity, line.refused, line.reason_code) == (7 * MICRO, 3 * MICRO, "damaged")
    assert _order(world, order).receipt_state == "partial"


def test_a_delivery_of_which_nothing_was_taken_leaves_the_order_as_it_was(world) -> None:
    order = place(world, ("10", "52.90"))
    how = {"quantities": {}, "refused": {1: Refused(10 * MICRO, "wrong_item")}}
    _as(world, "berit", operations.receive, order_id=order.id, **how)
    assert _buckets(world, order) == (529_00, 0)
    assert _order(world, order).receipt_state == "none"


def test_a_refusal_needs_a_reason(world) -> None:
    order = place(world, ("10", "52.90"))
    how = {"quantities": {}, "refused": {1: Refused(MICRO, "")}}
    assert _code(world, "berit", operations.receive, order_id=order.id, **how) == "RETURN_REASON_MISSING"


def test_goods_to_be_replaced_are_committed_again_and_can_be_received_again(world, received) -> None:
    order, first = received
    how = {"receipt_id": first, "quantities": {1: 4 * MICRO}, "reason_code": "damaged"}
    back = _as(world, "berit", operations.send_back, **how, expects="replacement")
    assert _buckets(world, order) == (100_00 + 211_60, 317_40)
    with as_system(world.bremnes.id):
        line = ordering.order(order.id).lines[0]
        assert queries.returned([order.id]) == {line.id: 4 * MICRO}
        assert Receipt.objects.get(id=back).against_id == first
        assert Receipt.objects.count() == 2
    _as(world, "berit", operations.receive, order_id=order.id)
    assert _buckets(world, order) == (0, 629_00)
    assert _order(world, order).receipt_state == "full"


def test_goods_to_be_credited_shrink_the_line_and_free_the_budget(world, received) -> None:
    order, first = received
    how = {"receipt_id": first, "quantities": {1: 4 * MICRO}, "reason_code": "poor_quality"}
    _as(world, "berit", operations.send_back, **how, expects="credit")
    assert _buckets(world, order) == (100_00, 317_40)
    now = _order(world, order)
    assert (now.lines[0].quantity, now.net, now.ended) == (6 * MICRO, 417_40, "")


def test_when_everything_is_returned_for_credit_nothing_is_owed_any_more(world) -> None:
    order = place(world, ("10", "52.90"))
    first = _as(world, "berit", operations.receive, order_id=order.id)
    how = {"receipt_id": first, "quantities": {1: 10 * MICRO}, "reason_code": "wrong_item"}
    _as(world, "berit", operations.send_back, **how, expects="credit")
    assert _buckets(world, order) == (0, 0)
    now = _order(world, order)
    assert (now.ended, now.net, now.lines[0].cancelled) == ("closed", 0, True)
    assert _code(world, "berit", operations.receive, order_id=order.id) == "DELIVERY_ORDER_ENDED"


def test_no_more_goes_back_than_is_left_of_the_receipt(world, received) -> None:
    _, first = received
    how = {"receipt_id": first, "reason_code": "damaged", "expects": "replacement"}
    _as(world, "berit", operations.send_back, quantities={1: 8 * MICRO}, **how)
    assert _code(world, "berit", operations.send_back, quantities={1: 3 * MICRO}, **how) == "RETURN_TOO_MUCH"
    assert _code(world, "berit", operations.send_back, quantities={2: MICRO}, **how) == "RETURN_TOO_MUCH"
    assert _code(world, "berit", operations.send_back, quantities={1: -MICRO}, **how) == "DELIVERY_NEGATIVE"
    assert _code(world, "berit", operations.send_back, quantities={}, **how) == "RETURN_NOTHING"


def test_a_mistaken_receipt_is_corrected_beside_itself(world, received) -> None:
    order, first = received
    _as(world, "berit", operations.correct, receipt_id=first, quantities=None, reason="Feil ordre")
    assert _buckets(world, order) == (629_00, 0)
    assert _order(world, order).receipt_state == "none"
    with as_system(world.bremnes.id):
        kinds = list(Receipt.objects.order_by("number").values_list("kind", flat=True))
        assert queries.returned([order.id]) == {}
    assert kinds == ["receipt", "correction"]
    refused = _code(world, "berit", operations.correct, receipt_id=first, quantities=None, reason=" ")
    assert refused == "RETURN_REASON_MISSING"


def test_a_receiver_of_another_unit_sends_nothing_back(world, received) -> None:
    _, first = received
    how = {"receipt_id": first, "quantities": {1: MICRO}, "reason_code": "damaged", "expects": "credit"}
    assert _code(world, "bjorn", operations.send_back, **how) == "NOT_RECEIVER"


def test_a_double_tap_sends_back_once(world, received) -> None:
    _, first = received
    how = {"receipt_id": first, "quantities": {1: MICRO}, "reason_code": "damaged", "expects": "credit"}
    _as(world, "berit", operations.send_back, after=1, **how)
    assert _code(world, "berit", operations.send_back, after=1, **how) == "RECEIVED_MEANWHILE"
