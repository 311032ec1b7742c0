"""What every part of the walk stands on: the clock, who attempts what, and the queue in any order."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from avrop.journal import chain, worker
from avrop.kernel import ports
from avrop.kernel.finding import Refusal
from avrop.messaging import intake
from avrop.ordering.models import Order
from avrop.tenancy.scope import everything, viewing
from tests.stories import holds
from tests.world import World

PEOPLE = ("berit", "bjorn", "rektor", "radmann", "pleie", "fakta")
KEEPERS = ("rekna", "lokal", "ragnhild", "fakta")  # of suppliers' bank accounts
NOTES = ("", "Det stemmer", "Sjå avtalen")
which = st.integers(0, 3)
person = st.sampled_from(PEOPLE)
boss = st.sampled_from(("radmann", "radmann", *PEOPLE))
clerk = st.sampled_from(("fakta", "fakta", "radmann", *PEOPLE))
keeper = st.sampled_from((*KEEPERS, *KEEPERS, *PEOPLE))
count = st.integers(1, 6)


class Base(RuleBasedStateMachine):
    """One region, one clock, one queue. `told_otherwise`: numbers of orders about which both sides may differ."""

    world: ClassVar[World]
    folder: ClassVar[Any]
    runs: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).runs += 1
        self.clock = ports.SetClock(datetime(2026, 11, 23, 8, tzinfo=UTC))
        self.bills: list[bytes] = []
        self.told_otherwise: set[str] = set()
        self.done = ExitStack()
        settings.AVROP_DIR = self.folder / str(self.runs)
        chain.clear_heads()
        self.done.enter_context(transaction.atomic())
        self.done.enter_context(
            ports.using(clock=self.clock, ids=ports.SeededIds(7), originals=ports.MemoryOriginals())
        )

    def teardown(self) -> None:
        try:
            self.idle()
            holds.at_the_end(self.world)
        finally:
            transaction.set_rollback(True)
            self.done.close()
            chain.clear_heads()

    def attempt(self, login: str, what: Any, slug: str = "bremnes", **how: Any) -> bool:
        """True when it was done; a refusal is False."""
        self.clock.at += timedelta(seconds=1)
        try:
            with viewing(self.world.viewer(login, slug)):
                what(**how)
        except (Refusal, ObjectDoesNotExist):
            return False
        return True

    def pick(self, rows: Any, index: int) -> Any:
        """One of these rows, or None."""
        with everything("the walk picks"):
            found = list(rows)
        return found[index % len(found)] if found else None

    # --- the queue

    @rule(index=st.integers(0, 9))
    def deliver_one(self, index: int) -> None:
        """One of the deliveries that any worker could take now."""
        claimed = worker.claim(20)
        if claimed:
            worker.deliver(claimed[index % len(claimed)])
        worker.release_leases()
        holds.nothing_failed()

    @rule()
    def idle(self) -> None:
        """The workers have nothing left to do."""
        self.clock.at += timedelta(seconds=1)
        worker.run_until_idle()
        holds.nothing_failed()
        holds.when_idle(self.world, self.told_otherwise)

    # --- helpers

    def requester(self, who: str, order: Order) -> str:
        """Pleie has nothing to do with most orders: then let it be the one who asked."""
        if who != "pleie":
            return who
        logins = (login for login, one in self.world.people.items() if one.id == order.requester_id)
        return next(logins, "berit")

    def clerk(self, slug: str) -> str:
        """The clerk of a supplier."""
        return {"kontor": "selma", "storhus": "stein"}[slug]

    def receive_bytes(self, raw: bytes) -> None:
        """The access point brings bytes."""
        self.clock.at += timedelta(seconds=1)
        intake.receive(raw, transport="file")
