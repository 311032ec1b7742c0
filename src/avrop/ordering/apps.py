"""Registers the room with Django."""

from django.apps import AppConfig


class OrderingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.ordering"
    label = "ordering"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.ordering.takeover.texts import SENTENCES as TAKEOVER
        from avrop.ordering.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
        refusals.register(TAKEOVER)
