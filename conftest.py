"""Fixtures for every test: the shared material, a clean journal, originals in memory, a small region."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from avrop.kernel import ports

ROOT = Path(__file__).resolve().parent


def shared_folder() -> Path | None:
    """`../shared` (or AVROP_SHARED), where standards and sample data lie; None when it is not there."""
    folder = Path(os.environ.get("AVROP_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "standards").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material, read in place. Skips loudly when it is missing."""
    folder = shared_folder()
    if folder is None:
        pytest.skip(
            "MISSING: the folder ../shared (or AVROP_SHARED) with the official standards and sample data"
        )
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(autouse=True)
def _fresh_house(settings, tmp_path) -> Iterator[None]:
    """Each test has its own originals and an unknown chain; operations may run in the test's transaction."""
    from avrop.journal import chain
    from avrop.tenancy import cache

    settings.AVROP_OUTER_TRANSACTION = True
    settings.AVROP_DIR = tmp_path / "avrop-data"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    chain.clear_heads()
    cache.clear()
    with ports.using(originals=ports.MemoryOriginals()):
        yield
    chain.clear_heads()


@pytest.fixture
def world(db):
    """A small region, see tests/world.py."""
    from tests.world import build_world

    return build_world()
