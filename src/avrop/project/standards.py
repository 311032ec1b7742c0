"""The official rule sets of this installation: one registry, filled from AVROP_STANDARDS at first use."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from avrop.ubl.rulesets import Registry

_lock = threading.Lock()
_registries: dict[Path, Registry] = {}


def registry() -> Registry:
    """The registry in the data folder. Official releases that AVROP_STANDARDS names are imported once."""
    folder = Path(settings.AVROP_DIR) / "standards"
    with _lock:
        found = _registries.get(folder)
        if found is None:
            found = Registry(folder)
            if settings.AVROP_STANDARDS and not found.listing():
                for path in settings.AVROP_STANDARDS:
                    found.install(path)
            _registries[folder] = found
        return found


def use(folder: Path, registry_: Registry) -> None:
    """Let a compiled registry serve another data folder too (tests compile once)."""
    with _lock:
        _registries[folder / "standards"] = registry_
