"""A buyer's change or cancellation is laid beside the order; what is late, twice or lost is told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avrop.journal.models import Entry
from avrop.journal.within import row_hash
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import operations, queries
from avrop.portal.facts import LineAnswer
from avrop.portal.models import SalesChange, SalesChangeLine, SalesOrder
from avrop.portal.rules.changing import differs
from avrop.portal.tests.letters import (
    Line,
    as_clerk,
    cancellation_of,
    change_of,
    order_of,
    party,
    sent_advanced,
    take,
    take_cancellation,
    take_change,
)
from avrop.tenancy.scope import as_system
from avrop.ubl.documents import order as order_xml

MICRO = 1_000_000
ADVANCED = order_xml.PROFILE_ADVANCED


@pytest.fixture
def ordered(world):
    document = order_of(world, Line("10", "52.90"), Line("2", "49.90", "15", name="Kaffi"), profile=ADVANCED)
    return document, take(world, document)


def _refused(take_it, world, document) -> str:
    with pytest.raises(Refusal) as refused:
        take_it(world, document)
    return refused.value.code


def test_a_change_waits_and_the_order_stands_as_it_was(world, ordered) -> None:
    document, order = ordered
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    with as_clerk(world):
        facts = queries.change(asked.id)
        stands = queries.order(order.id)
    assert (facts.kind, facts.state, facts.sequence) == ("change", "asked", 1)
    assert facts.note == "Vi treng fleire."
    assert [(one.action, one.quantity) for one in facts.lines] == [("3", 20 * MICRO), ("4", 2 * MICRO)]
    assert [line.quantity for line in stands.lines] == [10 * MICRO, 2 * MICRO]
    assert stands.changes_asked == 1


def test_while_a_change_waits_the_order_is_neither_answered_nor_invoiced(world, ordered) -> None:
    document, order = ordered
    take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    with as_clerk(world):
        for run in (
            lambda: operations.answer(sales_order_id=order.id, decision="accept"),
            lambda: operations.invoice(sales_order_id=order.id),
        ):
            with pytest.raises(Refusal) as refused:
                run()
            assert refused.value.code == "ANSWER_CHANGE_FIRST"


def test_a_newer_change_takes_the_place_of_one_not_answered(world, ordered) -> None:
    document, _order = ordered
    first = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    second = take_change(
        world, change_of(document, ("1", "3", Line("15", "52.90")), number="E-2", sequence="2")
    )
    with as_clerk(world):
        assert SalesChange.objects.get(id=first.id).state == "superseded"
        assert SalesChange.objects.get(id=second.id).state == "asked"


def test_an_older_change_after_a_newer_one_is_refused(world, ordered) -> None:
    document, _order = ordered
    take_change(world, change_of(document, ("1", "3", Line("15", "52.90")), number="E-2", sequence="2"))
    assert _refused(take_change, world, change_of(document, number="E-1", sequence="1")) == "CHANGE_OLDER"
    assert _refused(take_change, world, change_of(document, number="E-3", sequence="2")) == "CHANGE_OLDER"


def test_the_same_change_twice_is_a_duplicate(world, ordered) -> None:
    document, _order = ordered
    change = change_of(document, ("1", "3", Line("20", "52.90")))
    first = take_change(world, change)
    assert take_change(world, replace(change, notes=("Purring",))) is None
    with as_clerk(world):
        assert SalesChange.objects.count() == 1
        again = Message.objects.get(state="duplicate")
    assert (again.refers_to, again.reason) == (f"portal.SalesChange:{first.id.hex}", "CHANGE_SEEN_BEFORE")


def test_a_change_without_a_sequence_number_is_the_next(world, ordered) -> None:
    document, _order = ordered
    take_change(world, change_of(document, number="E-1", sequence="4"))
    asked = take_change(world, replace(change_of(document, number="E-2"), sequence_number=None))
    assert asked.sequence == 5


def test_a_change_of_an_order_that_never_came_is_refused(world, ordered) -> None:
    document, _order = ordered
    other = replace(change_of(document), order_reference="2026-99999")
    assert _refused(take_change, world, other) == "CHANGE_OF_UNKNOWN_ORDER"
    gone = replace(cancellation_of(document), order_reference="2026-99999")
    assert _refused(take_cancellation, world, gone) == "CHANGE_OF_UNKNOWN_ORDER"


def test_another_municipality_cannot_change_the_order(world, ordered) -> None:
    document, _order = ordered
    assert (
        _refused(take_change, world, replace(change_of(document), buyer=party(world.fjell)))
        == "CHANGE_OF_UNKNOWN_ORDER"
    )


def test_a_rejected_order_is_not_changed(world, ordered) -> None:
    document, order = ordered
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="reject", note="Utgått vare")
    assert _refused(take_change, world, change_of(document)) == "CHANGE_OF_ENDED_ORDER"
    assert _refused(take_cancellation, world, cancellation_of(document)) == "CHANGE_OF_ENDED_ORDER"


def test_a_cancellation_waits_and_nothing_overtakes_it(world, ordered) -> None:
    document, order = ordered
    change = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    asked = take_cancellation(world, cancellation_of(document))
    assert (
        _refused(take_change, world, change_of(document, number="E-2", sequence="2"))
        == "CHANGE_WHILE_CANCELLED"
    )
    with as_clerk(world):
        assert SalesChange.objects.get(id=change.id).state == "superseded"
        facts = queries.change(asked.id)
        assert queries.order(order.id).state == "new"
    assert facts.note == "Skulen er stengd etter vasskade."
    assert [one.action for one in facts.lines] == ["2", "2"]


def test_a_line_named_twice_is_refused(world, ordered) -> None:
    document, _order = ordered
    change = change_of(document)
    twice = replace(change, lines=(change.lines[0], change.lines[0]))
    message = _deliver(change)
    with as_system(world.kontor.id), pytest.raises(Refusal) as refused:
        operations.take_change(message_id=message, document=twice)
    assert refused.value.code == "LINE_TWICE"


def _deliver(change):
    from avrop.portal.tests.letters import deliver
    from avrop.ubl.documents import order_change

    return deliver(order_change.write(change))


def test_the_chain_knows_every_row_that_was_written(world, ordered) -> None:
    document, _order = ordered
    take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    take_change(world, change_of(document, ("1", "2", Line()), number="E-2", sequence="2"))
    with as_clerk(world):
        said = {(row[0], row[1]): row[2] for entry in Entry.objects.order_by("seq") for row in entry.rows}
        for model in (SalesOrder, SalesChange, SalesChangeLine, Message):
            for row in model.objects.all():
                assert said[row._meta.label, row.pk.hex] == row_hash(row)


def test_a_buyer_who_confirms_our_proposal_needs_no_answer_from_a_person(world) -> None:
    document = order_of(world, Line("10", "52.90"), Line("2", "24.50"), Line("1", "5"), profile=ADVANCED)
    order = take(world, document)
    with as_clerk(world):
        answers = {"1": LineAnswer(quantity=8 * MICRO, price=50 * MICRO), "2": LineAnswer(reject=True)}
        operations.answer(sales_order_id=order.id, decision="change", lines=answers)
    asked = take_change(world, change_of(document, ("1", "3", Line("8", "50")), ("2", "2", Line())))
    with as_clerk(world):
        stands = queries.order(order.id)
        operations.invoice(sales_order_id=order.id)
    assert (asked.state, stands.state, stands.changes_asked) == ("accepted", "accepted", 0)
    assert [(line.answer, line.quantity, line.cancelled) for line in stands.lines] == [
        ("5", 8 * MICRO, False),
        ("5", 2 * MICRO, True),
        ("5", MICRO, False),
    ]
    assert stands.net == 405_00
    assert sent_advanced(world).code == "AP"


def test_a_buyer_who_restates_the_order_says_no_to_our_proposal(world) -> None:
    document = order_of(world, Line("10", "52.90"), Line("2", "24.50"), profile=ADVANCED)
    order = take(world, document)
    with as_clerk(world):
        operations.answer(
            sales_order_id=order.id, decision="change", lines={"1": LineAnswer(quantity=8 * MICRO)}
        )
    asked = take_change(world, change_of(document))  # every line "not affected": 10 and 2
    assert asked.state == "asked"
    with as_clerk(world):
        facts = queries.change(asked.id)
        assert [differs(line) for line in facts.lines] == [True, False]
        operations.answer_change(sales_change_id=asked.id, decision="accept")
        assert queries.order(order.id).lines[0].agreed_quantity == 10 * MICRO


def test_a_change_that_asks_nothing_new_is_answered_at_once(world, ordered) -> None:
    document, order = ordered
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
    assert take_change(world, change_of(document)).state == "accepted"


def test_an_order_that_nobody_has_answered_is_not_accepted_by_saying_it_twice(world, ordered) -> None:
    document, order = ordered
    assert take_change(world, change_of(document)).state == "asked"
    with as_clerk(world):
        assert queries.order(order.id).state == "new"
