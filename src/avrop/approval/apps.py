"""Registers the room with Django."""

from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    """See the room's README."""

    name = "avrop.approval"
    label = "approval"

    def ready(self) -> None:
        """Hand the sentences to the pages."""
        from avrop.approval.texts import SENTENCES
        from avrop.web import refusals

        refusals.register(SENTENCES)
