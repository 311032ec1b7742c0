"""A change or cancellation is answered, in whole or by line; the answer (T116) is valid and the order follows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avrop.journal.models import Entry
from avrop.journal.within import row_hash
from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import operations, queries
from avrop.portal.facts import LineAnswer
from avrop.portal.models import SalesChange, SalesChangeLine, SalesOrder, SalesOrderLine
from avrop.portal.tests.letters import (
    Line,
    as_clerk,
    cancellation_of,
    change_of,
    order_of,
    sent,
    sent_advanced,
    sent_invoice,
    take,
    take_cancellation,
    take_change,
)
from avrop.tenancy.scope import everything, viewing
from avrop.ubl import gate
from avrop.ubl.documents import order as order_xml
from avrop.ubl.documents import order_change

MICRO = 1_000_000


@pytest.fixture
def ordered(world):
    document = order_of(
        world,
        Line("10", "52.90"),
        Line("2", "49.90", "15", name="Kaffi"),
        profile=order_xml.PROFILE_ADVANCED,
    )
    order = take(world, document)
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
    return document, order


def _findings(registry, raw: bytes) -> list[str]:
    verdict = registry.judge(gate.admit(raw).root)
    assert verdict.valid is not None
    return [finding.id for finding in verdict.findings]


def _answer(world, asked, decision, **more):
    with as_clerk(world):
        operations.answer_change(sales_change_id=asked.id, decision=decision, **more)
        return queries.order(asked.order_id)


def test_an_order_under_advanced_ordering_is_answered_by_t116(world, registry) -> None:
    order = take(world, order_of(world, Line("10", "5"), profile=order_xml.PROFILE_ADVANCED))
    with as_clerk(world):
        operations.answer(
            sales_order_id=order.id, decision="change", lines={"1": LineAnswer(quantity=8 * MICRO)}
        )
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    response = sent_advanced(world)
    assert (response.code, response.order_change_reference) == ("CA", None)
    assert response.profile_id == "urn:fdc:peppol.eu:poacc:bis:advanced_ordering:3"


def test_a_change_that_is_accepted_stands_from_now_on(world, registry, ordered) -> None:
    document, _order = ordered
    change = change_of(
        document,
        ("1", "3", Line("20", "52.90")),
        ("2", "2", Line()),
        ("3", "1", Line("1", "99", name="Tavle")),
    )
    assert _findings(registry, order_change.write(change)) == []
    stands = _answer(world, take_change(world, change), "accept")
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    response = sent_advanced(world)
    assert (response.code, response.order_change_reference, response.id) == ("AP", "E-1", "2026-00001-S2")
    assert response.lines == ()
    assert [(line.line_id, line.agreed_quantity) for line in stands.lines] == [
        ("1", 20 * MICRO),
        ("2", 0),
        ("3", MICRO),
    ]
    # 20 x 52.90 + 99.00
    assert (stands.net, stands.state, stands.changes_asked) == (1157_00, "accepted", 0)
    with as_clerk(world):
        operations.invoice(sales_order_id=stands.id)
        assert queries.order(stands.id).state == "invoiced"
    assert [(one.order_line, one.quantity.value) for one in sent_invoice(world).lines] == [
        ("1", Decimal(20)),
        ("3", Decimal(1)),
    ]


def test_a_change_declined_leaves_the_order_as_it_was(world, registry, ordered) -> None:
    document, _order = ordered
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    with pytest.raises(Refusal) as refused:
        _answer(world, asked, "decline")
    assert refused.value.code == "DECLINE_REASON_NEEDED"
    stands = _answer(world, asked, "decline", note="Vi har berre ti.")
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    assert (sent_advanced(world).code, sent_advanced(world).notes) == ("RE", ("Vi har berre ti.",))
    assert [line.agreed_quantity for line in stands.lines] == [10 * MICRO, 2 * MICRO]
    assert (stands.state, stands.changes_asked) == ("accepted", 0)


def test_a_change_is_answered_line_by_line(world, registry, ordered) -> None:
    document, _order = ordered
    change = change_of(
        document,
        ("1", "3", Line("20", "52.90")),
        ("2", "2", Line()),
        ("3", "1", Line("1", "99", name="Tavle")),
    )
    stands = _answer(world, take_change(world, change), "lines", declined={"2": True, "3": True})
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    response = sent_advanced(world)
    assert response.code == "CA"
    # 5: as asked. 3: with what stands. 7: not added.
    assert [(one.order_line_id, one.status_code, one.quantity) for one in response.lines] == [
        ("1", "5", response.lines[0].quantity),
        ("2", "3", response.lines[1].quantity),
        ("3", "7", None),
    ]
    assert [one.quantity.value for one in response.lines[:2]] == [Decimal(20), Decimal(2)]
    assert [line.agreed_quantity for line in stands.lines] == [20 * MICRO, 2 * MICRO]


def test_delivery_follows_a_change_that_is_accepted(world, ordered) -> None:
    from dataclasses import replace

    document, _order = ordered
    where = replace(document.delivery, location_name="Fjell skule", shipping_marks="Vareinngang sør")
    stands = _answer(world, take_change(world, change_of(document, delivery=where)), "accept")
    assert (stands.delivery["name"], stands.marking) == ("Fjell skule", "Vareinngang sør")


def test_a_cancelled_order_owes_nothing(world, registry, ordered) -> None:
    document, order = ordered
    stands = _answer(world, take_cancellation(world, cancellation_of(document)), "accept")
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    response = sent_advanced(world)
    assert (response.code, response.order_reference, response.order_change_reference) == (
        "AP",
        "2026-00001",
        None,
    )
    assert (stands.state, stands.gross) == ("cancelled", 0)
    with as_clerk(world), pytest.raises(Refusal) as refused:
        operations.invoice(sales_order_id=order.id)
    assert refused.value.code == "SALES_ORDER_CANCELLED"


def test_a_new_order_that_is_cancelled_needs_no_other_answer(world) -> None:
    document = order_of(world, profile=order_xml.PROFILE_ADVANCED)
    take(world, document)
    stands = _answer(world, take_cancellation(world, cancellation_of(document)), "accept")
    assert stands.state == "cancelled"


def test_what_is_invoiced_cannot_be_taken_back(world, registry, ordered) -> None:
    document, order = ordered
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id, lines={"1": 4 * MICRO})
    asked = take_cancellation(world, cancellation_of(document))
    with pytest.raises(Refusal) as refused:
        _answer(world, asked, "accept")
    assert (refused.value.code, refused.value.params["line"]) == ("CHANGE_BELOW_INVOICED", "1")
    stands = _answer(world, asked, "lines", declined={"1": True})
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    assert [(one.order_line_id, one.status_code) for one in sent_advanced(world).lines] == [
        ("1", "3"),
        ("2", "5"),
    ]
    assert [line.open for line in stands.lines] == [6 * MICRO, 0]
    assert stands.state == "accepted"


def test_the_rest_is_closed_by_a_change_down_to_what_is_invoiced(world, ordered) -> None:
    document, order = ordered
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id, lines={"1": 4 * MICRO})
    change = change_of(document, ("1", "3", Line("4", "52.90")), ("2", "2", Line()))
    stands = _answer(world, take_change(world, change), "accept")
    assert stands.state == "invoiced"


def test_more_of_an_invoiced_order_opens_it_again(world, ordered) -> None:
    document, order = ordered
    with as_clerk(world):
        operations.invoice(sales_order_id=order.id)
    stands = _answer(
        world, take_change(world, change_of(document, ("1", "3", Line("20", "52.90")))), "accept"
    )
    assert (stands.state, [line.open for line in stands.lines]) == ("accepted", [10 * MICRO, 0])


def test_a_buyer_who_restates_the_order_gets_it_as_ordered(world) -> None:
    document = order_of(world, Line("10", "5"), profile=order_xml.PROFILE_ADVANCED)
    order = take(world, document)
    with as_clerk(world):
        operations.answer(
            sales_order_id=order.id, decision="change", lines={"1": LineAnswer(quantity=8 * MICRO)}
        )
    stands = _answer(world, take_change(world, change_of(document, ("1", "3", Line("10", "5")))), "accept")
    assert (stands.state, stands.lines[0].agreed_quantity) == ("accepted", 10 * MICRO)


def test_another_unit_is_not_accepted(world, ordered) -> None:
    document, _order = ordered
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90", unit="XPK"))))
    with pytest.raises(Refusal) as refused:
        _answer(world, asked, "accept")
    assert refused.value.code == "CHANGE_OF_UNIT"


@pytest.mark.parametrize(
    ("decision", "declined", "code"),
    [
        ("perhaps", {}, "DECISION_UNKNOWN"),
        ("lines", {"9": True}, "LINE_UNKNOWN"),
        ("lines", {"1": True}, "ALL_LINES_DECLINED"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_name(world, ordered, decision, declined, code) -> None:
    document, _order = ordered
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    with pytest.raises(Refusal) as refused:
        _answer(world, asked, decision, declined=declined)
    assert refused.value.code == code


def test_a_change_is_answered_once(world, ordered) -> None:
    document, _order = ordered
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    _answer(world, asked, "accept")
    with pytest.raises(Refusal) as refused:
        _answer(world, asked, "accept")
    assert refused.value.code == "CHANGE_ANSWERED"


def test_a_stranger_cannot_answer_it(world, ordered) -> None:
    document, _order = ordered
    asked = take_change(world, change_of(document, ("1", "3", Line("20", "52.90"))))
    with viewing(world.viewer("stein", "storhus")), pytest.raises(Refusal) as refused:
        operations.answer_change(sales_change_id=asked.id, decision="accept")
    assert refused.value.code == "SALES_CHANGE_UNKNOWN"


def test_the_chain_knows_every_row_the_answer_wrote(world, ordered) -> None:
    document, _order = ordered
    asked = take_change(
        world, change_of(document, ("1", "2", Line()), ("3", "1", Line("1", "99", name="Tavle")))
    )
    _answer(world, asked, "lines", declined={"1": True})
    with as_clerk(world):
        said = {(row[0], row[1]): row[2] for entry in Entry.objects.order_by("seq") for row in entry.rows}
        for model in (SalesOrder, SalesOrderLine, SalesChange, SalesChangeLine, Message):
            for row in model.objects.all():
                assert said[row._meta.label, row.pk.hex] == row_hash(row)


_wish = st.tuples(
    st.sampled_from(("3", "2", "4", "74")), st.integers(1, 10**6), st.integers(0, 10**6), st.booleans()
)
_count = iter(range(10**6))


@given(st.lists(_wish, min_size=1, max_size=5), st.lists(st.booleans(), max_size=2))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_asked_and_answered_both_letters_are_valid(world, registry, wishes, added) -> None:
    lines = [Line("5", "10", "15") for _ in wishes]
    document = order_of(world, *lines, number=f"2026-H{next(_count)}", profile=order_xml.PROFILE_ADVANCED)
    order = take(world, document)
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision="accept")
    asked = [
        (str(at), action, Line(_text(quantity), _text(price), "15"))
        for at, (action, quantity, price, _no) in enumerate(wishes, 1)
    ]
    asked += [(f"N{at}", "1", Line("1", "3")) for at, _ in enumerate(added)]
    change = change_of(document, *asked)
    assert _findings(registry, order_change.write(change)) == []
    row = take_change(world, change)
    no = {str(at): True for at, (_a, _q, _p, declined) in enumerate(wishes, 1) if declined}
    no |= {f"N{at}": True for at, declined in enumerate(added) if declined}
    with as_clerk(world):
        from avrop.portal.rules.changing import differs

        others = {line.line_id for line in queries.change(row.id).lines if differs(line)}
        chosen = {line_id: True for line_id in no if line_id in others}
        if row.state == "asked" and chosen and set(chosen) == others:
            operations.answer_change(sales_change_id=row.id, decision="decline", note="Nei")
        elif row.state == "asked":
            operations.answer_change(sales_change_id=row.id, decision="lines", declined=chosen)
        stands = queries.order(order.id)
    assert _findings(registry, sent(world, "order_response_advanced")) == []
    assert stands.net == sum(line.net for line in stands.lines if not line.cancelled)
    with everything("the letters of this example"):
        assert not SalesChange.objects.filter(order_id=order.id, state="asked").exists()


def _text(micro: int) -> str:
    return f"{Decimal(micro) / 100:.2f}"
