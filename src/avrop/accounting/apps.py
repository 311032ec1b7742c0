"""Registers the room with Django."""

from django.apps import AppConfig


class AccountingConfig(AppConfig):
    """See the room's README."""

    name = "avrop.accounting"
    label = "accounting"
