"""The basket: a need, its lines, their coding, on the way to approval."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import DeliveryAddress, Organisation, Person, Unit
from avrop.tenancy.scope import By, ScopedManager, Shared


class Requisition(models.Model):
    """A basket and what became of it. `stream` is the purchase's stream, for everything that follows."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=20)
    stream = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    requester = models.ForeignKey(Person, models.PROTECT, related_name="+")
    address = models.ForeignKey(DeliveryAddress, models.PROTECT, null=True, related_name="+")
    marking = models.CharField(max_length=200, blank=True)
    need = models.TextField(blank=True)
    state = models.CharField(max_length=10, default="draft")
    return_reason = models.TextField(blank=True)
    hashes = models.JSONField(default=list)  # of the prospective orders, as they were submitted
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "number"], name="requisition_number")]
        indexes = [
            models.Index(fields=["buyer", "requester", "state", "created_at"], name="requisition_mine"),
            models.Index(fields=["buyer", "requester", "created_at", "id"], name="requisition_newest"),
            models.Index(fields=["stream", "buyer"], name="requisition_stream"),
        ]


class RequisitionLine(models.Model):
    """A line: a catalogue item, or free text as a frame ("up to NOK N") with a reason.

    Quantity, price and base quantity are scaled by 10^6. For free text `frame` is the most it may cost, in
    øre excluding VAT, and price is the frame for quantity 1.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    CATALOGUE, FREE_TEXT = "catalogue", "freetext"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    requisition = models.ForeignKey(Requisition, models.CASCADE, related_name="lines", db_index=False)
    position = models.IntegerField()
    kind = models.CharField(max_length=10, default=CATALOGUE)
    item_id = models.UUIDField(null=True)
    agreement_id = models.UUIDField(null=True)
    agreement_ref = models.CharField(max_length=40, blank=True)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    seller_item_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=40, blank=True)
    quantity = models.BigIntegerField()
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()
    base_quantity = models.BigIntegerField(default=1_000_000)
    currency = models.CharField(max_length=3, default="NOK")
    vat_category = models.CharField(max_length=2, default="S")
    vat_rate = models.IntegerField(default=2500)
    frame = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    account = models.CharField(max_length=20, blank=True)
    responsibility = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=20, blank=True)
    project = models.CharField(max_length=20, blank=True)
    vat_treatment = models.CharField(max_length=20, default="compensated")
    coding_source = models.CharField(max_length=12, blank=True)
    removed = models.BooleanField(default=False)  # an audited row is never deleted

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["requisition", "position"], name="requisition_line")]
        ordering = ["position"]
