"""Goods receipts: the attestation that something came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.ordering.models import Order, OrderLine
from avrop.tenancy.models import Organisation, Person
from avrop.tenancy.scope import By, ScopedManager, Shared


class Receipt(models.Model):
    """A receipt by a person at a time; `by_exception` when the approver received (Decision 2, logged).

    Kinds: receipt; return and correction, which take away from the receipt they are `against`. A return names
    its `reason_code` and what is expected: "replacement" or "credit". Nothing is ever deleted.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=20)
    order = models.ForeignKey(Order, models.PROTECT, related_name="receipts")
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    received_at = models.DateTimeField()
    kind = models.CharField(max_length=10, default="receipt")  # receipt return correction
    against = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    reason_code = models.CharField(max_length=12, blank=True)
    expected = models.CharField(max_length=11, blank=True)  # replacement credit
    note = models.TextField(blank=True)
    by_exception = models.BooleanField(default=False)
    exception_reason = models.TextField(blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "number"], name="receipt_number")]
        indexes = [
            models.Index(fields=["buyer", "received_at", "id"], name="receipt_newest"),
            models.Index(fields=["buyer", "received_by", "received_at", "id"], name="receipt_mine"),
        ]


class ReceiptLine(models.Model):
    """How much of an order line came (scaled by 10^6), and the øre it moved from committed to accrued.

    Below zero for what went back; `credited` is the part of it that is not to come again. `refused` was on
    the door and not taken (`reason_code` says why): it counts nowhere, it is still to come.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey(OrderLine, models.PROTECT, related_name="receipt_lines")
    quantity = models.BigIntegerField()
    cost = models.BigIntegerField(default=0)
    credited = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    reason_code = models.CharField(max_length=12, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt", "order_line"], name="receipt_line_once"),
            models.CheckConstraint(
                condition=models.Q(refused__gte=0, credited__gte=0) & ~models.Q(quantity=0, refused=0),
                name="receipt_line_says_something",
            ),
        ]
