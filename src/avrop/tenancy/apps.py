"""Registers the room with Django."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """See the room's README."""

    name = "avrop.tenancy"
    label = "tenancy"
