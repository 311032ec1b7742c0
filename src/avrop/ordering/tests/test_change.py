"""The buyer's own changes: what needs an approval, what the budget says, what the supplier answers."""

from __future__ import annotations

from datetime import date

import pytest

from avrop.coding.models import BudgetControl
from avrop.commitments.models import Account
from avrop.commitments.queries import check
from avrop.delivery import operations as delivery
from avrop.journal.models import Case
from avrop.journal.worker import run_until_idle
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.ordering import operations, queries
from avrop.ordering.facts import ChangedLine, Details
from avrop.ordering.models import Order, OrderChange
from avrop.ordering.tests.test_answer import decide, line, proposal, respond
from avrop.portal import operations as portal
from avrop.portal import queries as sales
from avrop.requisition.tests.helpers import approve_all, free_line, item_line, submitted
from avrop.suppliers.models import SupplierRelation
from avrop.tenancy import cache
from avrop.tenancy.scope import as_system, everything, viewing
from tests.world import MICRO


def ask(world, order, *lines, login="berit", **more):
    wanted = [ChangedLine(no, n if n is None else n * MICRO) for no, n in lines]
    with viewing(world.viewer(login)):
        ident = operations.propose_change(order_id=order.id, lines=wanted, **more)
    run_until_idle()
    return ident


def approve(world, login="rektor", seen=None) -> None:
    with as_system(world.bremnes.id):
        change = OrderChange.objects.get(state="awaiting")
    with viewing(world.viewer(login)):
        operations.approve_change(change_id=change.id, seen=seen or change.content_hash)
    run_until_idle()


def answer(world, order, decision="accept", **more) -> None:
    with viewing(world.seller()):
        found = sales.order_by_number(order.number)
        asked = [one for one in sales.changes_of(found.id) if one.state == "asked"]
        portal.answer_change(sales_change_id=asked[-1].id, decision=decision, **more)
    run_until_idle()


def now(world, order):
    with as_system(world.bremnes.id):
        assert check() == []
        return queries.order(order.id)


def changes(world, order) -> list[tuple[str, str]]:
    with as_system(world.bremnes.id):
        return [(one.kind, one.state) for one in queries.changes(order.id)]


def committed(world) -> int:
    with as_system(world.bremnes.id):
        return sum(Account.objects.values_list("committed", flat=True))


def code(what, *args, **more) -> str:
    with pytest.raises(Refusal) as refused:
        what(*args, **more)
    return refused.value.code


def process(world, value: str) -> None:
    with as_system(world.bremnes.id):
        SupplierRelation.objects.update(process=value)


def test_the_requester_orders_less_without_asking_anybody(world, order):
    ask(world, order, (1, 8))
    assert changes(world, order) == [("change", "sent")]
    assert (now(world, order).net, committed(world)) == (627_00, 627_00), "the order stands until answered"
    answer(world, order)
    assert (now(world, order).net, committed(world)) == (521_20, 521_20)
    assert now(world, order).approved_gross == 651_50


def test_somebody_else_in_the_unit_must_have_a_decrease_approved(world, order):
    ask(world, order, (1, 8), login="rektor")
    assert changes(world, order) == [("change", "awaiting")]
    assert code(approve, world, "rektor") == "CHANGE_NOT_YOURS_TO_APPROVE"
    assert code(approve, world, "berit") == "CHANGE_NOT_YOURS_TO_APPROVE"
    approve(world, "radmann")
    assert changes(world, order) == [("change", "sent")]


def test_another_address_or_marking_is_approved_anew(world, order):
    ask(world, order, details=Details(marking="Rom 7", wanted_by=date(2026, 12, 1)))
    approve(world)
    answer(world, order)
    found = now(world, order)
    assert (found.marking, found.wanted_by) == ("Rom 7", date(2026, 12, 1))


def test_an_approval_is_of_what_was_seen(world, order):
    ask(world, order, (1, 12))
    assert code(approve, world, seen="0" * 64) == "CHANGE_OUTDATED"


def test_an_increase_that_the_supplier_declines_binds_nothing_more(world, order):
    ask(world, order, (1, 20))
    approve(world)
    assert committed(world) == 627_00 + 529_00
    answer(world, order, "decline", note="Utselt")
    assert changes(world, order) == [("change", "declined")]
    assert (now(world, order).net, committed(world)) == (627_00, 627_00)
    with as_system(world.bremnes.id):
        case = Case.objects.get(kind="change_declined")
    assert (case.owner_role, case.params["note"]) == ("requisitioner", "Utselt")


def test_what_the_supplier_takes_of_a_change_stands_and_the_rest_stays(world, order):
    ask(world, order, (1, 20), (2, None))
    approve(world)
    answer(world, order, "lines", declined={"1": True}, note="Papiret er utselt")
    found = now(world, order)
    assert [(one.quantity, one.cancelled) for one in found.lines] == [(10 * MICRO, False), (4 * MICRO, True)]
    assert committed(world) == 529_00
    with as_system(world.bremnes.id):
        assert queries.changes(order.id)[0].declined == (1,)


def test_under_block_an_increase_above_the_limit_is_refused(world, order):
    with as_system(world.bremnes.id):
        BudgetControl.objects.update(mode="block")
        Account.objects.filter(committed__gt=0).update(limit=700_00)
    cache.clear()
    ask(world, order, (1, 20))
    assert code(approve, world) == "CHANGE_OVER_BUDGET"
    assert committed(world) == 627_00


