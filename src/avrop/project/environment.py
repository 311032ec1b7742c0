"""Where settings come from: the environment first, then `avrop.toml` in the current or the data folder."""

from __future__ import annotations

import os
import secrets
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_SECRET = "avrop-demo-secret-not-for-real-use"


LANGUAGES = ("nn", "nb", "en")


class BadSettings(Exception):
    """What was set cannot be used; the text says what and where."""


def read_file() -> dict[str, Any]:
    """`avrop.toml`, or nothing. Raises BadSettings."""
    for folder in (Path.cwd(), Path(os.environ.get("AVROP_DIR", "avrop-data"))):
        path = folder / "avrop.toml"
        if path.is_file():
            try:
                return tomllib.loads(path.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
                raise BadSettings(f"{path}: {error}") from error
    return {}


_file = read_file()


def value(name: str, default: str = "") -> str:
    """`AVROP_<NAME>` from the environment, else `name` from avrop.toml, else the default."""
    return os.environ.get(f"AVROP_{name.upper()}") or str(_file.get(name.lower(), "") or default)


def language() -> str:
    """The language of the command line: AVROP_LANGUAGE (`nb`, `nb_NO.UTF-8` ...); nynorsk where unknown."""
    wanted = value("language", "nn").lower().replace("_", "-").partition(".")[0].partition("-")[0]
    wanted = {"no": "nb"}.get(wanted, wanted)
    return wanted if wanted in LANGUAGES else "nn"


def data_folder() -> Path:
    """The data folder, absolute. It is made when something is first written."""
    return Path(value("dir", "avrop-data")).absolute()


def database(folder: Path) -> dict[str, Any]:
    """Django's DATABASES entry for AVROP_DATABASE (default: SQLite in the data folder)."""
    url = value("database")
    if url.startswith(("postgres://", "postgresql://")):
        return _postgres(url)
    if url and not url.startswith("sqlite:///"):
        raise BadSettings(f"AVROP_DATABASE: {url.partition(':')[0]}: postgresql://... | sqlite:///...")
    path = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else ""
    sync = value("sqlite_synchronous", "FULL")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path or str(folder / "avrop.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                f"PRAGMA journal_mode=WAL; PRAGMA synchronous={sync}; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def secret(folder: Path) -> str:
    """AVROP_SECRET, else the key file that the installation made for itself, else the default secret.

    `avrop serve` makes the key file; it refuses to start on the default outside a demo.
    """
    given = value("secret")
    path = folder / "secret.key"
    if given:
        return given
    return path.read_text().strip() if path.is_file() else DEFAULT_SECRET


def make_secret(folder: Path) -> str:
    """Write a fresh key file (readable by its owner only) unless there is one; return the key."""
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
