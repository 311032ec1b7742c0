"""The buyer's relation to a supplier."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class SupplierRelation(models.Model):
    """How one buyer deals with one supplier: number in the accounting system, channel, process, terms."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier_no = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10, default="local")
    process = models.CharField(max_length=10, default="ordering")  # ordering (with response) | order_only
    payment_days = models.IntegerField(default=30)
    blocked = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "supplier"], name="relation_once")]


class BankAccount(models.Model):
    """An account that the buyer knows as the supplier's (11 digits, or a foreign IBAN)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.CharField(max_length=34)
    confirmed_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "supplier", "account"], name="account_once")]
