"""Registers the room with Django."""

from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    """See the room's README."""

    name = "avrop.delivery"
    label = "delivery"
