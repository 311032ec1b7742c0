"""Registers the room with Django."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """See the room's README."""

    name = "avrop.suppliers"
    label = "suppliers"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.suppliers.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
