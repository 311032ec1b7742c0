"""Registers the room with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See the room's README."""

    name = "avrop.portal"
    label = "portal"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.portal.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
