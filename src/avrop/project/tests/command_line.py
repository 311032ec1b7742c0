"""Runs `avrop` for tests: in this process where that is enough, else in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from avrop.project import cli


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines. Anything else there is an error."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The one line on stderr."""
        (line,) = self.err.splitlines()
        return line


def here(capsys: pytest.CaptureFixture[str], *words: str) -> Done:
    """The command in this process, in the test's database."""
    capsys.readouterr()
    try:
        status = cli.run([*words])
    except SystemExit as left:
        status = int(left.code or 0)
    out, err = capsys.readouterr()
    return Done(status, out, err)


def apart(*words: str, folder: Path, cwd: Path | None = None, **environment: str) -> Done:
    """The command as an operator starts it, with nothing of this test's settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("AVROP_", "DJANGO_", "PYTEST_"))}
    done = subprocess.run(
        [sys.executable, "-W", "default", "-m", "avrop.project.cli", *words],
        env={**clean, "AVROP_DIR": str(folder), **environment},
        cwd=cwd or folder.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)
