"""Whatever a clerk and a buyer do to an order, in any order: what is invoiced, credited and left adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avrop.kernel.finding import Refusal
from avrop.kernel.money import line_amount
from avrop.portal import operations, queries
from avrop.portal.facts import Credit, LineAnswer
from avrop.portal.models import SalesInvoice, SalesInvoiceLine, SalesOrder, SalesOrderLine
from avrop.portal.tests.letters import (
    Line,
    answer_invoice,
    as_clerk,
    cancellation_of,
    change_of,
    order_of,
    take,
    take_cancellation,
    take_change,
)
from avrop.ubl.documents.order import PROFILE_ADVANCED, Order

MICRO = 1_000_000
_orders, _letters = count(1), count(1)
_step = st.tuples(
    st.sampled_from(
        ("answer", "invoice", "invoice", "credit", "credit", "told", "ask", "ask", "cancel", "reply")
    ),
    st.integers(0, 2),
    st.integers(1, 12),
    st.integers(0, 3),
)


class Play:
    """One order of two lines, and everything that can be done to it."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.document: Order = order_of(
            world,
            Line("10", "52.90"),
            Line("3", "33.33", "15"),
            number=f"2026-W{next(_orders)}",
            profile=PROFILE_ADVANCED,
        )
        self.order: UUID = take(world, self.document).id

    def do(self, what: str, which: int, n: int, how: int) -> None:
        """One step; a refusal changes nothing."""
        steps: dict[str, Callable[[int, int, int], object]] = {
            "answer": self.answer,
            "invoice": self.invoice,
            "credit": self.credit,
            "told": self.told,
            "ask": self.ask,
            "cancel": lambda *_: take_cancellation(self.world, cancellation_of(self.document, self.number())),
            "reply": self.reply,
        }
        with suppress(Refusal):
            steps[what](which, n, how)

    def number(self) -> str:
        return f"L-{next(_letters)}"

    def answer(self, which: int, n: int, how: int) -> None:
        with as_clerk(self.world):
            lines = {"1": LineAnswer(quantity=n * MICRO, reject=which == 2)}
            operations.answer(
                sales_order_id=self.order,
                decision=("accept", "accept", "change", "reject")[how],
                lines=lines if how == 2 else {},
                note="x",
            )

    def invoice(self, which: int, n: int, how: int) -> None:
        with as_clerk(self.world):
            lines = None if how == 0 else {str(which or 1): n * MICRO // (how + 1)}
            operations.invoice(sales_order_id=self.order, lines=lines)

    def bills(self) -> list[SalesInvoice]:
        return list(SalesInvoice.objects.filter(order_id=self.order, kind="invoice").order_by("number"))

    def credit(self, which: int, n: int, how: int) -> None:
        with as_clerk(self.world):
            bills = self.bills()
            if not bills:
                return
            one = Credit(quantity=n * MICRO // 2) if how == 1 else Credit(amount=n * 7_77)
            operations.credit_invoice(
                sales_invoice_id=bills[which % len(bills)].id,
                lines=None if how == 0 else {1: one},
                reason="x",
            )

    def told(self, which: int, n: int, how: int) -> None:
        with as_clerk(self.world):
            bills = self.bills()
        if bills:
            code = ("RE", "UQ", "AP", "AB")[how]
            answer_invoice(self.world, self.world.bremnes, bills[which % len(bills)].number, code)

    def ask(self, which: int, n: int, how: int) -> None:
        wish = (("1", "3", Line(str(n), "52.90")), ("2", "2", Line()), (f"N{n}", "1", Line(str(n), "9.99")))
        take_change(
            self.world,
            change_of(self.document, wish[which], number=self.number(), sequence=str(next(_letters))),
        )

    def reply(self, which: int, n: int, how: int) -> None:
        with as_clerk(self.world):
            for one in queries.changes_of(self.order):
                if one.state == "asked":
                    decision = ("accept", "accept", "decline", "lines")[how]
                    operations.answer_change(
                        sales_change_id=one.id,
                        decision=decision,
                        declined={str(which or 1): True} if how == 3 else {},
                        note="x",
                    )

    def holds(self) -> None:
        """What is true after every step."""
        with as_clerk(self.world):
            order = SalesOrder.objects.get(id=self.order)
            lines = list(SalesOrderLine.objects.filter(order_id=self.order))
            counted = self.counted()
            for line in lines:
                assert line.invoiced == counted[line.id]
                assert line.invoiced >= 0
            self.bills_hold()
            facts = queries.order(self.order)
            assert facts is not None
            assert all(line.invoiced <= line.agreed_quantity for line in facts.lines)
            standing = [line for line in facts.lines if not line.cancelled]
            assert order.net == sum(
                line_amount(line.quantity, line.price, line.base_quantity) for line in standing
            )
            assert (order.state == "cancelled") == (not standing and not any(line.invoiced for line in lines))
            if order.state == "invoiced":
                assert not any(line.open for line in facts.lines)
            waiting = [one for one in queries.changes_of(self.order) if one.state == "asked"]
            assert order.changes_asked == len(waiting) <= 1

    def counted(self) -> dict[UUID, int]:
        """Order line -> what its invoices bill, less goods credited; nothing of a rejected invoice."""
        total: dict[UUID, int] = defaultdict(int)
        for line in SalesInvoiceLine.objects.filter(invoice__order_id=self.order).select_related(
            "invoice__credits"
        ):
            if line.invoice.kind == "invoice" and not line.invoice.released:
                total[line.order_line_id] += line.quantity
            if (
                line.invoice.kind == "credit_note"
                and not line.amount_only
                and not line.invoice.credits.released
            ):
                total[line.order_line_id] -= line.quantity
        return total

    def bills_hold(self) -> None:
        """An invoice is never credited beyond itself, and its credit notes are its `credited`."""
        for bill in self.bills():
            notes = SalesInvoice.objects.filter(credits_id=bill.id)
            assert bill.credited == sum(note.gross for note in notes) <= bill.gross
            assert sum(note.net for note in notes) <= bill.net
            for line in queries.billed(bill.id):
                assert line.quantity_left >= 0 and line.net_left >= 0


@given(st.lists(_step, min_size=4, max_size=14))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_invoices_credit_notes_changes_and_rejections_add_up_in_any_order(world, steps) -> None:
    play = Play(world)
    with as_clerk(world):
        operations.answer(sales_order_id=play.order, decision="accept")
    for step in steps:
        play.do(*step)
        play.holds()
