"""Whatever anybody does with purchases, in any order and with any worker: what `holds` says, holds."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stories.stroll import stroll
from tests.stories.walk import Walk, widen

pytestmark = pytest.mark.django_db

EVERY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@pytest.fixture
def machine(world, tmp_path) -> type[Walk]:
    """The machine in this test's region."""
    widen(world)
    return type("Machine", (Walk,), {"world": world, "folder": tmp_path, "runs": 0})


def walk(machine: type[Walk], examples: int, steps: int) -> None:
    """Hypothesis walks so many ways of so many steps."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=EVERY,
        database=None,
        derandomize=True,
    )
    run_state_machine_as_test(machine, settings=chosen)


def test_any_path_keeps_what_must_hold(machine) -> None:
    for seed in range(20 if connection.vendor == "sqlite" else 8):
        stroll(machine(), seed, steps=80)


def test_short_paths_keep_what_must_hold(machine) -> None:
    walk(machine, examples=5 if connection.vendor == "sqlite" else 2, steps=15)


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 400, 50))
def test_many_long_paths_keep_what_must_hold(machine, start: int) -> None:
    for seed in range(1000 + start, 1050 + start):
        stroll(machine(), seed, steps=150)


@pytest.mark.slow
def test_many_short_paths_keep_what_must_hold(machine) -> None:
    walk(machine, examples=300, steps=40)
