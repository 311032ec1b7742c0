"""Registers the room with Django."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """See the room's README."""

    name = "avrop.portal"
    label = "portal"
