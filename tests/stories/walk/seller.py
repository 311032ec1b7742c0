"""The supplier answers and bills: the clerk in the portal, and the supplier's own system."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from avrop.kernel.money import MICRO, from_micro
from avrop.ordering.models import Order, OrderLine
from avrop.portal import operations as portal
from avrop.portal.facts import LineAnswer
from avrop.portal.models import SalesChange, SalesOrder, SalesOrderLine
from tests.stories.purchase import Line, invoice_xml
from tests.stories.walk.base import Base, count, which
from tests.stories.walk.keepers import ELSEWHERE
from tests.stories.walk.letters import response_xml


def account_of(slug: str) -> str:
    """Where a supplier has always been paid."""
    return {"kontor": "86011117947", "storhus": "15032080119"}[slug]


def _billed(line: OrderLine, n: int, price: int, odd: str) -> Line:
    amount = max(Decimal(0), from_micro(line.price) + price)
    return Line(
        str(n),
        format(amount, "f"),
        line.seller_item_id,
        order_line=None if odd == "unreferenced" else str(line.line_no),
        rate="15" if odd == "rate" else str(line.vat_rate // 100),
        allowance="1.00" if odd == "discount" and amount > 1 else None,
    )


class Seller(Base):
    """Honest, mistaken or worse."""

    @rule(
        index=which,
        decision=st.sampled_from(("accept", "accept", "change", "reject")),
        line=which,
        n=count,
        price=st.sampled_from((-7, 0, 1, 40)),
        drop=st.booleans(),
    )
    def answer(self, index: int, decision: str, line: int, n: int, price: int, drop: bool) -> None:
        """The clerk answers in the portal."""
        order = self.pick(SalesOrder._base_manager.select_related("seller").order_by("-number", "id"), index)
        if not order:
            return
        one = self.pick(SalesOrderLine._base_manager.filter(order_id=order.id).order_by("position"), line)
        lines = (
            {one.line_id: LineAnswer(n * MICRO, one.price + price * MICRO, reject=drop)}
            if decision == "change"
            else {}
        )
        self.attempt(
            self.clerk(order.seller.slug), portal.answer, order.seller.slug,
            sales_order_id=order.id, decision=decision, lines=lines, note="Diverre",
        )  # fmt: skip

    @rule(
        index=which,
        code=st.sampled_from(("AB", "AP", "RE", "CA", "CA")),
        n=count,
        price=st.sampled_from((-7, 0, 1)),
    )
    def letter(self, index: int, code: str, n: int, price: int) -> None:
        """Another answer, written by the supplier's own system."""
        line = self.pick(
            OrderLine._base_manager.select_related("order__supplier").order_by("-order__number", "line_no"),
            index,
        )
        if line:
            self.told_otherwise.add(line.order.number)
            self.receive_bytes(response_xml(self.world, line, code, n, price))

    @rule(index=which, decision=st.sampled_from(("accept", "accept", "decline")))
    def answer_change(self, index: int, decision: str) -> None:
        """The clerk answers the buyer's change or cancellation."""
        asked = self.pick(
            SalesChange._base_manager.filter(state="asked").select_related("seller").order_by("id"), index
        )
        if asked:
            self.attempt(
                self.clerk(asked.seller.slug), portal.answer_change, asked.seller.slug,
                sales_change_id=asked.id, decision=decision, note="Diverre",
            )  # fmt: skip

    @rule(index=which, n=st.one_of(st.none(), count), line=st.integers(1, 3))
    def bill(self, index: int, n: int | None, line: int) -> None:
        """The clerk bills in the portal, all or some."""
        order = self.pick(SalesOrder._base_manager.select_related("seller").order_by("-number", "id"), index)
        if order:
            lines = None if n is None else {str(line): n * MICRO}
            self.attempt(
                self.clerk(order.seller.slug),
                portal.invoice,
                order.seller.slug,
                sales_order_id=order.id,
                lines=lines,
            )

    @rule(
        index=which,
        parts=st.one_of(
            st.none(),
            st.lists(st.tuples(which, count, st.sampled_from((0, 0, 0, 1, 30, -5))), min_size=1, max_size=3),
        ),
        odd=st.sampled_from(
            ("", "", "", "fee", "rounding", "account", "order", "rate", "discount", "unreferenced")
        ),
    )
    def own_bill(self, index: int, parts: list[tuple[int, int, int]] | None, odd: str) -> None:
        """The supplier's own system bills: anything, of any line, at any price."""
        order = self.pick(Order._base_manager.select_related("supplier").order_by("-number"), index)
        if not order:
            return
        lines = list(OrderLine._base_manager.filter(order_id=order.id).order_by("line_no"))
        if parts is None:  # an honest bill of everything
            parts = [(at, one.quantity // MICRO, 0) for at, one in enumerate(lines)]
        billed = [_billed(lines[at % len(lines)], n, price, odd) for at, n, price in parts]
        raw = invoice_xml(
            order.supplier,
            self.world.bremnes,
            billed,
            number=f"E{len(self.bills)}",
            order="999" if odd == "order" else order.number,
            account=ELSEWHERE if odd == "account" else account_of(order.supplier.slug),
            fee="50.00" if odd == "fee" else None,
            rounding="0.49" if odd == "rounding" else None,
            issued=self.clock.at.date(),
        )
        self.bills.append(raw)
        self.receive_bytes(raw)

    @precondition(lambda self: self.bills)
    @rule(index=which)
    def same_bill_again(self, index: int) -> None:
        """The same file comes twice, also under another envelope."""
        self.receive_bytes(self.bills[index % len(self.bills)] + b"\n" * (index % 2))
