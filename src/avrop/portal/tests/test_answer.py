"""The seller accepts, changes or rejects, and a valid Order Response leaves."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avrop.kernel.finding import Refusal
from avrop.messaging.models import Message
from avrop.portal import answers as written
from avrop.portal import operations, queries
from avrop.portal.facts import LineAnswer
from avrop.portal.tests.letters import Line, as_clerk, order_of, sent, sent_response, take
from avrop.portal.tests.test_rules import sales_order
from avrop.tenancy.queries import party
from avrop.tenancy.scope import viewing
from avrop.ubl import gate
from avrop.ubl.documents import order as order_xml
from avrop.ubl.documents import order_response as response_xml
from avrop.ubl.rulesets import Registry

MICRO = 1_000_000
TWO = (Line("10", "52.90"), Line("2", "24.50", item="40-3310", name="Ringperm"))


def _answer(world, order, decision: str, lines=None, note: str = "") -> None:
    with as_clerk(world):
        operations.answer(sales_order_id=order.id, decision=decision, lines=lines, note=note)


def _facts(world, order):
    with as_clerk(world):
        return queries.order(order.id)


def _verdict(registry: Registry, raw: bytes) -> list[str]:
    verdict = registry.judge(gate.admit(raw).root)
    assert verdict.rule_set.startswith("PEPPOLBIS-T76")
    assert verdict.valid is not None
    return [finding.id for finding in verdict.findings]


def test_accepting_all_sends_a_response_without_lines(world, registry) -> None:
    order = take(world, order_of(world, *TWO))
    _answer(world, order, "accept")
    response = sent_response(world)
    assert (response.code, response.order_reference, response.lines) == ("AP", "2026-00001", ())
    assert response.seller.endpoint.value == world.kontor.orgnr
    assert response.buyer.endpoint.value == world.bremnes.orgnr
    assert _facts(world, order).state == "accepted"
    assert _verdict(registry, sent(world, "order_response")) == []


def test_a_change_proposes_quantity_price_and_refusal_line_by_line(world, registry) -> None:
    order = take(world, order_of(world, *TWO, Line("1", "89", item="77-1180", name="Batteri")))
    changes = {
        "1": LineAnswer(quantity=8 * MICRO, price=53_500_000, note="Berre åtte på lager"),
        "2": LineAnswer(reject=True, note="Utgått"),
    }
    _answer(world, order, "change", changes)
    response = sent_response(world)
    assert response.code == "CA"
    first, second, third = response.lines
    assert (first.order_line_id, first.status_code, first.note) == ("1", "3", "Berre åtte på lager")
    assert (first.quantity.value, first.price.amount) == (Decimal(8), Decimal("53.50"))
    assert (second.status_code, second.note, second.quantity) == ("7", "Utgått", None)
    assert third.status_code == "5"
    facts = _facts(world, order)
    assert facts.state == "changed"
    assert [line.agreed_quantity for line in facts.lines] == [8 * MICRO, 0, MICRO]
    assert [line.agreed_price for line in facts.lines] == [53_500_000, 24_500_000, 89_000_000]
    assert _verdict(registry, sent(world, "order_response")) == []


def test_a_rejection_says_why_and_has_no_lines(world, registry) -> None:
    order = take(world, order_of(world, *TWO))
    _answer(world, order, "reject", note="Vi leverer ikkje lenger dette")
    response = sent_response(world)
    assert (response.code, response.notes, response.lines) == ("RE", ("Vi leverer ikkje lenger dette",), ())
    assert _verdict(registry, sent(world, "order_response")) == []
    with as_clerk(world), pytest.raises(Refusal) as refused:
        operations.invoice(sales_order_id=order.id)
    assert refused.value.code == "SALES_ORDER_REJECTED"


def test_the_response_travels_under_the_process_of_the_order(world) -> None:
    order = take(world, order_of(world))
    _answer(world, order, "accept")
    with as_clerk(world):
        message = Message.objects.get(direction="out")
    assert message.process_id == "urn:fdc:peppol.eu:poacc:bis:ordering:3"
    assert message.document_type_id == (
        "urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2::OrderResponse"
        "##urn:fdc:peppol.eu:poacc:trns:order_response:3::2.1"
    )
    assert (message.sender, message.receiver) == (world.kontor.endpoint, world.bremnes.endpoint)
    assert message.number == sent_response(world).id


@pytest.mark.parametrize(
    ("decision", "lines", "note", "code"),
    [
        ("reject", {}, "  ", "REASON_NEEDED"),
        ("change", {}, "", "NOTHING_CHANGED"),
        ("change", {"1": LineAnswer(quantity=10 * MICRO)}, "", "NOTHING_CHANGED"),
        ("change", {"1": LineAnswer(reject=True), "2": LineAnswer(reject=True)}, "", "ALL_LINES_REJECTED"),
        ("change", {"9": LineAnswer(quantity=1)}, "", "LINE_UNKNOWN"),
        ("change", {"1": LineAnswer(quantity=0)}, "", "QUANTITY_WRONG"),
        ("change", {"1": LineAnswer(price=-1)}, "", "PRICE_WRONG"),
        ("perhaps", {}, "", "DECISION_UNKNOWN"),
    ],
)
def test_an_answer_that_means_nothing_is_refused_and_nothing_is_sent(
    world, decision, lines, note, code
) -> None:
    order = take(world, order_of(world, *TWO))
    with pytest.raises(Refusal) as refused:
        _answer(world, order, decision, lines, note)
    assert refused.value.code == code
    assert _facts(world, order).state == "new"
    with as_clerk(world):
        assert not Message.objects.filter(direction="out").exists()


def test_an_order_is_answered_once(world) -> None:
    order = take(world, order_of(world))
    _answer(world, order, "accept")
    with pytest.raises(Refusal) as refused:
        _answer(world, order, "reject", note="Ombestemt")
    assert refused.value.code == "ANSWERED_ALREADY"


def test_an_order_only_order_is_not_answered(world) -> None:
    order = take(world, order_of(world, profile=order_xml.PROFILE_ORDER_ONLY))
    with pytest.raises(Refusal) as refused:
        _answer(world, order, "accept")
    assert refused.value.code == "ANSWER_NOT_WANTED"


def test_free_text_is_confirmed_within_its_frame_and_never_above(world) -> None:
    order = take(world, order_of(world, Line("1", "2000", item=None, name="Reparasjon av skrivar")))
    with pytest.raises(Refusal) as refused:
        _answer(world, order, "change", {"1": LineAnswer(price=2_000_010_000)})
    assert refused.value.code == "ABOVE_FRAME"
    _answer(world, order, "change", {"1": LineAnswer(price=1_650_000_000)})
    line = sent_response(world).lines[0]
    assert (line.status_code, line.price.amount) == ("3", Decimal("1650.00"))


def test_nobody_but_the_seller_answers(world) -> None:
    order = take(world, order_of(world))
    for who, code in (
        (world.viewer("stein", "storhus"), "SALES_ORDER_UNKNOWN"),
        (world.viewer("berit"), "NOT_A_SUPPLIER"),
    ):
        with viewing(who), pytest.raises(Refusal) as refused:
            operations.answer(sales_order_id=order.id, decision="accept")
        assert refused.value.code == code


@given(
    answers=st.lists(
        st.builds(
            LineAnswer,
            quantity=st.none() | st.integers(1, 10**9),
            price=st.none() | st.integers(0, 10**10),
            note=st.sampled_from(["", "Restordre", "Ny pakning"]),
            reject=st.booleans(),
        ),
        min_size=1,
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_answer_that_the_rules_let_through_is_a_valid_t76(world, registry, answers) -> None:
    from dataclasses import replace

    from avrop.portal import rules

    facts = sales_order(world, *(Line("3", "10") for _ in answers))
    try:
        judged = rules.judge_answer(
            facts.lines, "change", {str(i): one for i, one in enumerate(answers, 1)}, ""
        )
    except Refusal:
        return
    lines = tuple(
        replace(
            line,
            answer=judged[line.line_id][0],
            answer_quantity=judged[line.line_id][1].quantity,
            answer_price=judged[line.line_id][1].price,
            answer_note=judged[line.line_id][1].note,
        )
        for line in facts.lines
    )
    seller = party(world.kontor.id)
    document = written.response(
        replace(facts, lines=lines), seller, number="S1", code="CA", note="", issued=facts.issue_date
    )
    assert _verdict(registry, response_xml.write(document)) == []


def test_the_chain_knows_every_row_the_answer_wrote(world) -> None:
    from avrop.journal.models import Entry
    from avrop.journal.within import row_hash
    from avrop.portal.models import SalesOrder, SalesOrderLine

    order = take(world, order_of(world, *TWO))
    _answer(world, order, "change", {"1": LineAnswer(quantity=8 * MICRO)})
    with as_clerk(world):
        said = {(row[0], row[1]): row[2] for entry in Entry.objects.order_by("seq") for row in entry.rows}
        rows = [*SalesOrder.objects.all(), *SalesOrderLine.objects.all(), *Message.objects.all()]
        for row in rows:
            assert said[row._meta.label, row.pk.hex] == row_hash(row)
