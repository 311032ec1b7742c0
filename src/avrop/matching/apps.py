"""Registers the room with Django."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.matching"
    label = "matching"
