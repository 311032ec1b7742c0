"""Postings: they sum to zero, to the øre, whatever the coding, the rates and the charges."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.accounting.defaults import chart
from avrop.accounting.facts import BatchAnswer
from avrop.accounting.rules import compensation_account, mismatch, post
from avrop.coding.facts import COMPENSATED, DEDUCTIBLE, NOT_RECOVERABLE, Coding
from avrop.invoicing.facts import DocumentCharge
from avrop.kernel.finding import Refusal
from avrop.kernel.money import from_micro
from avrop.matching.rules import judge
from avrop.matching.rules.costs import allocate
from avrop.matching.tests.build import context, invoice, line, order, order_line

SCHOOL = Coding("11200", "210", "20200", "", COMPENSATED)
WATER = Coding("11950", "400", "34500", "", DEDUCTIBLE)
CANTEEN = Coding("11150", "210", "20200", "", NOT_RECOVERABLE)
BUILDING = Coding("02300", "500", "22200", "7012", COMPENSATED)


def posted(bill, *orders):
    outcome = judge(bill, context(*orders))
    parts = allocate(bill, outcome.lines, {one.number: one for one in orders})
    return post(bill, parts, chart())


def seen(lines) -> list[tuple[str, str, str, int]]:
    return [(one.kind, one.account, one.vat_code, one.amount) for one in lines]


def test_compensated_vat_goes_on_art_429_with_the_costs_responsibility_and_function() -> None:
    one = order(order_line(1, "10", "52.90", coding=SCHOOL))
    lines = posted(invoice(line("10", "52.90", to="1")), one)
    assert seen(lines) == [
        ("cost", "11200", "1K", 52_900),
        ("vat", "14290", "1K", 13_225),
        ("supplier", "23200", "", -66_125),
    ]
    assert (lines[1].responsibility, lines[1].function) == ("210", "20200")


def test_investment_keeps_its_class_and_project_on_art_429() -> None:
    one = order(order_line(1, "1", "1000.00", coding=BUILDING))
    lines = posted(invoice(line("1", "1000.00", to="1")), one)
    assert [(x.account, x.project) for x in lines[:2]] == [("02300", "7012"), ("04290", "7012")]


def test_deductible_vat_is_a_claim_and_vat_that_does_not_come_back_is_cost() -> None:
    both = order(order_line(1, "1", "100.00", coding=WATER), order_line(2, "1", "100.00", coding=CANTEEN))
    lines = posted(invoice(line("1", "100.00", to="1"), line("1", "100.00", to="2")), both)
    assert seen(lines) == [
        ("cost", "11950", "1", 10_000),
        ("vat", "21310", "1", 2_500),
        ("cost", "11150", "0", 12_500),
        ("supplier", "23200", "", -25_000),
    ]


def test_two_rates_and_freight_sum_as_the_norms_worked_example() -> None:
    # 3 x 33.3333 at 25 %, 2 x 49.90 at 15 %, freight 10.00 at 25 %: 209.80 + 27.50 + 14.97 = 252.27
    both = order(
        order_line(1, "3", "33.3333", coding=SCHOOL), order_line(2, "2", "49.90", rate=1500, coding=SCHOOL)
    )
    freight = DocumentCharge(True, "FC", "Frakt", 1_000, "S", 2500)
    bill = invoice(line("3", "33.3333", to="1"), line("2", "49.90", to="2", rate=1500), charges=[freight])
    assert (bill.net, bill.vat, bill.payable) == (20_980, 4_247, 25_227)
    assert seen(posted(bill, both)) == [
        ("cost", "11200", "1K", 11_000),
        ("vat", "14290", "1K", 2_750),
        ("cost", "11200", "11K", 9_980),
        ("vat", "14290", "11K", 1_497),
        ("supplier", "23200", "", -25_227),
    ]


def test_vat_split_over_codings_sums_exactly_to_the_invoice() -> None:
    # 3 x 0.05 at 25 %: VAT on the sum is 0.04, on each line it would be 0.01
    codings = {n: replace(SCHOOL, function=f"2020{n}") for n in (1, 2, 3)}
    three = order(*(order_line(n, "1", "0.05", coding=codings[n]) for n in (1, 2, 3)))
    bill = invoice(*(line("1", "0.05", to=str(n)) for n in (1, 2, 3)))
    lines = posted(bill, three)
    assert [x.amount for x in lines if x.kind == "vat"] == [2, 1, 1]
    assert sum(x.amount for x in lines) == 0


def test_rounding_has_a_line_of_its_own() -> None:
    one = order(order_line(1, "1", "99.99", coding=SCHOOL))
    bill = invoice(line("1", "99.99", to="1"), rounding=1)
    lines = posted(bill, one)
    assert ("rounding", "11200", "0", 1) in seen(lines)
    assert lines[-1].amount == -bill.payable


def test_an_amount_paid_in_advance_leaves_the_rest_to_pay() -> None:
    one = order(order_line(1, "1", "100.00", coding=SCHOOL))
    bill = invoice(line("1", "100.00", to="1"))
    bill = replace(bill, prepaid=5_000, payable=bill.gross - 5_000)
    assert seen(posted(bill, one))[-2:] == [
        ("supplier", "23200", "", -7_500),
        ("prepaid", "23200", "", -5_000),
    ]


def test_costs_that_do_not_make_up_the_invoice_are_refused() -> None:
    one = order(order_line(1, "1", "100.00", coding=SCHOOL))
    bill = invoice(line("1", "100.00", to="1"))
    parts = allocate(bill, judge(bill, context(one)).lines, {one.number: one})
    with pytest.raises(Refusal, match="POSTING_UNBALANCED"):
        post(bill, [replace(parts[0], net=parts[0].net + 1)], chart())


@pytest.mark.parametrize(
    ("account", "wanted"), [("11200", "14290"), ("02300", "04290"), ("1120", "1429"), ("112001", "142900")]
)
def test_the_compensation_account_keeps_class_and_length(account: str, wanted: str) -> None:
    assert compensation_account(account, chart()) == wanted


CODINGS = st.builds(
    Coding,
    account=st.sampled_from(["11000", "11200", "02300"]),
    responsibility=st.sampled_from(["100", "210"]),
    function=st.sampled_from(["12000", "20200"]),
    project=st.just("7012"),
    vat_treatment=st.sampled_from([COMPENSATED, DEDUCTIBLE, NOT_RECOVERABLE]),
)
LINES = st.tuples(
    CODINGS,
    st.integers(1, 10**8),  # quantity, scaled
    st.integers(1, 10**9),  # price, scaled
    st.sampled_from([2500, 1500, 1200, 0]),
)


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(LINES, min_size=1, max_size=8),
    charges=st.lists(
        st.builds(
            DocumentCharge,
            charge=st.booleans(),
            code=st.just("FC"),
            reason=st.just(""),
            amount=st.integers(1, 10**5),
            vat_category=st.just("S"),
            vat_rate=st.sampled_from([2500, 1500]),
        ),
        max_size=3,
    ),
    rounding=st.integers(-99, 99),
)
def test_every_posting_sums_to_zero_and_costs_and_vat_are_the_invoices_own(lines, charges, rounding) -> None:
    wanted, billed = [], []
    for n, (coding, quantity, price, rate) in enumerate(lines, 1):
        q, p = format(from_micro(quantity), "f"), format(from_micro(price), "f")
        wanted.append(order_line(n, q, p, rate=rate, coding=coding))
        billed.append(line(q, p, to=str(n), rate=rate))
    one = order(*wanted)
    bill = invoice(*billed, charges=charges, rounding=rounding)
    parts = allocate(bill, judge(bill, context(one)).lines, {one.number: one})
    assert sum(part.net for part in parts) == bill.net
    assert sum(part.vat for part in parts) == bill.vat
    result = post(bill, parts, chart())
    assert sum(x.amount for x in result) == 0
    assert result[-1].amount == -bill.payable


def test_an_answer_must_agree_on_count_sum_and_vouchers() -> None:
    a, b = UUID(int=1), UUID(int=2)
    sent = {a: 100, b: 200}
    right = BatchAnswer(UUID(int=9), 2, 300, {a: "B1", b: "B2"})
    assert mismatch(sent, right) == ""
    assert mismatch(sent | {UUID(int=3): 0}, right) == "COUNT"
    assert mismatch(sent, replace(right, total=301)) == "SUM"
    assert mismatch(sent, replace(right, vouchers={a: "B1", b: "B1"})) == "VOUCHERS"
    assert mismatch(sent, replace(right, vouchers={a: "B1"})) == "VOUCHERS"
    assert mismatch(sent, replace(right, vouchers={a: "B1", b: ""})) == "VOUCHERS"
    assert mismatch(sent, replace(right, vouchers={a: "B1", UUID(int=7): "B2"})) == "VOUCHERS"
    assert mismatch(sent, right, used={"B2"}) == "USED"


def test_accepted_and_rejected_together_are_what_was_sent() -> None:
    a, b = UUID(int=1), UUID(int=2)
    sent = {a: 100, b: -200}  # a credit note counts with its sign
    partly = BatchAnswer(UUID(int=9), 1, 100, {a: "B1"}, {b: "Konto finst ikkje"})
    assert mismatch(sent, partly) == ""
    assert mismatch(sent, replace(partly, total=-100)) == "SUM"
    assert mismatch(sent, replace(partly, count=2)) == "COUNT"
    assert mismatch(sent, replace(partly, vouchers={b: "B1"})) == "VOUCHERS"
    assert mismatch(sent, BatchAnswer(UUID(int=9), 0, 0, {}, {a: "nei", b: "nei"})) == ""
    assert mismatch(sent, BatchAnswer(UUID(int=9), 1, 100, {a: "B1"}, {a: "nei"})) == "SUM"
