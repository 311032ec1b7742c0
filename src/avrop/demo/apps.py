"""Registers the room with Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """See the room's README."""

    name = "avrop.demo"
    label = "demo"