def test_a_change_is_taken_back_and_turned_down(world, order):
    first = ask(world, order, (1, 12))
    with viewing(world.viewer("berit")):
        operations.withdraw_change(change_id=first)
    second = ask(world, order, (1, 13))
    with viewing(world.viewer("rektor")):
        assert code(operations.withdraw_change, change_id=second) == "CHANGE_REASON_MISSING"
        operations.withdraw_change(change_id=second, reason="For mykje")
    assert changes(world, order) == [("change", "withdrawn")] * 2


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([(1, 10)], "CHANGE_NOTHING"),
        ([(9, 1)], "CHANGE_UNKNOWN_LINE"),
        ([(1, 0)], "CHANGE_NOT_POSITIVE"),
        ([(1, None), (2, None)], "CHANGE_EMPTIES"),
    ],
)
def test_what_cannot_be_asked_for(world, order, lines, expected):
    assert code(ask, world, order, *lines) == expected


def test_nothing_below_what_has_come_and_no_second_change_meanwhile(world, order):
    with viewing(world.viewer("berit")):
        delivery.receive(order_id=order.id, quantities={1: 6 * MICRO, 2: 4 * MICRO})
        assert (
            code(operations.propose_change, order_id=order.id, lines=[ChangedLine(1, 5 * MICRO)])
            == "CHANGE_BELOW_RECEIVED"
        ), "also before the order has been told"
        assert (
            code(operations.propose_change, order_id=order.id, lines=[ChangedLine(2, 5 * MICRO)])
            == "CHANGE_ALL_CAME"
        )
    ask(world, order, (1, 8))
    assert code(ask, world, order, (1, 7)) == "CHANGE_WAITS"


def test_free_text_can_only_be_taken_out(world):
    submitted(world, item_line(world, "papir", 10), free_line(world, "Reparasjon", 900))
    approve_all(world)
    with as_system(world.bremnes.id):
        own = Order.objects.get(agreement_ref="")
    assert code(ask, world, own, (1, 2)) == "CHANGE_OF_FRAME"


def test_with_a_supplier_who_takes_no_changes_it_is_agreed_and_stands_at_once(world):
    process(world, "order_only")
    submitted(world, item_line(world, "papir", 10))
    approve_all(world)
    with as_system(world.bremnes.id):
        own = Order.objects.get()
    assert code(ask, world, own, (1, 8)) == "AGREED_MISSING"
    ask(world, own, (1, 8), agreed_with="Kari hos Kontorvarer", agreed_on=date(2026, 11, 23))
    assert changes(world, own) == [("change", "accepted")]
    assert (now(world, own).net, committed(world)) == (423_20, 423_20)
    with everything("the test looks"):
        assert not Message.objects.filter(document_type="order_change").exists()


def test_an_answer_by_telephone_is_recorded_with_whom_and_when(world, order):
    ident = ask(world, order, (1, 8))
    with viewing(world.viewer("berit")):
        operations.record_answer(
            change_id=ident, accepted=True, agreed_with="Selma", agreed_on=date(2026, 11, 23)
        )
    run_until_idle()
    assert (changes(world, order), committed(world)) == ([("change", "accepted")], 521_20)
    answer(world, order)  # the message comes all the same, and changes nothing
    assert (changes(world, order), committed(world)) == ([("change", "accepted")], 521_20)


def test_a_cancellation_that_the_supplier_declines_leaves_the_order(world, order):
    with viewing(world.viewer("berit")):
        assert code(operations.cancel_order, order_id=order.id, reason=" ") == "CHANGE_REASON_MISSING"
        operations.cancel_order(order_id=order.id, reason="Fann papir")
    run_until_idle()
    answer(world, order, "decline", note="Alt sendt")
    assert (now(world, order).ended, changes(world, order)) == ("", [("cancellation", "declined")])
    assert committed(world) == 627_00


def test_closing_the_rest_of_an_order_of_which_nothing_came_cancels_it_for_the_supplier(world, order):
    with viewing(world.viewer("berit")):
        operations.close_rest(order_id=order.id, reason="Kjem aldri")
    run_until_idle()
    found = now(world, order)
    assert (found.ended, found.net, committed(world)) == ("closed", 0, 0)
    with everything("the test looks"):
        assert Message.objects.filter(document_type="order_cancellation", direction="out").count() == 1
    answer(world, order, "decline", note="Bilen er på veg")
    with as_system(world.bremnes.id):
        assert Case.objects.filter(kind="change_declined").count() == 1


def test_the_supplier_is_told_what_became_of_their_proposal(world, order):
    respond(world, order, "CA", line(1, quantity="8"))
    assert decide(world, accept=False) == ""
    run_until_idle()
    assert changes(world, order) == [("restatement", "accepted")]
    assert now(world, order).response_state == "accepted", "the supplier was told, and has said yes"


def test_a_supplier_who_takes_no_changes_is_told_by_a_person(world):
    process(world, "ordering")
    submitted(world, item_line(world, "papir", 10))
    approve_all(world)
    with as_system(world.bremnes.id):
        own = Order.objects.get()
    respond(world, own, "CA", line(1, quantity="8"))
    assert proposal(world).state == "proposed"
    assert decide(world, accept=False) == ""
    with as_system(world.bremnes.id):
        assert Case.objects.get(kind="tell_supplier").params["number"] == own.number
