"""Tables for a process of its own, made from the models as pytest makes them; migrations have tests of their own."""

from __future__ import annotations

from pathlib import Path


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
