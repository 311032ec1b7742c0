"""Several workers and writers at once: commit order differs from id order, two workers share a queue."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
from django.db import connection

from avrop.journal import audit, worker
from avrop.journal.models import Case, Delivery
from avrop.journal.tests.flows import flow, happen, note
from avrop.kernel import points, ports
from avrop.tenancy.scope import as_system, everything


def keep(event) -> None:
    note(tenant=event.tenant, text=event.text)


def in_thread(run) -> threading.Thread:
    """Start `run` in a thread with a connection of its own and the same originals."""

    def body() -> None:
        try:
            run()
        finally:
            connection.close()

    thread = threading.Thread(target=body)
    thread.start()
    return thread


@pytest.fixture
def listener():
    yield points.listen
    points.listen(None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_commits_late_with_an_early_id_is_still_delivered(world, listener):
    written, go = threading.Event(), threading.Event()

    def pause(name: str) -> None:
        if name == "before commit: journal.happen" and threading.current_thread() is slow:
            written.set()
            assert go.wait(20)

    def late() -> None:
        with as_system(world.bremnes.id):
            happen(tenant=world.bremnes.id, stream="a", text="late")

    with flow(keep=keep):
        slow = threading.current_thread()  # replaced below; nothing is paused before that
        listener(pause)
        slow = in_thread(late)
        assert written.wait(20)
        with as_system(world.fjell.id):
            happen(tenant=world.fjell.id, stream="b", text="early")
        assert worker.run_until_idle() == 1
        go.set()
        slow.join(20)
        assert worker.run_until_idle() == 1
        ids = dict(Delivery.objects.values_list("stream", "id"))
    assert ids["a"] < ids["b"]
    with everything("test"):
        assert set(Case.objects.filter(kind="note").values_list("reason", flat=True)) == {"late", "early"}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_queue_and_every_effect_is_there_once(world):
    total = 60
    with flow(keep=keep):
        with as_system(world.bremnes.id):
            for n in range(total):
                happen(tenant=world.bremnes.id, stream=f"s{n % 9}", text=str(n))

        def work() -> None:
            with ports.using(originals=ports.MemoryOriginals()):
                while Delivery.objects.exclude(state="done").exists():
                    worker.run_batch(5)

        threads = [in_thread(work) for _ in range(3)]
        for thread in threads:
            thread.join(60)
    with everything("test"):
        texts = Counter(Case.objects.filter(kind="note").values_list("reason", flat=True))
    assert texts == Counter({str(n): 1 for n in range(total)})
    assert audit.verify(covered=False).ok
