"""Registers the room with Django."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """See the room's README."""

    name = "avrop.journal"
    label = "journal"
