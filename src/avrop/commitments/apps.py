"""Registers the room with Django."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """See the room's README."""

    name = "avrop.commitments"
    label = "commitments"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.commitments.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
