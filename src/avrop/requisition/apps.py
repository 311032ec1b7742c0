"""Registers the room with Django."""

from django.apps import AppConfig


class RequisitionConfig(AppConfig):
    """See the room's README."""

    name = "avrop.requisition"
    label = "requisition"
