"""The official rule sets that the portal's own documents must hold, and orders as a buyer would send them."""

from __future__ import annotations

from pathlib import Path

import pytest

from avrop.ubl.rulesets import Registry


@pytest.fixture(scope="session")
def registry(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Peppol 2026.5 for billing and post-award, with UBL's schemas."""
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    for part in ("ubl/2.3", "peppol/billing/2026.5", "peppol/postaward/2026.5"):
        registry.install(shared / "standards" / part)
    return registry
