"""Registers the room with Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """See the room's README."""

    name = "avrop.delivery"
    label = "delivery"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.delivery.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
