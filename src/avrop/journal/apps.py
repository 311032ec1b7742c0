"""Registers the room with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """See the room's README."""

    name = "avrop.journal"
    label = "journal"

    def ready(self) -> None:
        """Refusals get their sentences."""
        from avrop.journal.texts import SENTENCES
        from avrop.web.refusals import register

        register(SENTENCES)
