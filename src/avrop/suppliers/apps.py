"""Registers the room with Django."""

from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    """See the room's README."""

    name = "avrop.suppliers"
    label = "suppliers"
