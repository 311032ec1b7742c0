"""The old system's open orders come along in the middle of everything; some lines have no coding."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import strategies as st
from hypothesis.stateful import rule

from avrop.coding.facts import Coding
from avrop.ordering.models import OrderLine
from avrop.ordering.takeover import operations as takeover
from avrop.ordering.tests.open_orders import line, order
from avrop.ubl.documents import order as t01
from tests.stories.walk.base import Base, count, which

CODED = Coding("11000", "210", "20200", "", "compensated")


class TakingOver(Base):
    """Orders that were approved elsewhere."""

    @rule(
        n=count,
        coding=st.sampled_from(("11000-210-20200", "?", None)),
        who=st.sampled_from(("radmann", "radmann", "berit")),
        again=st.booleans(),
    )
    def take_over(self, n: int, coding: str | None, who: str, again: bool) -> None:
        """An order of another system, perhaps twice."""
        document = order(
            self.world.bremnes,
            self.world.kontor,
            line("1", str(n)),
            line("2", "3", "24.50", item="40-3310", name="Ringperm A4 blå", coding=coding),
            number=f"UB-{n}",
            issued=self.clock.at.date(),
        )
        raw = t01.write(document)
        for _ in range(1 + again):
            self.attempt(
                who,
                takeover.take_over,
                document=document,
                sha256=sha256(raw).hexdigest(),
                size=len(raw),
            )

    @rule(index=which, who=st.sampled_from(("rekna", "rekna", "berit")))
    def give_coding(self, index: int, who: str) -> None:
        """The accountant gives a line its coding."""
        row = self.pick(OrderLine._base_manager.filter(account="").order_by("id"), index)
        if row:
            self.attempt(who, takeover.code_lines, order_id=row.order_id, lines=[row.line_no], coding=CODED)
