"""Registers the room with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """See the room's README."""

    name = "avrop.desk"
    label = "desk"
