"""Registers the room with Django."""

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.messaging"
    label = "messaging"
