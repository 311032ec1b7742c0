"""Arithmetic as EN 16931 means it (domain.md 2.4): the worked example, and what holds for every invoice."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avrop.ubl import build
from avrop.ubl.arithmetic import in_books, line_amount, net_price, share, split, sums_of, to_ore, whole_krone
from avrop.ubl.checks import check_invoice
from avrop.ubl.documents import parts as p
from avrop.ubl.documents.invoice import Invoice
from avrop.ubl.kinds import Quantity
from avrop.ubl.tests.strategies import invoices

D = Decimal
S25, S15, E0 = p.TaxCategory("S", D(25)), p.TaxCategory("S", D(15)), p.TaxCategory("E", D(0))
money = st.decimals(D("-99999"), D("99999"), places=2)
categories = st.sampled_from([S25, S15, E0, p.TaxCategory("S", D("11.11"))])


def test_the_worked_example_of_the_domain_adds_up() -> None:
    first = line_amount(D(3), p.Price(D("33.3333")))
    second = line_amount(D(2), p.Price(D("49.90")))
    freight = p.AllowanceCharge(charge=True, amount=D("10.00"), reason="Frakt", tax=S25)
    sums = sums_of([(S25, first), (S15, second)], [freight])
    assert (first, second) == (D("100.00"), D("99.80"))
    assert [(b.category.percent, b.base, b.tax) for b in sums.bands] == [
        (D(15), D("99.80"), D("14.97")),
        (D(25), D("110.00"), D("27.50")),
    ]
    assert (sums.exclusive, sums.tax, sums.payable) == (D("209.80"), D("42.47"), D("252.27"))


@pytest.mark.parametrize(
    ("value", "rounded"),
    [("0.005", "0.01"), ("-0.005", "-0.01"), ("2.675", "2.68"), ("0.0049999", "0.00"), ("1", "1.00")],
)
def test_a_half_is_rounded_away_from_nothing(value: str, rounded: str) -> None:
    assert to_ore(D(value)) == D(rounded)


@pytest.mark.parametrize(("base", "tax"), [("-0.82", "-0.20"), ("0.82", "0.21"), ("-0.83", "-0.21")])
def test_an_agreement_takes_a_negative_half_towards_nothing_as_its_rule_does(base: str, tax: str) -> None:
    """T110-R024 recomputes by XPath's round() and has no slack."""
    assert [one.tax_amount for one in build.vat_breakdown([(S25, D(base))])] == [D(tax)]


@pytest.mark.parametrize("category", ["E", "AE", "K", "G", "O"])
def test_where_no_vat_is_charged_the_breakdown_says_why(category: str) -> None:
    """BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10."""
    (one,) = build.vat_breakdown([(p.TaxCategory(category, D(0)), D(100))])
    assert one.category.exemption_reason


def test_a_line_has_its_price_per_base_quantity_and_its_own_charges() -> None:
    price = p.Price(D("100"), Quantity(D(12), "C62"))
    off = p.AllowanceCharge(charge=False, amount=D("1.50"))
    more = p.AllowanceCharge(charge=True, amount=D("0.25"))
    assert line_amount(D(5), price, (off, more)) == D("40.42")  # 500 / 12 = 41.666..., less 1.50, and 0.25


def test_a_net_price_is_gross_less_discount_to_the_last_decimal() -> None:
    assert net_price(D("10.00005"), D("0.00001")) == D("10.00004")


def test_what_is_paid_already_and_the_rounding_change_only_what_is_payable() -> None:
    sums = sums_of([(S25, D("100.30"))], prepaid=D("25.00"))
    rounded = whole_krone(sums)
    assert (sums.inclusive, sums.payable) == (D("125.38"), D("100.38"))  # 25.075 is 25.08
    assert (rounded.payable, rounded.rounding, rounded.inclusive) == (D(100), D("-0.38"), D("125.38"))


