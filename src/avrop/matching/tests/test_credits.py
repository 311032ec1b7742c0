"""Credit notes, rule by rule (Decision 10): where a line belongs, what it reduces, what is left of the invoice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.invoicing.facts import DocumentCharge, InvoiceFacts
from avrop.matching.facts import Claim
from avrop.matching.rules import Open, Original, add_claims, all_claims, judge, settle
from avrop.matching.rules.credits import AMOUNT, QUANTITY, checks_of, less, place, suggestion
from avrop.matching.rules.twins import other_numbers
from avrop.matching.tests.build import context, invoice, kroner, line, micro, order, order_line

PAPER = order(order_line(1, "10", "52.90"), order_line(2, "4", "24.50"))
BILL = invoice(line("10", "52.90", to="1", item="A-1"), line("4", "24.50", to="2", item="A-2"))


def note(*lines, number: str = "K-1", **more) -> InvoiceFacts:
    return invoice(*lines, number=number, kind="credit_note", credits=(BILL.id,), **more)


def original(bill: InvoiceFacts = BILL, **more) -> Original:
    return Original(bill, judge(bill, context(PAPER)).lines, "approved", **more)


@pytest.mark.parametrize(
    ("credited", "of", "whole"),
    [
        (line("2", "52.90", to="1"), "1", True),  # at the invoiced price
        (line("2", "52.90", item="A-1"), "1", True),  # by item
        (line("10", "7.10", to="1"), "1", False),  # the difference in price
        (line("1", "71.00", item="A-1"), "1", False),  # a lump sum
        (line("4", "24.50", to="2"), "2", True),  # all of it
        (line("4", "24.49", to="2"), "2", True),  # rounded by another system
        (line("2", "52.90", to="1", unit="BX"), "1", False),  # another unit: never converted by guess
        (line("11", "52.90", to="1"), "1", False),  # more than was invoiced
        (line("1", "5.00", item="X-9"), None, False),  # nowhere on the invoice
    ],
)
def test_each_line_finds_its_place_and_says_whether_goods_are_credited(credited, of, whole) -> None:
    (found,) = place(note(credited), [original()])
    assert (found.of.line_id if found.of else None, found.whole) == (of, whole)


def test_goods_that_were_sent_back_are_credited_at_whatever_price() -> None:
    back = {PAPER.lines[0].id: micro("2")}
    (found,) = place(note(line("2", "40.00", to="1")), [original()], "", back)
    assert found.whole
    assert suggestion(note(line("2", "40.00", to="1")), [original()], back) == QUANTITY
    assert suggestion(note(line("2", "40.00", to="1")), [original()], {}) == AMOUNT


def test_a_persons_word_goes_before_the_lines() -> None:
    full, part = note(line("2", "52.90", to="1")), note(line("2", "40.00", to="1"))
    assert not place(full, [original()], AMOUNT)[0].whole
    assert place(part, [original()], QUANTITY)[0].whole


def test_a_fee_is_taken_back_from_the_charges_of_the_document() -> None:
    fee = DocumentCharge(True, "FC", "Fakturagebyr", kroner("49"), "S", 2500)
    bill = replace(BILL, charges=(fee,), net=BILL.net + 4_900, payable=BILL.payable + 6_125)
    back = note(line("1", "49.00") | {"name": "Gebyr"}, number="K-2")
    (found,) = place(back, [Original(bill)])
    assert found.charge == 0
    rest = less(bill, [(back, (found,))])
    assert (rest.charges, rest.net) == ((), BILL.net)
    assert not [one for one in checks_of(back, (found,), [Original(bill)]) if not one.passed]


def test_more_than_is_left_is_said_for_the_whole_and_for_the_line() -> None:
    had = original(credited={"1": Claim(micro("9"), kroner("476.10"))}, credited_total=BILL.payable - 1)
    again = note(line("2", "52.90", to="1"))
    failed = [one for one in checks_of(again, place(again, [had]), [had]) if not one.passed]
    assert [(one.code, one.line, one.expected, one.found) for one in failed] == [
        ("CREDIT_EXCEEDS", "", "0.01", "132.25"),
        ("CREDIT_EXCEEDS", "1", "52.90", "105.80"),
        ("CREDIT_EXCEEDS", "1", "1", "2"),
    ]


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (note(line("1", "-5.00", to="1")), "NEGATIVE"),
        (note(line("1", "5.00", to="1", rate=1500)), "VAT"),
        (note(line("1", "5.00", item="Z")), "CREDIT_LINE"),
        (note(line("1", "5.00", to="1"), currency="EUR"), "CURRENCY"),
    ],
)
def test_what_is_odd_about_a_credit_note_is_a_deviation(bad: InvoiceFacts, code: str) -> None:
    failed = {one.code for one in checks_of(bad, place(bad, [original()]), [original()]) if not one.passed}
    assert code in failed


def test_an_invoice_less_its_credit_note_is_judged_as_one() -> None:
    dear = invoice(line("10", "60.00", to="1", item="A-1"))
    back = replace(note(line("10", "7.10", to="1")), credits=(dear.id,))
    opened = [Open(dear, context(PAPER)), Open(back, context(PAPER))]
    outcomes = settle(opened, {})
    assert [outcomes[one.id].state for one in (dear, back)] == ["matched", "matched"]
    assert [(one.quantity, one.net) for one in outcomes[dear.id].lines] == [(micro("10"), kroner("600"))]
    assert [(one.quantity, one.net) for one in outcomes[back.id].lines] == [(0, -kroner("71"))]
    too_little = replace(note(line("10", "1.00", to="1"), number="K-3"), credits=(dear.id,))
    outcomes = settle([Open(dear, context(PAPER)), Open(too_little, context(PAPER))], {})
    assert [outcomes[one.id].state for one in (dear, too_little)] == ["deviation", "awaiting_original"]


def test_a_held_invoice_stays_held_until_a_credit_note_makes_it_clean() -> None:
    dear = invoice(line("10", "60.00", to="1", item="A-1"))
    assert settle([Open(dear, context(PAPER), "disputed")], {})[dear.id].state == "disputed"
    back = replace(note(line("10", "7.10", to="1")), credits=(dear.id,))
    outcomes = settle([Open(dear, context(PAPER), "awaiting_credit"), Open(back, context(PAPER))], {})
    assert outcomes[dear.id].state == "matched"


def test_a_credit_note_of_a_rejected_invoice_has_nothing_to_give_back() -> None:
    back = note(line("2", "52.90", to="1"))
    rejected = replace(original(), state="rejected")
    outcome = settle([Open(back, context(PAPER), originals=(rejected,))], {})[back.id]
    assert outcome.state == "credited"


def test_twins_by_their_lines_are_suspected_only_where_there_is_no_room() -> None:
    lines = judge(BILL, context(PAPER)).lines
    assert other_numbers(lines, {"1"}, {"7": lines}) == "7"
    assert other_numbers(lines, set(), {"7": lines}) == ""
    assert other_numbers(lines, {"1"}, {"7": lines[:1]}) == ""


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_invoices_and_credits_in_any_order_never_pay_more_than_came_and_never_less_than_nothing(data) -> None:
    """A town that approves what is clean after every event: what stands invoiced is never above the receipts."""
    whole = data.draw(st.integers(1, 8), label="ordered")
    wanted = order(order_line(1, str(whole), "10.00"))
    came = data.draw(st.integers(0, whole), label="received")
    bills = [
        invoice(line(str(n), "10.00", to="1"), number=str(i), day=1 + i)
        for i, n in enumerate(data.draw(st.lists(st.integers(1, 8), min_size=1, max_size=3), label="bills"))
    ]
    notes = [
        replace(
            invoice(
                line(str(data.draw(st.integers(1, 8))), "10.00", to="1"), number=f"K{i}", kind="credit_note"
            ),
            credits=(data.draw(st.sampled_from(bills)).id,),
        )
        for i in range(data.draw(st.integers(0, 3)))
    ]
    now = replace(context(wanted, received={}), received={wanted.lines[0].id: micro(str(came))})
    waiting: dict = {}
    decided: dict = {}
    approved: dict = {}
    for event in data.draw(st.permutations([*bills, *notes]), label="arrival"):
        waiting[event.id] = event
        known = {
            one: Original(
                decided[one][0],
                decided[one][1],
                decided[one][2],
                _credited(decided, one),
                sum(o[0].payable for o in decided.values() if o[0].credits == (one,) and o[2] == "approved"),
            )
            for one in decided
        }
        opened = [
            Open(one, now, originals=tuple(known[i] for i in one.credits if i in known))
            for one in waiting.values()
        ]
        for ident, outcome in settle(opened, approved).items():
            if outcome.state in ("matched", "credited"):
                state = "approved" if outcome.state == "matched" else "credited"
                decided[ident] = (waiting.pop(ident), outcome.lines, state)
                if state == "approved":
                    approved = add_claims(approved, all_claims(outcome.lines))
        for claim in approved.values():
            assert 0 <= claim.quantity <= micro(str(came))
            assert 0 <= claim.net <= kroner("10.00") * came


def _credited(decided: dict, ident) -> dict:
    credited: dict = {}
    for facts, lines, state in decided.values():
        if facts.credits == (ident,) and state == "approved":
            for one in lines:
                of = one.of.partition(":")[2]
                credited[of] = credited.get(of, Claim()).plus(Claim(-one.quantity, -one.net))
    return credited
