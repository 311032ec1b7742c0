"""Registers the room with Django."""

from django.apps import AppConfig


class RequisitionConfig(AppConfig):
    """See the room's README."""

    name = "avrop.requisition"
    label = "requisition"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.requisition.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
