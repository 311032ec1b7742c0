"""Registers the room with Django."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """See the room's README."""

    name = "avrop.tenancy"
    label = "tenancy"

    def ready(self) -> None:
        """Our refusals get their sentences."""
        from avrop.tenancy.texts import SENTENCES
        from avrop.web.refusals import register

        register(SENTENCES)
