"""Orders out, their lines, and what the supplier answered."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.messaging.models import Message
from avrop.tenancy.models import Organisation, Unit
from avrop.tenancy.scope import By, ScopedManager, Shared


class Order(models.Model):
    """A purchase order. Sent orders are immutable but for the state axes and accepted changes of lines.

    Axes: transport (queued sent failed: the state of its message), response (none awaited accepted
    proposed changed rejected), receipt (none partial full), invoice (none partial full). Amounts in øre.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    stream = models.CharField(max_length=80)
    requisition_id = models.UUIDField(null=True)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreement_id = models.UUIDField(null=True)
    agreement_ref = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    requester_id = models.UUIDField()
    requester_name = models.CharField(max_length=200)
    address_id = models.UUIDField()
    delivery = models.JSONField()  # name street postal_zone city, as sent
    marking = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="NOK")
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    gross = models.BigIntegerField()
    approval_hash = models.CharField(max_length=64)
    approved_gross = models.BigIntegerField(default=0)  # what was approved; accepted changes do not move it
    response_state = models.CharField(max_length=8, default="none")
    receipt_state = models.CharField(max_length=8, default="none")
    invoice_state = models.CharField(max_length=8, default="none")
    issued_at = models.DateTimeField()
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "number"], name="order_number"),
            models.UniqueConstraint(fields=["buyer", "requisition_id", "approval_hash"], name="order_once"),
        ]
        indexes = [models.Index(fields=["stream"], name="order_stream")]

    @property
    def transport_state(self) -> str:
        """queued, sent or failed: what became of its message."""
        return self.message.state if self.message else "queued"

    @property
    def sent_at(self) -> datetime | None:
        """When the access point took its message."""
        return self.message.done_at if self.message and self.message.state == "sent" else None


class OrderLine(models.Model):
    """A line as it was sent; `quantity` and `price` are replaced only by an accepted change."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    line_no = models.IntegerField()
    kind = models.CharField(max_length=10)
    seller_item_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=40, blank=True)
    quantity = models.BigIntegerField()
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()
    base_quantity = models.BigIntegerField(default=1_000_000)
    vat_category = models.CharField(max_length=2)
    vat_rate = models.IntegerField()
    net = models.BigIntegerField()
    frame = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    account = models.CharField(max_length=20)
    responsibility = models.CharField(max_length=20)
    function = models.CharField(max_length=20)
    project = models.CharField(max_length=20, blank=True)
    vat_treatment = models.CharField(max_length=20)
    arrived = models.BooleanField(default=False)  # all of it has come, told while other lines are still due
    cancelled = models.BooleanField(default=False)  # rejected by the supplier and accepted as such

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "line_no"], name="order_line")]
        ordering = ["line_no"]


class OrderResponse(models.Model):
    """A supplier's answer (T76). A change is a proposal until the buyer decides (Decision 7)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, related_name="responses")
    number = models.CharField(max_length=100)
    code = models.CharField(max_length=4)  # AP CA RE (UNCL4343 subset of T76)
    note = models.TextField(blank=True)
    lines = models.JSONField(default=list)  # [{line_no, code, quantity, price, name, note}]
    state = models.CharField(max_length=9)  # noted proposed accepted declined
    message_id = models.UUIDField()
    received_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")
