"""The buyer asks for things, and approves them."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from avrop.approval import operations as approval
from avrop.approval.models import ApprovalTask
from avrop.coding.facts import Coding
from avrop.kernel.money import MICRO
from avrop.requisition import operations as requisition
from avrop.requisition.facts import NewLine
from avrop.requisition.models import Requisition, RequisitionLine
from avrop.tenancy.scope import everything
from tests.stories.walk.base import Base, count, person, which

FREE = "free"
# 25 %, 25 % with a price of four decimals, 15 %, free text, 15 % by lorry
ITEMS = ("papir", "blyant", "te", FREE, "kaffi")
CODINGS = (
    None,
    Coding("11200", "210", "20200", "", "not_recoverable"),
    Coding("11150", "310", "25300", "", "deductible"),
    Coding("12000", "100", "12000", "", "compensated"),
)
basket = st.lists(st.tuples(st.integers(0, 4), count, which), min_size=1, max_size=3)


class Asking(Base):
    """Baskets and approvals."""

    @initialize(
        who=st.sampled_from(("berit", "bjorn")), lines=basket, approved=st.sampled_from((True, True, False))
    )
    def first(self, who: str, lines: list[tuple[int, int, int]], approved: bool) -> None:
        """There is always something."""
        self.ask(who, lines)
        self.idle()
        if approved:
            self.approve_all()
            self.idle()

    @rule(who=st.sampled_from(("berit", "bjorn", "radmann")), lines=basket)
    def ask(self, who: str, lines: list[tuple[int, int, int]]) -> None:
        """A basket, submitted."""
        unit = "care" if who == "bjorn" else "school"
        wanted = [self.wanted(ITEMS[i], n, CODINGS[c]) for i, n, c in lines]
        made: list[UUID] = []

        def create() -> None:
            made.append(
                requisition.create(
                    unit_id=self.world.units[unit].id, lines=wanted, address_id=self.world.addresses[unit].id
                )
            )

        if self.attempt(who, create):
            self.attempt(who, requisition.submit, requisition_id=made[0])

    @rule(index=which, who=person, how=st.sampled_from(("withdraw", "reopen", "submit", "submit")))
    def take_back(self, index: int, who: str, how: str) -> None:
        """A basket is given up, reopened or submitted again."""
        basket = self.pick(Requisition._base_manager.order_by("-number"), index)
        if basket:
            self.attempt(who, getattr(requisition, how), requisition_id=basket.id)

    @rule(index=which, n=count)
    def change(self, index: int, n: int) -> None:
        """The requester changes a quantity (and hopes that nobody looks again)."""
        line = self.pick(
            RequisitionLine._base_manager.select_related("requisition__requester").order_by("-id"), index
        )
        if line:
            login = line.requisition.requester.login
            self.attempt(login, requisition.change_line, line_id=line.id, quantity=n * MICRO)

    @rule(index=which, who=person)
    def approve(self, index: int, who: str) -> None:
        """Somebody approves what they see, asked or not."""
        task = self.pick(ApprovalTask._base_manager.order_by("-opened_at", "id"), index)
        if task:
            seen = {task.id: task.content_hash}
            if self.attempt(who, approval.approve, task_ids=[task.id], seen=seen):
                assert not self.attempt(who, approval.approve, task_ids=[task.id], seen=seen), (
                    "approved twice"
                )

    @rule()
    def approve_all(self) -> None:
        """Those who are asked approve."""
        with everything("the walk looks"):
            tasks = list(ApprovalTask._base_manager.filter(state="pending").order_by("id"))
        for task in tasks:
            for login in ("rektor", "pleie", "radmann"):
                if self.attempt(
                    login, approval.approve, task_ids=[task.id], seen={task.id: task.content_hash}
                ):
                    break

    @rule(index=which, who=person)
    def send_back(self, index: int, who: str) -> None:
        """An approver returns a basket."""
        task = self.pick(ApprovalTask._base_manager.filter(state="pending").order_by("id"), index)
        if task:
            self.attempt(who, approval.return_, task_id=task.id, comment="Kvifor?")

    def wanted(self, item: str, n: int, coding: Coding | None) -> NewLine:
        """A line of a basket; free text is a frame of so many hundreds."""
        if item != FREE:
            return NewLine(item_id=self.world.items[item].id, quantity=n * MICRO, coding=coding)
        supplier = self.world.kontor.id
        return NewLine(
            name="Flytting av piano", frame=n * 100_00, reason="Golvet", supplier_id=supplier, coding=coding
        )
