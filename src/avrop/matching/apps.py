"""Registers the room with Django."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.matching"
    label = "matching"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.matching.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
