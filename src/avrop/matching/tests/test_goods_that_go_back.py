"""What a line binds and accrues, whatever comes, goes back, is billed and credited, in whatever order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from avrop.coding.facts import Coding
from avrop.delivery import rules as delivery
from avrop.delivery.facts import Before
from avrop.kernel.money import MICRO, line_amount
from avrop.matching.facts import Claim, LineMatch
from avrop.matching.rules import costs
from avrop.matching.tests.build import order, order_line
from avrop.ordering import changing
from avrop.ordering.facts import Billed
from avrop.ordering.rules import told_of

SLACK = 2  # øre: each part is rounded by itself, and a line that shrinks is rounded anew
ACTS = ("receive", "bill", "credit", "back for credit", "back for others")


class Line:
    """One order line as the three rooms see it, and the two buckets of its budget, in øre."""

    def __init__(self, quantity: int, price: str, vat_treatment: str) -> None:
        coding = Coding("11000", "210", "20200", "", vat_treatment)
        self.line = order_line(1, str(quantity), price, coding=coding)
        self.each = Fraction(delivery.cost_of(self.line), quantity)
        self.before, self.claim = Before(), Claim()
        self.committed, self.accrued = delivery.cost_of(self.line), 0

    @property
    def stands(self) -> int:
        """What is ordered still, in whole units like all here."""
        return 0 if self.line.cancelled else self.line.quantity // MICRO

    @property
    def here(self) -> int:
        return self.before.quantity // MICRO

    @property
    def billed(self) -> int:
        return self.claim.quantity // MICRO

    def most(self, act: str) -> int:
        """Of how many units this can be done."""
        most = {
            "receive": self.stands - self.here,
            "bill": min(self.here, self.stands) - self.billed,
            "credit": self.billed,
        }
        return max(0, most.get(act, self.here))

    def do(self, act: str, count: int) -> None:
        """So many units of it; nothing where there are none."""
        if count and act in ("bill", "credit"):
            self._document(count if act == "bill" else -count)
        elif count:
            self._goods(act, count * MICRO)

    def _goods(self, act: str, quantity: int) -> None:
        credit = act == "back for credit"
        if act == "receive":
            accrued = delivery.accrue(self.line, self.before, quantity)
            committed, sign = -accrued, 1
        else:
            accrued, committed = delivery.give_back(self.line, self.before, quantity, credit)
            sign = -1
        self.before = Before(
            self.before.quantity + sign * quantity,
            self.before.cost + accrued,
            self.before.credited + (quantity if credit else 0),
            self.before.moved + quantity,
        )
        self._move(committed, accrued)
        now = self.before
        self.line = told_of(self.line, now.quantity, now.cost, now.credited, now.moved)

    def _document(self, count: int) -> None:
        quantity = count * MICRO
        net = line_amount(quantity, self.line.price, self.line.base_quantity)
        match = LineMatch("1", "", "", self.line.id, "", quantity, net)
        ident = self.line.id
        (one,) = costs.release([match], {ident: self.claim}, {ident: self.before}, [order(self.line)])
        self.claim = self.claim.plus(Claim(quantity, net, one.released, one.freed, one.gone))
        self._move(-one.freed, -one.released)
        told = Billed(str(len(self.line.billed)), quantity, one.released, one.gone)
        self.line = replace(self.line, billed=(*self.line.billed, told))

    def _move(self, committed: int, accrued: int) -> None:
        self.committed += committed
        self.accrued += accrued

    def check(self) -> None:
        """Bound is what neither came nor is paid; accrued what is here and not paid."""
        bound = self.each * max(0, self.stands - max(self.here, self.billed))
        unpaid = self.each * max(0, self.here - self.billed)
        assert self.committed >= 0 and abs(self.committed - bound) <= SLACK, (self.committed, bound)
        assert self.accrued >= 0 and abs(self.accrued - unpaid) <= SLACK, (self.accrued, unpaid)
        assert self.committed == changing.committed(self.line), "what a change of the order goes by"


@settings(max_examples=300, deadline=None)
@given(
    st.integers(1, 12),
    st.sampled_from(("52.90", "0.33", "12.3457", "1.005", "99999.99")),
    st.sampled_from(("compensated", "not_recoverable")),
    st.lists(st.tuples(st.sampled_from(ACTS), st.integers(1, 12)), max_size=14),
)
def test_the_buckets_follow_what_stands_and_are_empty_when_all_has_come_and_is_paid(
    quantity, price, vat_treatment, acts
) -> None:
    one = Line(quantity, price, vat_treatment)
    one.check()
    for act, count in acts:
        one.do(act, min(count, one.most(act)))
        one.check()
    one.do("credit", max(0, one.billed - one.here))
    one.do("receive", one.most("receive"))
    one.do("bill", one.most("bill"))
    assert (one.committed, one.accrued) == (0, 0)
