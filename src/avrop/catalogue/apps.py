"""Registers the room with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """See the room's README."""

    name = "avrop.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        """Hand the sentences to the pages, and the catalogue's state to the agreement's page."""
        from avrop.agreements import panels
        from avrop.catalogue.panel import catalogue_states
        from avrop.catalogue.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
        panels.register(catalogue_states)
