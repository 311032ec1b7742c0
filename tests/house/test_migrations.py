"""The suite makes its tables from the models (quicker); here the migrations are held to say the same."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.fixture
def real_migrations(settings):
    """pytest's --nomigrations hides them; this test wants to see them."""
    from django.db.migrations.loader import MigrationLoader

    settings.MIGRATION_MODULES = {}
    return MigrationLoader


def test_the_migrations_make_the_tables_that_the_models_say(real_migrations, db, capsys):
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    assert "No changes detected" in capsys.readouterr().out
