"""Registers the room with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Page frame, components, forms, PDF."""

    name = "avrop.web"
    label = "web"
