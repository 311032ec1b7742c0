"""The audit chain (whose entries are the events), streams, leased deliveries and cases."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Entry(models.Model):
    """One thing that happened: who, for whom, what, which rows with which content, why. Append only."""

    tenancy: ClassVar[By | Shared] = By("tenant")
    audited: ClassVar[bool] = False

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    event = models.CharField(max_length=80)
    stream = models.CharField(max_length=80)
    subject = models.CharField(max_length=80, blank=True)  # label:id of the document
    payload = models.JSONField()
    rows = models.JSONField()  # [[label, pk, content hash after], ...]
    before = models.CharField(max_length=64, blank=True)  # content hash of the subject before
    reason = models.TextField(blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[ScopedManager] = ScopedManager("tenant")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "seq"], name="entry_seq")]
        indexes = [models.Index(fields=["stream", "tenant", "id"], name="entry_stream")]


class Stream(models.Model):
    """The row that is locked first by whoever acts on one purchase, message, agreement or import."""

    tenancy: ClassVar[By | Shared] = Shared("a counter without content; its key holds ids only")
    audited: ClassVar[bool] = False

    key = models.CharField(max_length=80, primary_key=True)
    passed = models.BigIntegerField(default=0)


class Delivery(models.Model):
    """One event for one handler, or one job; claimed by lease, guarded by a fencing token.

    `seq` is the entry's place in its tenant's chain, given while stream and chain are locked: within a stream it
    grows in the order of commits.
    """

    tenancy: ClassVar[By | Shared] = Shared("the worker's queue; shown to the platform operator only")
    audited: ClassVar[bool] = False

    QUEUED, RUNNING, DONE, PARKED, SKIPPED = "queued", "running", "done", "parked", "skipped"

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    handler = models.CharField(max_length=80)
    event = models.CharField(max_length=80)
    payload = models.JSONField()
    stream = models.CharField(max_length=80)
    seq = models.BigIntegerField()
    key = models.CharField(max_length=160, unique=True, null=True)
    state = models.CharField(max_length=8, default=QUEUED)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    token = models.IntegerField(default=0)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # In the order in which they are claimed: a claim reads the first ones only, however many are open or done.
            models.Index(
                fields=["id"],
                name="delivery_open",
                condition=models.Q(state__in=["queued", "running"]),
            ),
            models.Index(
                fields=["handler", "stream", "seq"],
                name="delivery_order",
                condition=models.Q(state__in=["queued", "running", "parked"]),
            ),
        ]


class Case(models.Model):
    """Something a person must deal with: an owner (role), a deadline and a reason."""

    tenancy: ClassVar[By | Shared] = By("tenant")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=20)
    kind = models.CharField(max_length=30)  # bad_message, parked_delivery, invoice_without_order
    subject = models.CharField(max_length=80)  # label:id
    reason = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    owner_role = models.CharField(max_length=30)
    due = models.DateField()
    state = models.CharField(max_length=8, default="open")  # open, closed
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.TextField(blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("tenant")

    class Meta:
        indexes = [
            models.Index(
                fields=["tenant", "state", "due", "opened_at", "id", "owner_role"], name="case_waits"
            )
        ]
