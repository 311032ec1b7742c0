"""Registers the room with Django."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.invoicing"
    label = "invoicing"
