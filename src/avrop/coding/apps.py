"""Registers the room with Django."""

from django.apps import AppConfig


class CodingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.coding"
    label = "coding"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.coding.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
