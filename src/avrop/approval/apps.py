"""Registers the room with Django."""

from django.apps import AppConfig


class ApprovalConfig(AppConfig):
    """See the room's README."""

    name = "avrop.approval"
    label = "approval"
