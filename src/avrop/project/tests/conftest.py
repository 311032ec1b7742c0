"""The command line's language, and the rules that an operator would have."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from avrop.ubl.rulesets import Registry


@pytest.fixture
def speak(monkeypatch):
    """Sets the language of the command line."""

    def choose(language: str) -> None:
        monkeypatch.setenv("AVROP_LANGUAGE", language)

    yield choose
    translation.activate("nn")


@pytest.fixture(scope="module")
def rules(shared: Path, tmp_path_factory) -> Registry:
    """The rule sets that an operator would have for a purchase from order to invoice."""
    registry = Registry(tmp_path_factory.mktemp("rulesets"))
    for part in ("ubl/2.3", "peppol/billing/2026.5", "peppol/postaward/2026.5", "en16931/1.3.16"):
        registry.install(shared / "standards" / part)
    return registry
