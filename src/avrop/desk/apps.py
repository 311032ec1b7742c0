"""Registers the room with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the room's README."""

    name = "avrop.desk"
    label = "desk"

    def ready(self) -> None:
        """Our refusals get their sentences."""
        from avrop.desk.texts import SENTENCES
        from avrop.web.refusals import register

        register(SENTENCES)
