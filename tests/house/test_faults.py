"""Disk full and locked database at the n-th call, every n: nothing half done, a clear error, and a retry succeeds."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from avrop.accounting import double
from avrop.accounting import jobs as accounting_jobs
from avrop.accounting.models import Posting
from avrop.approval.models import ApprovalTask
from avrop.invoicing.models import Invoice
from avrop.journal import worker
from avrop.journal.models import Delivery
from avrop.kernel import points, ports
from avrop.kernel.canonical import canonical
from avrop.messaging import intake
from avrop.messaging.models import Message
from tests.house.faults import Faults, faults
from tests.robot import Robot
from tests.stories import holds
from tests.stories.purchase import Line, invoice_xml

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 200  # calls of one act; more would be an act that never ends
LEASE = timedelta(seconds=65)  # a lease and the first waiting time are over
# What the worker notes of its own tries is no effect.
TRIES = {"state", "run_after", "lease_until", "attempts", "token", "error", "done_at"}


def contents() -> str:
    """Everything the tables hold, as one hash; of a delivery only whether it is done."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if not model.__module__.startswith("avrop."):
            continue
        fields = [f.attname for f in model._meta.concrete_fields]
        if model is Delivery:
            fields = [f for f in fields if f not in TRIES]
        for row in model._base_manager.order_by("pk").values_list(*fields):
            digest.update(canonical([str(value) for value in row]))
    for row in Delivery.objects.filter(state="done").order_by("id").values_list("id"):
        digest.update(canonical(row))
    return digest.hexdigest()


class Chain:
    """Acts, each tried with a fault at its first call, its second, ... until it needs no more calls than that."""

    def __init__(self, fault: Faults, clock: ports.SetClock, every: int) -> None:
        self.fault, self.clock, self.every = fault, clock, every
        self.stood = ""  # what the tables held after the last commit
        self.tried = 0
        points.listen(self._passed)

    def _passed(self, name: str) -> None:
        if name.startswith("after commit"):
            with self.fault.off():
                self.stood = contents()

    def person(self, act: Callable[[], Any]) -> None:
        """A person acts, sees an error, acts again."""
        self._each(act, quiet=False)

    def work(self) -> None:
        """The worker delivers what there is, one at a time."""
        for _ in range(MOST):
            with self.fault.off():
                left = list(Delivery.objects.exclude(state="done").values_list("handler", "state", "error"))
            if not left:
                return
            self._each(deliver_one, quiet=True)
        raise AssertionError(f"work without end: {left}")

    def _each(self, act: Callable[[], Any], quiet: bool) -> None:
        for n in range(1 + self.tried % self.every, MOST, self.every):
            with self.fault.off():
                self.stood = contents()
            met: Exception | None = None
            with self.fault.arm(n):
                try:
                    act()
                except (DatabaseError, OSError) as error:
                    met = error
            self.tried += 1
            with self.fault.off():
                assert contents() == self.stood, f"half done after call {n}"
                self._wait()
            if not self.fault.fired:
                assert met is None
                return
            assert quiet or met, f"nobody was told of the fault at call {n}"
        raise AssertionError("an act without end")

    def _wait(self) -> None:
        """Time passes; what failed has its eight tries again."""
        self.clock.at += LEASE
        Delivery.objects.filter(state__in=("queued", "running")).update(attempts=0)


def deliver_one() -> None:
    """The worker's turn."""
    for claimed in worker.claim(1):
        worker.deliver(claimed)


@contextmanager
def chain(kind: str, every: int) -> Any:
    """A chain on a disk of its own, with faults of a kind."""
    clock = ports.SetClock(ports.now())
    originals = ports.FolderOriginals(Path(settings.AVROP_DIR) / "originals")
    logging.disable(logging.ERROR)  # the worker says each failure aloud
    try:
        with faults(kind) as fault, ports.using(clock=clock, originals=originals):
            yield Chain(fault, clock, every)
    finally:
        points.listen(None)
        logging.disable(logging.NOTSET)


def whole_purchase(world: Any, kind: str, every: int) -> int:
    """From the basket to the voucher number, and an invoice from outside that nobody ordered."""
    stray = invoice_xml(world.kontor, world.bremnes, [Line("1", "500.00", "")], number="stray")
    with chain(kind, every) as play:
        robot = Robot("paper", work=lambda: None)
        for act in (
            robot.ask,
            robot.approve,
            robot.answer,
            robot.receive,
            robot.invoice,
            robot.release,
            lambda: double.answer_all(accounting_jobs.folder()),
            accounting_jobs.read_answers,
            lambda: intake.receive(stray, transport="file"),
        ):
            play.person(act)
            play.work()
        points.listen(None)
        ends_well(world)
        return play.tried


def ends_well(world: Any) -> None:
    assert Posting._base_manager.get().state == "posted"
    assert sorted(Invoice._base_manager.values_list("number", flat=True))[-1] == "stray"
    assert Invoice._base_manager.count() == 2
    assert Message._base_manager.filter(direction="in").count() == 4
    holds.nothing_failed()
    holds.when_idle(world)
    holds.at_the_end(world)


@pytest.mark.parametrize("kind", ["full", "locked"])
def test_with_a_fault_at_a_sample_of_calls_the_purchase_ends_as_without(world, kind) -> None:
    assert whole_purchase(world, kind, 9) > 30


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["full", "locked"])
def test_with_a_fault_at_any_call_the_purchase_ends_as_without(world, kind) -> None:
    assert whole_purchase(world, kind, 1) > 200


@pytest.mark.parametrize("kind", ["full", "locked"])
def test_a_person_whose_click_meets_a_fault_reads_that_nothing_was_saved(world, client, kind) -> None:
    client.raise_request_exception = False
    client.force_login(world.people["rektor"])
    robot = Robot("paper")
    robot.ask()
    robot.work()
    robot.look_ahead("approve")
    ((task, seen),) = robot.known["seen"].items()
    address = reverse("approval:approve", kwargs={"slug": "bremnes"})
    with faults(kind) as fault:
        logging.disable(logging.ERROR)
        for n in range(1, MOST):
            before = contents()
            with fault.arm(n):
                answer = client.post(address, {"task": str(task), f"seen-{task}": seen})
            with fault.off():
                if not fault.fired:
                    break
                assert (answer.status_code, answer["Retry-After"]) == (503, "60"), n
                assert b"Ingenting av det du nett gjorde er lagra" in answer.content
                assert contents() == before
        logging.disable(logging.NOTSET)
    assert (answer.status_code, n > 10) == (302, True)
    assert ApprovalTask._base_manager.get().state == "approved"
