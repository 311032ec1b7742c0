"""Accounts with a limit (a budget line, an agreement's ceiling) and the movements against them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Account(models.Model):
    """One budget line or ceiling: its limit in øre and what is bound against it, bucket by bucket.

    The buckets are the sums of the movements and change only together with one.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = False  # derived from the movements; `commitments.queries.check` compares

    BUDGET, CEILING = "budget", "ceiling"

    id = models.BigAutoField(primary_key=True)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, default=BUDGET)
    key = models.CharField(max_length=120)  # see facts.BudgetKey
    limit = models.BigIntegerField(default=0)
    limit_known = models.BooleanField(default=False)
    reserved = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)
    accrued = models.BigIntegerField(default=0)
    invoiced = models.BigIntegerField(default=0)
    posted = models.BigIntegerField(default=0)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "kind", "key"], name="commitment_account")]


class Movement(models.Model):
    """What one document moved on one account, in øre per bucket. Append only."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="movements")
    source = models.CharField(max_length=80)  # label:id of the document
    reserved = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)
    accrued = models.BigIntegerField(default=0)
    invoiced = models.BigIntegerField(default=0)
    posted = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")
