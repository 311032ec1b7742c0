"""The outcome does not depend on arrival order: orders, receipts and invoices in every order end the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise, permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.invoicing.facts import InvoiceFacts
from avrop.matching.facts import Claim
from avrop.matching.rules import Open, add_claims, all_claims, settle
from avrop.matching.tests.build import context, invoice, kroner, line, micro, order, order_line
from avrop.ordering.facts import OrderFacts


@dataclass
class Town:
    """A buyer that settles the purchase after everything that happens, and approves what is clean."""

    order: OrderFacts
    received: int = 0
    waiting: dict[str, InvoiceFacts] = field(default_factory=dict)
    approved: dict = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)

    def happen(self, event) -> None:
        kind, value = event
        if kind == "receipt":
            self.received += micro(value)
        elif kind == "change":
            (old,) = self.order.lines
            self.order = replace(self.order, lines=(replace(old, price=micro(value)),))
        else:
            self.waiting[value.number] = value
        self.settle()

    def settle(self) -> None:
        came = {one.id: self.received for one in self.order.lines}
        now = context(self.order, received={})
        now = replace(now, received=came)
        opened = [Open(one, now, self.states.get(one.number, "")) for one in self.waiting.values()]
        outcomes = settle(opened, self.approved)
        for one in list(self.waiting.values()):
            outcome = outcomes[one.id]
            self.states[one.number] = outcome.state
            if outcome.state == "matched":
                claims = all_claims(outcome.lines)
                self.approved = add_claims(self.approved, claims)
                self.paid[one.number] = sum(claim.quantity for claim in claims.values())
                del self.waiting[one.number]


def played(events, price: str = "10.00", quantity: str = "10") -> Town:
    town = Town(order(order_line(1, quantity, price)))
    for event in events:
        town.happen(event)
    return town


def test_an_accepted_price_change_a_receipt_and_the_invoice_end_the_same_in_all_six_orders() -> None:
    bill = invoice(line("10", "12.00", to="1"))
    events = [("change", "12.00"), ("receipt", "10"), ("invoice", bill)]
    ends = {tuple(sorted(played(each).states.items())) for each in permutations(events)}
    assert ends == {(("9001", "matched"),)}


def test_two_part_deliveries_and_two_part_invoices_end_the_same_in_all_orders() -> None:
    first = invoice(line("6", "10.00", to="1"), number="1")
    second = invoice(line("4", "10.00", to="1"), number="2", day=21)
    events = [("receipt", "6"), ("receipt", "4"), ("invoice", first), ("invoice", second)]
    for each in permutations(events):
        assert played(each).states == {"1": "matched", "2": "matched"}


def test_of_two_invoices_for_the_whole_one_is_paid_whichever_order_they_come_in() -> None:
    one = invoice(line("10", "10.00", to="1"), number="1")
    two = invoice(line("10", "10.00", to="1"), number="2", day=21)
    for each in permutations([("receipt", "10"), ("invoice", one), ("invoice", two)]):
        assert sorted(played(each).states.values()) == ["deviation", "matched"]
    late = played([("invoice", two), ("invoice", one), ("receipt", "10")])
    assert late.states == {"1": "matched", "2": "deviation"}  # the first by date, not by arrival


def test_an_invoice_for_more_than_was_ordered_takes_nothing_from_a_right_one() -> None:
    wrong = invoice(line("15", "10.00", to="1"), number="1")
    right = invoice(line("10", "10.00", to="1"), number="2", day=21)
    for each in permutations([("receipt", "10"), ("invoice", wrong), ("invoice", right)]):
        assert played(each).states == {"1": "deviation", "2": "matched"}


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_parts_that_add_up_are_all_paid_and_never_more_than_came(data) -> None:
    parts = data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=4), label="invoiced parts")
    whole = sum(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, whole), max_size=3), label="receipts cut at"))
    edges = [0, *cuts, whole]
    receipts = [("receipt", str(b - a)) for a, b in pairwise(edges) if b > a]
    bills = [
        ("invoice", invoice(line(str(n), "10.00", to="1"), number=str(i), day=1 + i))
        for i, n in enumerate(parts)
    ]
    events = data.draw(st.permutations([*receipts, *bills]), label="arrival")
    town = Town(order(order_line(1, str(whole), "10.00")))
    for event in events:
        town.happen(event)
        assert sum(town.paid.values()) <= town.received
    assert set(town.states.values()) == {"matched"}
    assert sum(town.paid.values()) == micro(str(whole))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_comes_in_whatever_order_no_more_is_paid_than_ordered_and_received(data) -> None:
    ordered = data.draw(st.integers(1, 12))
    parts = data.draw(st.lists(st.integers(1, 12), min_size=1, max_size=5))
    came = data.draw(st.integers(0, ordered))
    bills = [
        ("invoice", invoice(line(str(n), "10.00", to="1"), number=str(i), day=1 + i))
        for i, n in enumerate(parts)
    ]
    events = data.draw(st.permutations([*bills, *([("receipt", str(came))] if came else [])]))
    town = played(events, quantity=str(ordered))
    assert sum(town.paid.values()) <= micro(str(came))
    assert sum(claim.net for claim in town.approved.values()) <= kroner("10.00") * came
    assert all(isinstance(claim, Claim) for claim in town.approved.values())
