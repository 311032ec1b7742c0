"""Registers the room with Django."""

from django.apps import AppConfig


class OrderingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.ordering"
    label = "ordering"
