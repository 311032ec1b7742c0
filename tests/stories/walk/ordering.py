"""The buyer decides on an order's life: proposals, changes, cancellation, what is not waited for."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from avrop.kernel.money import MICRO
from avrop.ordering import operations as ordering
from avrop.ordering.facts import ChangedLine, Details
from avrop.ordering.models import Order, OrderChange, OrderResponse
from tests.stories.walk.base import Base, boss, count, which


class Ordering(Base):
    """What has been ordered, wanted otherwise."""

    @rule(index=which, who=boss, accept=st.sampled_from((True, True, False)))
    def decide(self, index: int, who: str, accept: bool) -> None:
        """Somebody decides on a proposal."""
        response = self.pick(
            OrderResponse._base_manager.filter(state="proposed").order_by("-received_at"), index
        )
        if response:
            self.attempt(who, ordering.decide_change, response_id=response.id, accept=accept)

    @rule(index=which, who=boss, line=st.integers(1, 3), n=st.one_of(st.none(), count), mark=st.booleans())
    def want_otherwise(self, index: int, who: str, line: int, n: int | None, mark: bool) -> None:
        """Somebody wants more, fewer or nothing of a line, or another marking."""
        order = self.pick(Order._base_manager.order_by("-number"), index)
        if order:
            self.attempt(
                self.requester(who, order), ordering.propose_change, order_id=order.id,
                lines=[ChangedLine(line, None if n is None else n * MICRO)],
                details=Details(marking="Ny merking" if mark else None),
                agreed_with="Selma", agreed_on=self.clock.at.date(),
            )  # fmt: skip

    @rule(index=which, who=boss, how=st.sampled_from(("approve", "approve", "withdraw")))
    def decide_own_change(self, index: int, who: str, how: str) -> None:
        """Somebody approves a change that waits, or takes it back."""
        change = self.pick(OrderChange._base_manager.filter(state="awaiting").order_by("id"), index)
        if change and how == "approve":
            self.attempt(who, ordering.approve_change, change_id=change.id, seen=change.content_hash)
        elif change:
            self.attempt(who, ordering.withdraw_change, change_id=change.id, reason="Nei")

    @rule(index=which, who=boss, how=st.sampled_from(("cancel", "close", "close")))
    def end(self, index: int, who: str, how: str) -> None:
        """Somebody cancels an order, or closes what has not come."""
        order = self.pick(Order._base_manager.order_by("-number"), index)
        if order and how == "close":
            self.attempt(
                self.requester(who, order), ordering.close_rest, order_id=order.id, reason="Kjem ikkje"
            )
        elif order:
            self.attempt(
                self.requester(who, order), ordering.cancel_order, order_id=order.id, reason="Feil",
                agreed_with="Selma", agreed_on=self.clock.at.date(),
            )  # fmt: skip

    @rule(index=which, accepted=st.booleans())
    def telephone(self, index: int, accepted: bool) -> None:
        """The supplier answers a change on the telephone."""
        change = self.pick(
            OrderChange._base_manager.filter(state="sent").select_related("order").order_by("id"), index
        )
        if change:
            self.told_otherwise.add(change.order.number)
            self.attempt(
                "radmann", ordering.record_answer, change_id=change.id, accepted=accepted,
                agreed_with="Selma", agreed_on=self.clock.at.date(),
            )  # fmt: skip
