"""Fixtures for every test: the shared material and the guard against real time and network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
        pytest.skip("MISSING: the folder ../shared (or AVROP_SHARED) with the official standards and sample data")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT
