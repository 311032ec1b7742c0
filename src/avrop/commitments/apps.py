"""Registers the room with Django."""

from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    """See the room's README."""

    name = "avrop.commitments"
    label = "commitments"
