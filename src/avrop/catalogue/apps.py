"""Registers the room with Django."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """See the room's README."""

    name = "avrop.catalogue"
    label = "catalogue"
