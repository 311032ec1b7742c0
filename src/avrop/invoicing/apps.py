"""Registers the room with Django."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.invoicing"
    label = "invoicing"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.invoicing.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
