"""Postings and their transfer to the accounting system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.invoicing.models import Invoice
from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class PostingBatch(models.Model):
    """One transfer for one buyer. States: released, sent, answered (reconciled), mismatch."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="released")
    count = models.IntegerField()
    total = models.BigIntegerField()  # payable, øre
    answered_count = models.IntegerField(null=True)
    answered_total = models.BigIntegerField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the canonical JSON sent
    released_by = models.UUIDField(null=True)
    released_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "number"], name="batch_number")]


class Posting(models.Model):
    """One invoice as it goes to the books. States: ready, released, posted."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="posting")
    batch = models.ForeignKey(PostingBatch, models.PROTECT, null=True, related_name="postings")
    stream = models.CharField(max_length=80)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier_no = models.CharField(max_length=20, blank=True)
    invoice_number = models.CharField(max_length=100)
    invoice_date = models.DateField()
    due_date = models.DateField()
    payable = models.BigIntegerField()
    payment_reference = models.CharField(max_length=100, blank=True)
    bank_account = models.CharField(max_length=34, blank=True)
    original = models.CharField(max_length=64)  # SHA-256 of the original
    state = models.CharField(max_length=10, default="ready")
    voucher = models.CharField(max_length=40, blank=True)
    posted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [models.Index(fields=["buyer", "state"], name="posting_state")]


class PostingLine(models.Model):
    """A debit (positive) or credit (negative) line in øre; the lines of a posting sum to zero."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="lines")
    position = models.IntegerField()
    kind = models.CharField(max_length=8)  # cost, vat, supplier
    account = models.CharField(max_length=20)
    responsibility = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=20, blank=True)
    project = models.CharField(max_length=20, blank=True)
    vat_code = models.CharField(max_length=10, blank=True)
    amount = models.BigIntegerField()
    text = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["posting", "position"], name="posting_line")]
        ordering = ["position"]
