"""Deliveries: leased, fenced, in order within a stream, parked when poisonous."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from avrop.journal import audit, worker
from avrop.journal.models import Case, Delivery, Entry
from avrop.journal.tests.flows import flow, happen, note
from avrop.kernel.ports import SetClock, using
from avrop.tenancy.scope import as_system, everything

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    watch = SetClock(START)
    with using(clock=watch):
        yield watch


def notes() -> list[str]:
    with everything("test"):
        kept = Case.objects.filter(kind="note").count()
        said = Entry.objects.filter(event__endswith="Noted").order_by("seq").values_list("payload", flat=True)
        assert kept == len(said)
        return [payload["text"] for payload in said]


def say(world, stream: str, text: str) -> None:
    with as_system(world.bremnes.id):
        happen(tenant=world.bremnes.id, stream=stream, text=text)


def keep(event) -> None:
    note(tenant=event.tenant, text=event.text)


def test_a_delivery_has_its_effect_once_and_is_done_in_the_same_commit(world, clock):
    with flow(keep=keep):
        say(world, "a", "one")
        assert worker.run_until_idle() == 1
        assert worker.run_until_idle() == 0
    assert notes() == ["one"]
    assert list(Delivery.objects.values_list("state", flat=True)) == ["done"]


def test_a_stale_lease_commits_nothing(world, clock):
    with flow(keep=keep):
        say(world, "a", "one")
        (slow,) = worker.claim()
        clock.at += worker.LEASE + timedelta(seconds=1)
        (fast,) = worker.claim()
        assert fast.token == slow.token + 1
        assert worker.deliver(slow) is False
        assert notes() == []
        assert worker.deliver(fast) is True
        assert worker.deliver(slow) is False
    assert notes() == ["one"]
    assert audit.verify(covered=False).ok


def test_a_poison_event_parks_its_own_stream_only_and_becomes_a_case(world, clock):
    def poisoned(event) -> None:
        if event.text == "poison":
            raise ValueError("cannot")
        keep(event)

    with flow(keep=poisoned):
        for stream, text in (("a", "poison"), ("a", "after"), ("b", "other")):
            say(world, stream, text)
        for _ in range(worker.MAX_ATTEMPTS + 2):
            worker.run_until_idle()
            clock.at += worker.MAX_BACKOFF
        assert notes() == ["other"]
        parked = Delivery.objects.get(state="parked")
        assert parked.attempts == worker.MAX_ATTEMPTS
        assert "cannot" in parked.error
        with everything("test"):
            case = Case.objects.get(kind="parked_delivery")
        assert (case.owner_role, case.state) == ("platform_operator", "open")


def test_when_the_second_of_two_handlers_fails_the_first_has_run_once(world, clock):
    tries = []

    def second(event) -> None:
        tries.append(event.text)
        if len(tries) < 3:
            raise ValueError("not yet")
        note(tenant=event.tenant, text="second")

    with flow(first=keep, second=second):
        say(world, "a", "first")
        for _ in range(5):
            worker.run_until_idle()
            clock.at += timedelta(minutes=5)
    assert sorted(notes()) == ["first", "second"]
    assert len(tries) == 3


def test_later_events_of_a_stream_wait_for_the_earlier_ones_of_the_same_handler(world, clock):
    seen = []

    def slow_first(event) -> None:
        if event.text == "1" and len(seen) == 0:
            seen.append("failed")
            raise ValueError("once")
        keep(event)

    with flow(keep=slow_first):
        for text in "123":
            say(world, "a", text)
        worker.run_until_idle()
        assert notes() == []
        clock.at += timedelta(minutes=5)
        for _ in range(3):
            worker.run_until_idle()
    assert notes() == ["1", "2", "3"]


def test_a_clock_set_back_does_not_strand_a_delivery(world, clock):
    clock.at += timedelta(days=30)
    with flow(keep=keep):
        say(world, "a", "one")
        (lost,) = worker.claim()
        clock.at = START
        (again,) = worker.claim()
        assert again.id == lost.id
        worker.deliver(again)
    assert notes() == ["one"]


def test_a_deleted_tail_of_the_chain_is_found_by_the_head_kept_outside(world, clock, tmp_path):
    with flow(keep=keep):
        for text in "123":
            say(world, text, text)
        worker.run_until_idle()
    audit.write_heads(tmp_path)
    assert audit.verify(tmp_path, covered=False).ok
    with everything("test"):
        last = Entry.objects.order_by("seq").last()
        assert last.seq == 6
        last.delete()
    broken = audit.verify(tmp_path, covered=False)
    assert not broken.ok
    assert f"{world.bremnes.id}/6" in broken.broken_at


def test_a_row_changed_behind_the_journals_back_is_found_and_named(world, clock):
    with flow(keep=keep):
        say(world, "a", "one")
        worker.run_until_idle()
    with everything("test"):
        Case.objects.filter(kind="note").update(reason="forged")
        key = Case.objects.get(kind="note").pk.hex
    broken = audit.verify(covered=False)
    assert broken.broken_at is not None
    assert broken.broken_at.startswith(f"journal.Case {key}: changed after entry")


def test_an_entry_changed_in_the_database_is_found_and_named(world, clock):
    with flow(keep=keep):
        say(world, "a", "one")
        say(world, "b", "two")
    with everything("test"):
        Entry.objects.filter(seq=1).update(reason="rewritten")
    broken = audit.verify(covered=False)
    assert broken.places == (f"journal.Entry {world.bremnes.id}/1: its content was changed",)


def test_one_handler_may_wait_for_two_events_and_for_only_some_of_one(world, clock):
    from avrop.journal import registry
    from avrop.journal.tests.flows import Happened, Noted
    from avrop.project.flow import FLOW

    heard = []
    registry.install(
        {
            Happened: {
                "test.hear": registry.When(lambda e: e.text == "loud", lambda e: heard.append(e.text))
            },
            Noted: {"test.hear": lambda e: heard.append(f"noted {e.text}")},
        }
    )
    try:
        say(world, "a", "quiet")
        say(world, "a", "loud")
        with as_system(world.bremnes.id):
            note(tenant=world.bremnes.id, text="x")
        worker.run_until_idle()
    finally:
        registry.install(FLOW)
    assert heard == ["loud", "noted x"]


def test_a_simulator_in_the_past_leaves_alone_what_people_do_meanwhile(world, clock):
    with flow(keep=keep):
        say(world, "person", "now")
        clock.at -= timedelta(days=200)  # far enough back for a worker to think that the clock was set back
        say(world, "story", "then")
        assert worker.run_until_idle(past_only=True) == 1
        assert notes() == ["then"]
        clock.at = START
        (held,) = worker.claim()
        clock.at -= timedelta(days=200)
        assert worker.claim(past_only=True) == []
        assert worker.deliver(held) is True
        assert notes() == ["then", "now"]
