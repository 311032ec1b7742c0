"""Registers the room with Django."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.messaging"
    label = "messaging"

    def ready(self) -> None:
        """Refusals get their sentences."""
        from avrop.messaging.texts import SENTENCES
        from avrop.web.refusals import register

        register(SENTENCES)
