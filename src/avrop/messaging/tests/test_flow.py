"""The operator's figures of the message flow: exact up to where nobody counts further."""

from __future__ import annotations

from datetime import timedelta

from avrop.journal.worker import run_until_idle
from avrop.kernel.ports import now
from avrop.messaging.models import Message
from avrop.messaging.queries import flow_since
from avrop.messaging.texts import STATES
from tests.robot import Robot


def of(world, most: int, **ago: int) -> dict[tuple[str, str], int]:
    return flow_since(now() - timedelta(**ago), most)


def test_the_flow_counts_each_way_and_state_of_everybodys_messages(world):
    robot = Robot("Bleier")
    for act in ("ask", "approve", "answer"):
        getattr(robot, act)()
        run_until_idle()
    expected: dict[tuple[str, str], int] = {}
    for one in Message._base_manager.all():
        assert one.state in STATES
        expected[one.direction, one.state] = expected.get((one.direction, one.state), 0) + 1
    assert max(expected.values()) > 1
    assert of(world, 1000, days=1) == expected
    assert of(world, 1, days=1) == {way: min(number, 2) for way, number in expected.items()}
    assert of(world, 1000, days=-1) == {}


def test_the_operator_sees_the_flow(world, client, django_assert_max_num_queries):
    robot = Robot("Bleier")
    for act in ("ask", "approve"):
        getattr(robot, act)()
        run_until_idle()
    client.force_login(world.people["drift"])
    with django_assert_max_num_queries(12):
        page = client.get(f"/o/{world.platform.slug}/").content.decode()
    assert "Ut, sendt" in page or "Ut, send" in page
