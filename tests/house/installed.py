"""An installation that a test process owns alone, on SQLite or PostgreSQL; copied and forked at will.

Imported first of all by a process of its own (`python -m tests.house.crash ...`), before any model: it sets Django
up for the folder given on the command line. AVROP_DATABASE, where it is set, names a server on which databases of
this process's own are made and dropped.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
os.environ["AVROP_DIR"] = str(FOLDER / "template")

import django

django.setup()

from django.conf import settings
from django.db import connection

from avrop.kernel import ports
from tests.house.tables import make_tables

POSTGRES = connection.vendor == "postgresql"
_server = connection.settings_dict["NAME"]
_mine = f"avrop_own_{os.getpid()}"


def use(name: str) -> Path:
    """Be the installation of this name under FOLDER. Returns its data folder."""
    folder = FOLDER / name
    connection.close()
    settings.AVROP_DIR = folder
    database = f"{_mine}_{name}" if POSTGRES else str(folder / "avrop.sqlite3")
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = database
    ports.install(originals=ports.FolderOriginals(folder / "originals"))
    return folder


def make(name: str) -> None:
    """An empty database of this name."""
    if POSTGRES:
        _ask(f'CREATE DATABASE "{_mine}_{name}"')


def copy(name: str, new: str) -> None:
    """Everything of one installation, under another name."""
    connection.close()
    shutil.copytree(FOLDER / name, FOLDER / new)
    if POSTGRES:
        _ask(f'CREATE DATABASE "{_mine}_{new}" TEMPLATE "{_mine}_{name}"')


def drop(name: str) -> None:
    """Away with it."""
    connection.close()
    shutil.rmtree(FOLDER / name, ignore_errors=True)
    if POSTGRES:
        _ask(f'DROP DATABASE IF EXISTS "{_mine}_{name}" WITH (FORCE)')


def _ask(statement: str) -> None:
    import psycopg

    wanted = {"dbname": _server, "user": connection.settings_dict["USER"] or None}
    wanted |= {
        "host": connection.settings_dict["HOST"] or None,
        "port": connection.settings_dict["PORT"] or None,
    }
    with psycopg.connect(**{k: v for k, v in wanted.items() if v}, autocommit=True) as server:
        server.execute(statement)


@contextmanager
def prepared(name: str, fill: Callable[[], Any]) -> Iterator[None]:
    """A template with tables, filled by a child (so that this process has nothing of it in memory)."""
    make(name)
    use(name)

    def run() -> str:
        make_tables()
        fill()
        return ""

    try:
        _signal, said = in_child(run)
        assert not said, said
        yield
    finally:
        drop(name)


def in_child(run: Callable[[], Any]) -> tuple[int, str]:
    """Run in a forked child; returns (the signal that ended it or 0, what it said)."""
    connection.close()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            said = run() or ""
        except BaseException as error:
            said = f"ERROR {type(error).__name__}: {error}"
        connection.close()
        os.write(writer, said.encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        said = pipe.read().decode()
    _pid, status = os.waitpid(child, 0)
    return (os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0), said
