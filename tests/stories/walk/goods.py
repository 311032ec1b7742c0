"""Goods come, are refused at the door, go back, or never came."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from avrop.delivery import operations as delivery
from avrop.delivery.facts import Refused
from avrop.delivery.models import Receipt
from avrop.kernel.money import MICRO
from avrop.ordering.models import Order
from tests.stories.walk.base import PEOPLE, Base, count, which


class Goods(Base):
    """At the door."""

    @rule(
        index=which,
        n=count,
        line=st.integers(1, 3),
        how=st.sampled_from(("replacement", "credit", "credit", "mistake")),
    )
    def go_back(self, index: int, n: int, line: int, how: str) -> None:
        """Goods of a receipt go back, or never came."""
        receipt = self.pick(
            Receipt._base_manager.filter(kind="receipt").select_related("order").order_by("-number"), index
        )
        if receipt is None:
            return
        who, quantities = self.requester("pleie", receipt.order), {line: n * MICRO}
        if how == "mistake":
            self.attempt(who, delivery.correct, receipt_id=receipt.id, quantities=quantities, reason="Feil")
        else:
            self.attempt(
                who, delivery.send_back, receipt_id=receipt.id, quantities=quantities,
                reason_code="damaged", expects=how,
            )  # fmt: skip

    @rule(
        index=which,
        who=st.sampled_from(("pleie", "pleie", *PEOPLE)),
        n=st.one_of(st.none(), count),
        line=st.integers(1, 3),
        why=st.sampled_from(("", "Ingen andre her")),
    )
    def receive(self, index: int, who: str, n: int | None, line: int, why: str) -> None:
        """Goods come, all or some."""
        order = self.pick(Order._base_manager.order_by("-number"), index)
        if order:
            quantities = None if n is None else {line: n * MICRO}
            turned = {line: Refused(MICRO, "damaged")} if n == 2 else None
            self.attempt(
                self.requester(who, order), delivery.receive, order_id=order.id,
                quantities=quantities, refused=turned, exception=why,
            )  # fmt: skip
