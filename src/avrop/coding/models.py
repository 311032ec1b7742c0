"""Chart of accounts and other dimensions, defaults, budget policy and imports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Code(models.Model):
    """A value of a dimension: account, responsibility, function or project."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = False  # reference data, replaced by imports; the import itself is an entry

    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    dimension = models.CharField(max_length=14)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    warning = models.CharField(max_length=40, blank=True)  # KOSTRA_RETIRED ...
    active = models.BooleanField(default=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "dimension", "code"], name="code_once")]


class BudgetLine(models.Model):
    """An imported budget line, in øre; the limit of its commitment account is the sum of its lines."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = False  # as Code

    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    year = models.IntegerField()
    key = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    row = models.IntegerField()
    imported = models.ForeignKey("CodingImport", models.PROTECT, related_name="lines")

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [models.Index(fields=["buyer", "year"], name="budget_year")]


class CodingImport(models.Model):
    """One imported file: its hash, what it held and what was wrong with it."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    year = models.IntegerField(null=True)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="active")  # loading active superseded
    result = models.JSONField(default=dict)
    at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")


class CodingDefault(models.Model):
    """A default coding: for an item, a category, a person's favourite, a person or a unit (domain.md 1c)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)  # item category favourite person unit
    key = models.CharField(max_length=80)  # seller item id, category code, person id, unit id
    account = models.CharField(max_length=20, blank=True)
    responsibility = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=20, blank=True)
    project = models.CharField(max_length=20, blank=True)
    vat_treatment = models.CharField(max_length=20, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "kind", "key"], name="coding_default")]


class BudgetControl(models.Model):
    """How a buyer meets a passed budget."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    buyer = models.OneToOneField(Organisation, models.PROTECT, related_name="+", primary_key=True)
    mode = models.CharField(max_length=6, default="warn")

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")
