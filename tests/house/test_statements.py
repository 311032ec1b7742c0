"""The chain's statements, counted as benchmarks/chain.py counts them: they do not depend on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from avrop.accounting import double, jobs
from benchmarks.chain import LINES, SIDE_BY_SIDE, Counted, Outside, together
from tests.robot import Robot
from tests.world import add_items


def statements(world, seller: bool) -> float:
    """Statements per purchase, without BEGIN, COMMIT and SAVEPOINT, once caches are warm."""
    add_items(world, LINES)
    people: dict = {}
    counted = Counted()
    clock = Outside(counted)

    def number() -> None:
        double.answer_all(Path(jobs.folder()))

    def play(name: str) -> None:
        robots = [
            Robot(f"{name} {n}", people=people, lines=LINES, careful=False) for n in range(SIDE_BY_SIDE)
        ]
        together(robots, number, clock, seller)

    play("warm")
    with connection.execute_wrapper(counted):
        play("counted")
    return counted.total / SIDE_BY_SIDE


@pytest.mark.sqlite
def test_a_purchase_takes_at_most_120_statements(world):
    assert statements(world, seller=False) <= 120


@pytest.mark.sqlite
def test_a_purchase_with_the_seller_on_the_platform_takes_at_most_150_statements(world):
    assert statements(world, seller=True) <= 150
