"""Who must approve what, and what they decided. Knows facts and a content hash, not the subject's tables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation, Person, Unit
from avrop.tenancy.scope import By, ScopedManager, Shared


class ApprovalTask(models.Model):
    """One approval needed for a subject: for one responsibility, by somebody with mandate over `unit`.

    `candidates` are the ids (hex) of those who may decide when the task was opened; the mandate is checked
    again when the decision is made. `amount` is øre including VAT of the whole order to be approved.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    subject = models.CharField(max_length=80)  # requisition.Requisition:hex
    subject_id = models.UUIDField()
    number = models.CharField(max_length=20)  # the subject's number, for the inbox
    stream = models.CharField(max_length=80)
    title = models.CharField(max_length=200, blank=True)
    requester = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    responsibility = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    net = models.BigIntegerField(default=0)  # what this responsibility binds of its budget
    content_hash = models.CharField(max_length=64)  # over the sorted hashes of the prospective orders
    hashes = models.JSONField(default=list)
    candidates = models.JSONField(default=list)
    escalated = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="pending")  # pending approved returned void
    opened_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "state", "opened_at"], name="approval_inbox"),
            models.Index(fields=["subject_id"], name="approval_subject"),
        ]
