"""Registers the room with Django."""

from django.apps import AppConfig


class AccountingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.accounting"
    label = "accounting"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.accounting.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
