"""Three web processes, an import and a worker at once: no lock error, nothing lost, nothing twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tables import ROOT, environment

EACH = 60  # operations of each web process
ROWS = 5000  # rows of the import


def _run(folder: Path, role: str, count: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.house.hammer", role, str(count)],
        env=environment(AVROP_DIR=str(folder)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err[-3000:]
    assert "locked" not in err, err[-3000:]
    assert "failed" not in err, err[-3000:]
    return out


@pytest.mark.sqlite
def test_web_import_and_worker_at_once_give_no_lock_error(tmp_path):
    _finish(_run(tmp_path, "prepare"))
    working = _run(tmp_path, "worker")
    others = [*(_run(tmp_path, "web", EACH) for _ in range(3)), _run(tmp_path, "import", ROWS)]
    for process in others:
        _finish(process)
    (tmp_path / "stop").touch()
    _finish(working)
    seen = json.loads(_finish(_run(tmp_path, "count")))
    assert seen == {
        "notes": 3 * EACH,
        "texts": 3 * EACH,
        "done": 3 * EACH,
        "deliveries": 3 * EACH,
        "tries": 3 * EACH,
        "codes": ROWS,
        "chain": True,
    }
