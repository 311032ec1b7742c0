"""Events, canonical form, ids, originals, working days, points."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from avrop.kernel import events, points, ports
from avrop.kernel.canonical import canonical, content_hash
from avrop.kernel.workdays import add_workdays, easter_sunday, holidays, is_workday


@dataclass(frozen=True)
class Sent:
    order: UUID
    on: date
    lines: tuple[UUID, ...]
    note: str | None = None


def test_an_event_becomes_json_and_comes_back():
    event = Sent(UUID(int=7), date(2026, 11, 23), (UUID(int=1), UUID(int=2)))
    assert events.decode(Sent, json.loads(json.dumps(events.encode(event)))) == event
    assert events.decode(Sent, {**events.encode(event), "removed_field": 1}) == event


def test_the_canonical_form_does_not_depend_on_order_and_is_utf8():
    assert canonical({"b": 1, "a": "ø"}) == '{"a":"ø","b":1}'.encode()
    assert content_hash({"b": 1, "a": 2}) == content_hash({"a": 2, "b": 1})
    assert content_hash({"a": 1}) == hashlib.sha256(b'{"a":1}').hexdigest()


def test_ids_sort_by_time_and_are_version_7():
    clock = ports.SetClock(datetime(2026, 11, 23, tzinfo=UTC))
    with ports.using(clock=clock, ids=ports.SeededIds(1)):
        first = ports.new_id()
        clock.at += timedelta(milliseconds=5)
        second = ports.new_id()
    assert first < second
    assert {first.version, second.version, ports.new_id().version} == {7}
    with ports.using(clock=ports.SetClock(datetime(2026, 11, 23, tzinfo=UTC)), ids=ports.SeededIds(1)):
        assert ports.new_id() == first


@pytest.mark.parametrize("store", ["folder", "memory"])
def test_originals_come_back_byte_for_byte_by_their_hash(store, tmp_path):
    kept = ports.FolderOriginals(tmp_path) if store == "folder" else ports.MemoryOriginals()
    content = bytes(range(256)) * 3
    digest = kept.put(content)
    assert digest == hashlib.sha256(content).hexdigest() == kept.put(content)
    assert kept.get(digest) == content
    assert not kept.has("0" * 64)
    with pytest.raises(KeyError):
        kept.get("0" * 64)
    with pytest.raises(KeyError):
        kept.get("../../etc/passwd")


# Easter Sundays from the official calendar; 2038 is the latest date Easter can have.
@pytest.mark.parametrize("day", [date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25)])
def test_easter(day):
    assert easter_sunday(day.year) == day


def test_norwegian_working_days_in_2026():
    assert holidays(2026) == {
        date(2026, 1, 1),
        date(2026, 4, 2),
        date(2026, 4, 3),
        date(2026, 4, 5),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 17),
        date(2026, 5, 24),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    }
    assert not is_workday(date(2026, 11, 22))
    assert add_workdays(date(2026, 4, 1), 1) == date(2026, 4, 7)
    assert add_workdays(date(2026, 11, 20), 3) == date(2026, 11, 25)


def test_points_are_heard_only_while_somebody_listens():
    heard: list[str] = []
    points.reached("before")
    points.listen(heard.append)
    points.reached("during")
    points.listen(None)
    points.reached("after")
    assert heard == ["during"]
