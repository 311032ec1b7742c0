"""Whatever comes in: no fault, no lost file, at most 2 s of CPU and 300 MiB, and an owner with a reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.house.tables import ROOT, environment


def sent(folder: Path, plan: str, share: int) -> dict[str, Any]:
    """Send the plan's files to an installation of their own; the totals."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bad.run", str(folder), plan, str(share)],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=3600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    *failures, totals = [json.loads(line) for line in done.stdout.splitlines()]
    print(json.dumps(totals, indent=1))
    assert not failures, json.dumps(failures[:5], indent=1)
    return dict(totals)


def test_a_sample_of_bad_files_each_ends_with_an_owner_and_a_reason(tmp_path) -> None:
    assert sent(tmp_path, "made", 14)["files"] > 250


@pytest.mark.shared
def test_a_sample_of_bent_examples_each_ends_with_an_owner_and_a_reason(tmp_path, shared) -> None:
    assert sent(tmp_path, "bent", 20)["files"] == 250


@pytest.mark.slow
def test_two_thousand_bad_files_each_end_with_an_owner_and_a_reason(tmp_path) -> None:
    assert sent(tmp_path, "made", 1)["files"] >= 2000


@pytest.mark.slow
@pytest.mark.shared
def test_five_thousand_bent_examples_each_end_with_an_owner_and_a_reason(tmp_path, shared) -> None:
    assert sent(tmp_path, "bent", 1)["files"] == 5000
