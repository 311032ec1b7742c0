"""What a process of its own needs: its environment, and tables from the models (migrations have their own tests)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def environment(**more: str) -> dict[str, str]:
    """What a test gives a process of its own: this repository's code, and AVROP_DATABASE as it stands."""
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}", "AVROP_LOG": "WARNING", **more}


class _NoMigrations:
    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def make_tables() -> None:
    """The data folder and every table. Django must be set up."""
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.AVROP_DIR).mkdir(parents=True, exist_ok=True)
    settings.MIGRATION_MODULES = _NoMigrations()
    call_command("migrate", interactive=False, verbosity=0, run_syncdb=True)
