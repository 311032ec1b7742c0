"""Goods receipts: the attestation that something came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.ordering.models import Order, OrderLine
from avrop.tenancy.models import Organisation, Person
from avrop.tenancy.scope import By, ScopedManager, Shared


class Receipt(models.Model):
    """A receipt by a person at a time; `by_exception` when the approver received (Decision 2, logged)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    note = models.TextField(blank=True)
    by_exception = models.BooleanField(default=False)
    exception_reason = models.TextField(blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "number"], name="receipt_number")]
        indexes = [models.Index(fields=["order"], name="receipt_order")]


class ReceiptLine(models.Model):
    """How much of an order line came (scaled by 10^6), and the øre it moved from committed to accrued."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="receipt_lines")
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField(default=0)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "order_line"], name="receipt_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="receipt_line_positive"),
        ]
