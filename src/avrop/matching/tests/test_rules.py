"""The three-way match, rule by rule. Expected outcomes follow Decisions 5-8 of the domain and EN 16931."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avrop.invoicing.facts import DocumentCharge
from avrop.matching import defaults
from avrop.matching.facts import Outcome
from avrop.matching.rules import judge
from avrop.matching.tests.build import OTHER, context, invoice, line, micro, order, order_line


def codes(outcome: Outcome) -> list[str]:
    return [one.code for one in outcome.failed]


def numbers(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(one.code, one.expected, one.found) for one in outcome.failed]


PAPER = order(order_line(1, "10", "52.90"), order_line(2, "4", "24.50"))


def test_a_clean_invoice_says_for_every_line_what_was_compared() -> None:
    outcome = judge(invoice(line("10", "52.90", to="1"), line("4", "24.50", to="2")), context(PAPER))
    assert outcome.state == "matched"
    assert [(one.line, one.order_line, one.outcome) for one in outcome.lines] == [
        ("1", "1", "matched"),
        ("2", "2", "matched"),
    ]
    made = {(one.code, one.line) for one in outcome.checks}
    assert {("QUANTITY", "1"), ("NOT_RECEIVED", "1"), ("PRICE", "1"), ("VAT", "1"), ("UNIT", "1")} <= made
    assert {("SUPPLIER_MISMATCH", ""), ("BANK_ACCOUNT", ""), ("CURRENCY", ""), ("TOTAL", "")} <= made


# --- pairing


def test_a_line_pairs_by_its_order_line_number_even_when_the_item_says_nothing() -> None:
    outcome = judge(invoice(line("4", "24.50", to="2", item="")), context(PAPER))
    assert [one.order_line for one in outcome.lines] == ["2"]


def test_without_a_line_number_the_sellers_item_id_decides_when_it_is_the_only_one() -> None:
    assert judge(invoice(line("4", "24.50", item="A-2")), context(PAPER)).lines[0].order_line == "2"
    twice = order(order_line(1, "5", "10", item="SAME"), order_line(2, "5", "10", item="SAME"))
    outcome = judge(invoice(line("5", "10", item="SAME")), context(twice))
    assert codes(outcome) == ["UNPAIRED_LINE"]


def test_a_lines_own_order_reference_goes_before_the_documents() -> None:
    second = order(order_line(1, "3", "7", item="B-1"), number="2026-00002")
    both = invoice(line("10", "52.90", to="1"), line("3", "7", to="1", of="2026-00002"))
    outcome = judge(both, context(PAPER, second))
    assert outcome.state == "matched"
    assert [one.order for one in outcome.lines] == ["2026-00001", "2026-00002"]
    assert set(outcome.orders) == {PAPER.id, second.id}


def test_an_item_that_was_not_ordered_deviates_but_a_line_that_costs_nothing_does_not() -> None:
    extra = judge(invoice(line("10", "52.90", to="1"), line("1", "99", item="X")), context(PAPER))
    assert numbers(extra) == [("UNPAIRED_LINE", "", "X")]
    assert extra.failed[0].stake == 12_375  # 99.00 and 25 %
    note = judge(invoice(line("10", "52.90", to="1"), line("1", "0", item="X")), context(PAPER))
    assert note.state == "matched"


def test_an_order_that_does_not_exist_deviates_and_no_reference_at_all_is_without_order() -> None:
    outcome = judge(invoice(line("1", "5", to="1"), of="2026-99999"), context(PAPER))
    assert numbers(outcome) == [("UNKNOWN_ORDER", "", "2026-99999")]
    assert judge(invoice(line("1", "5"), of=""), context(PAPER)).state == "without_order"


def test_an_invoice_without_order_stops_for_an_unknown_account_unless_nobody_knows_the_seller() -> None:
    other = invoice(line("1", "5"), of="", bank_account="97105302049")
    outcome = judge(other, context(PAPER))
    assert (outcome.state, [one.code for one in outcome.failed]) == ("deviation", ["BANK_ACCOUNT"])
    assert judge(replace(other, supplier_id=None), context(PAPER, relation=None)).state == "without_order"


# --- quantity and receipt


def test_more_than_ordered_is_a_quantity_deviation_with_the_excess_at_stake() -> None:
    outcome = judge(invoice(line("12", "52.90", to="1")), context(PAPER))
    assert numbers(outcome) == [("QUANTITY", "10", "12")]
    assert outcome.failed[0].stake == 13_225  # 2 x 52.90 and 25 %


def test_ordered_but_not_received_waits() -> None:
    outcome = judge(invoice(line("10", "52.90", to="1")), context(PAPER, received={1: "6"}))
    assert outcome.state == "awaiting_receipt"
    assert numbers(outcome) == [("NOT_RECEIVED", "6", "10")]


def test_two_lines_for_one_order_line_count_together() -> None:
    twice = invoice(line("6", "52.90", to="1"), line("6", "52.90", to="1"))
    outcome = judge(twice, context(PAPER))
    assert numbers(outcome) == [("QUANTITY", "4", "6")]


def test_a_cancelled_line_and_a_rejected_order_have_nothing_to_invoice() -> None:
    cancelled = order(order_line(1, "10", "52.90", cancelled=True))
    outcome = judge(invoice(line("10", "52.90", to="1")), context(cancelled))
    assert numbers(outcome) == [("QUANTITY", "0", "10")]
    rejected = replace(PAPER, response_state="rejected")
    assert "QUANTITY" in codes(judge(invoice(line("1", "52.90", to="1")), context(rejected)))


def test_a_negative_quantity_is_never_clean() -> None:
    both = invoice(line("10", "52.90", to="1"), line("-2", "24.50", to="2"))
    assert codes(judge(both, context(PAPER))) == ["NEGATIVE"]


def test_another_unit_is_not_converted() -> None:
    outcome = judge(invoice(line("2", "264.50", to="1", unit="PK")), context(PAPER))
    assert numbers(outcome) == [("UNIT", "EA", "PK")]


# --- price: at most 2 % and at most 50 kr a line, both; lower always passes


@pytest.mark.parametrize(
    ("ordered", "quantity", "price", "clean"),
    [
        ("100.00", "1", "102.00", True),  # exactly 2 %
        ("100.00", "1", "102.01", False),
        ("2500.00", "1", "2550.00", True),  # exactly 2 % and exactly 50 kr
        ("2500.00", "1", "2550.01", False),  # over both
        ("5000.00", "1", "5050.00", True),  # 1 %, exactly 50 kr
        ("5000.00", "1", "5051.00", False),  # 1.02 %, but 51 kr
        ("100.00", "10", "106.00", False),  # 60 kr and 6 %
        ("100.00", "1", "1.00", True),  # lower
        ("0.25", "1", "0.26", False),  # 4 %, an øre
        ("3.3333", "3", "3.3999", True),  # 1.998 %
    ],
)
def test_the_price_may_be_two_per_cent_and_fifty_kroner_above_and_no_more(
    ordered: str, quantity: str, price: str, clean: bool
) -> None:
    one = order(order_line(1, quantity, ordered))
    outcome = judge(invoice(line(quantity, price, to="1")), context(one))
    assert (codes(outcome) == []) is clean
    if not clean:
        assert codes(outcome) == ["PRICE"]


def test_a_list_price_with_its_discount_is_not_a_rise() -> None:
    one = order(order_line(1, "10", "90.00"))
    outcome = judge(invoice(line("10", "100.00", to="1", allowance="100")), context(one))
    assert outcome.state == "matched"


def test_small_differences_that_add_up_past_two_hundred_kroner_deviate_on_the_total() -> None:
    lines = [order_line(n, "1", "2450.00") for n in range(1, 7)]
    six = invoice(*(line("1", "2498.00", to=str(n)) for n in range(1, 7)))  # 48 kr each, 288 kr in all
    outcome = judge(six, context(order(*lines)))
    assert numbers(outcome) == [("TOTAL", "14700.00", "14988.00")]


# --- charges, VAT, supplier, account, currency


FREIGHT = DocumentCharge(True, "FC", "Frakt", 9_900, "S", 2500)


def test_a_charge_that_nobody_agreed_to_is_a_fee_and_an_agreed_one_is_not() -> None:
    bill = invoice(line("10", "52.90", to="1"), charges=[FREIGHT])
    assert numbers(judge(bill, context(PAPER))) == [("FEE", "0.00", "99.00")]
    assert judge(bill, context(PAPER, agreed_charges={"FC": 9_900})).state == "matched"
    assert codes(judge(bill, context(PAPER, agreed_charges={"FC": 9_800}))) == ["FEE"]


def test_agreed_freight_in_two_parts_is_one_sum() -> None:
    half = replace(FREIGHT, amount=6_000)
    bill = invoice(line("10", "52.90", to="1"), charges=[half, half])
    assert numbers(judge(bill, context(PAPER, agreed_charges={"FC": 9_900}))) == [("FEE", "99.00", "120.00")]


def test_a_charge_on_a_line_is_a_fee_and_an_allowance_on_the_document_passes() -> None:
    assert codes(judge(invoice(line("10", "52.90", to="1", charge="20")), context(PAPER))) == ["FEE"]
    rebate = DocumentCharge(False, "95", "Rabatt", 5_000, "S", 2500)
    assert judge(invoice(line("10", "52.90", to="1"), charges=[rebate]), context(PAPER)).state == "matched"


def test_another_vat_rate_deviates() -> None:
    outcome = judge(invoice(line("10", "52.90", to="1", rate=1500)), context(PAPER))
    assert numbers(outcome) == [("VAT", "S 25.00", "S 15.00")]


def test_another_seller_an_unknown_account_and_another_currency_deviate() -> None:
    one = line("10", "52.90", to="1")
    assert codes(judge(invoice(one, supplier_id=OTHER), context(PAPER))) == ["SUPPLIER_MISMATCH"]
    assert codes(judge(invoice(one, supplier_id=None), context(PAPER))) == ["SUPPLIER_MISMATCH"]
    assert codes(judge(invoice(one, bank_account="15032080119"), context(PAPER))) == ["BANK_ACCOUNT"]
    assert codes(judge(invoice(one), context(PAPER, relation=None))) == ["BANK_ACCOUNT"]
    assert codes(judge(invoice(one, currency="SEK"), context(PAPER))) == ["CURRENCY"]


def test_no_account_on_the_invoice_is_fine_where_only_one_is_known() -> None:
    assert judge(invoice(line("10", "52.90", to="1"), bank_account=""), context(PAPER)).state == "matched"


def test_rounding_of_more_than_a_krone_deviates() -> None:
    one = line("10", "52.90", to="1")
    assert judge(invoice(one, rounding=-25), context(PAPER)).state == "matched"
    assert codes(judge(invoice(one, rounding=101), context(PAPER))) == ["ROUNDING"]


# --- free text: up to the frame


def test_free_text_matches_by_amount_within_its_frame() -> None:
    work = order(order_line(1, "1", "3000.00", frame="3000.00"))
    three_hours = invoice(line("3", "900.00", to="1", unit="HUR"))
    assert judge(three_hours, context(work)).state == "matched"
    above = judge(invoice(line("4", "900.00", to="1", unit="HUR")), context(work))
    assert numbers(above) == [("PRICE", "3000.00", "3600.00")]
    early = judge(three_hours, context(work, received={}))
    assert numbers(early) == [("NOT_RECEIVED", "0.00", "2700.00")]


def test_a_price_confirmed_below_the_frame_is_the_orders_price() -> None:
    confirmed = order(order_line(1, "1", "2400.00", frame="3000.00"))
    assert judge(invoice(line("1", "2440.00", to="1")), context(confirmed)).state == "matched"
    above = judge(invoice(line("1", "2900.00", to="1")), context(confirmed))
    assert numbers(above) == [("PRICE", "2448.00", "2900.00")]  # 2 % above 2,400.00


# --- accepted deviations and the tables


def test_what_is_accepted_is_accepted_at_that_price_and_no_higher() -> None:
    dear = invoice(line("10", "60.00", to="1"))
    stake = judge(dear, context(PAPER)).failed[0].stake
    assert judge(dear, context(PAPER), {("PRICE", "1"): stake}).state == "matched"
    assert judge(dear, context(PAPER), {("PRICE", "1"): stake - 1}).state == "deviation"


def test_every_kind_of_deviation_has_an_owner_a_deadline_and_an_answer_for_the_supplier() -> None:
    kinds = defaults.kinds()
    wanted = {
        "PRICE",
        "QUANTITY",
        "NOT_RECEIVED",
        "UNKNOWN_ORDER",
        "FEE",
        "VAT",
        "SUPPLIER_MISMATCH",
        "BANK_ACCOUNT",
    }
    assert wanted <= kinds.keys()
    assert all(one.workdays > 0 and one.owner_role for one in kinds.values())
    assert not kinds["BANK_ACCOUNT"].acceptable
    assert not kinds["NOT_RECEIVED"].acceptable


def test_the_limits_are_those_of_the_decision() -> None:
    rule = defaults.tolerance()
    assert (rule.price_percent, rule.price_line) == (200, 5_000)
    assert (rule.total_percent, rule.total_amount) == (200, 20_000)
    assert micro("1") == 10**6
