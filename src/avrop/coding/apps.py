"""Registers the room with Django."""

from django.apps import AppConfig


class CodingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.coding"
    label = "coding"