def test_vat_in_the_currency_of_the_books_is_one_amount_without_breakdown() -> None:
    total = in_books(D("42.47"), D("11.7350"), "NOK")
    assert (total.amount, total.currency, total.subtotals) == (D("498.39"), "NOK", ())  # 498.38545


@given(st.lists(st.tuples(categories, money), min_size=1, max_size=8))
def test_vat_is_computed_on_the_sum_of_a_rate_and_never_per_line(rows: list[tuple[p.TaxCategory, D]]) -> None:
    sums = sums_of(rows)
    for band in sums.bands:
        base = sum(
            (a for c, a in rows if (c.id, c.percent) == (band.category.id, band.category.percent)), D(0)
        )
        exact = Fraction(base) * Fraction(band.category.percent or 0) / 100
        assert band.base == base
        assert abs(Fraction(band.tax) - exact) <= Fraction(1, 200)
    assert sums.inclusive == sum(a for _, a in rows) + sum(b.tax for b in sums.bands)


@given(st.lists(st.tuples(categories, money), min_size=1, max_size=8), st.randoms())
def test_the_order_of_the_lines_changes_no_sum(rows: list[tuple[p.TaxCategory, D]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert sums_of(mixed) == sums_of(rows)


@given(st.lists(st.tuples(categories, money), min_size=1, max_size=8))
def test_a_credit_of_everything_is_the_same_with_the_other_sign(rows: list[tuple[p.TaxCategory, D]]) -> None:
    there, back = sums_of(rows), sums_of([(c, -a) for c, a in rows])
    assert there.payable + back.payable == 0
    assert there.tax + back.tax == 0


@given(invoices())
def test_what_we_sum_up_our_own_checks_find_nothing_in(invoice: Invoice) -> None:
    assert check_invoice(invoice) == ()


@given(invoices(), st.sampled_from(["0.99", "1.00"]))
def test_vat_of_others_may_be_less_than_one_krone_off(invoice: Invoice, off: str) -> None:
    total = invoice.tax_totals[0]
    first = replace(total.subtotals[0], tax_amount=total.subtotals[0].tax_amount + D(off))
    wrong = replace(total, amount=total.amount + D(off), subtotals=(first, *total.subtotals[1:]))
    totals = replace(
        invoice.totals,
        tax_inclusive=(invoice.totals.tax_inclusive or D(0)) + D(off),
        payable=invoice.totals.payable + D(off),
    )
    found = [f.id for f in check_invoice(replace(invoice, tax_totals=(wrong,), totals=totals))]
    assert found == ([] if off == "0.99" else ["BR-CO-17"])


@given(invoices(), st.sampled_from(["0.02", "0.03"]))
def test_a_line_of_others_may_be_two_cents_off(invoice: Invoice, off: str) -> None:
    line = invoice.lines[0]
    changed = replace(line, line_extension_amount=line.line_extension_amount + D(off))
    summed = build.sum_up_invoice(replace(invoice, lines=(changed, *invoice.lines[1:])))
    exact = line.quantity.value * line.price.amount + sum(
        (c.amount if c.charge else -c.amount for c in line.allowance_charges), D(0)
    )
    apart = abs(changed.line_extension_amount - exact)
    found = [f.id for f in check_invoice(summed)]
    assert found == (["PEPPOL-EN16931-R120"] if apart > D("0.02") else [])


@given(money, st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_a_divided_amount_loses_no_cent(amount: D, weights: list[int]) -> None:
    parts = split(amount, [D(w) for w in weights])
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(amount) * weight / sum(weights)) < Fraction(1, 100)


@given(st.decimals(D("0"), D("99999"), places=2), st.decimals(D("0"), D("100"), places=2))
def test_a_percentage_is_rounded_once(base: D, percent: D) -> None:
    exact = Fraction(base) * Fraction(percent) / 100
    cents = (exact * 100 + Fraction(1, 2)).__floor__()
    assert share(base, percent) == D(cents) / 100
    assert share(base, percent) == (base * percent / 100).quantize(D("0.01"), ROUND_HALF_UP)
