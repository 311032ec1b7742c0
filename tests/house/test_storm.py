"""Messages that come five times each, in any order, to four processes at once, have one effect each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tables import ROOT, environment


def storm(folder: Path, count: int) -> None:
    """Play it; each fourth message is an order, the others are invoices."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.storm", str(folder), str(count)],
        env=environment(AVROP_SQLITE_SYNCHRONOUS="NORMAL"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    print(seen.pop("seconds"), "seconds")
    orders, invoices = count // 4, count - count // 4
    assert seen == {
        "exits": [0, 0, 0, 0],
        "messages": count,
        "states": ["routed"],
        "sales orders": orders,
        "invoices": invoices,
        "other invoices": 0,
        "matches": invoices,
        "other matches": 0,
        "cases": invoices,
        "other cases": 0,
        "unfinished": 0,
        "errors": [],
        "chain": None,
    }, done.stderr[-3000:]


def test_400_messages_in_2000_deliveries_to_four_processes_have_400_effects(tmp_path) -> None:
    storm(tmp_path, 400)


@pytest.mark.slow
def test_4000_messages_in_20000_deliveries_to_four_processes_have_4000_effects(tmp_path) -> None:
    storm(tmp_path, 4000)
