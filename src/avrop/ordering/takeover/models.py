"""What is known of an order that another system sent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class TakenOver(models.Model):
    """One order taken over: from which file, approved by whom. `codings` is {line number: their coding text}."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    order = models.OneToOneField("ordering.Order", models.PROTECT, related_name="taken_over")
    sha256 = models.CharField(max_length=64)
    source_name = models.CharField(max_length=200, blank=True)
    reference = models.CharField(max_length=100, blank=True)  # the buyer's reference in the document
    codings = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)  # codes of texts.WARNINGS
    approved_by = models.UUIDField()
    approved_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")
