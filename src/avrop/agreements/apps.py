"""Registers the room with Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """See the room's README."""

    name = "avrop.agreements"
    label = "agreements"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.agreements.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
