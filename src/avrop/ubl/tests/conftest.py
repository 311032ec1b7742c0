"""One registry with every official rule set in ../shared, installed once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrop.ubl.rulesets import Registry


@pytest.fixture(scope="session")
def standards(shared: Path) -> Path:
    return shared / "standards"


@pytest.fixture(scope="session")
def registry(standards: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    registry.install(standards)
    return registry
