"""Official rules for order messages, installed once a session from the shared material."""

from __future__ import annotations

import pytest

from avrop.ubl.rulesets import Registry


@pytest.fixture(scope="session")
def rules(shared, tmp_path_factory) -> Registry:
    """The registry with the UBL schemas and the Post-Award rules of 2025.11."""
    registry = Registry(tmp_path_factory.mktemp("rules"))
    registry.install(shared / "standards" / "ubl")
    registry.install(shared / "standards" / "peppol" / "postaward" / "2025.11")
    return registry
