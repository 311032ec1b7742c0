"""Registers the room with Django."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """See the room's README."""

    name = "avrop.agreements"
    label = "agreements"
