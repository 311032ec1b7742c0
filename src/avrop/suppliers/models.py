"""The buyer's relation to a supplier, and the bank accounts that the buyer knows as the supplier's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation, Person
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
    process = models.CharField(
        max_length=10, default="ordering"
    )  # advanced (takes changes) ordering order_only
    payment_days = models.IntegerField(default=30)
    blocked = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "supplier"], name="relation_once")]


class BankAccount(models.Model):
    """An account that the buyer knows as the supplier's (11 digits, or a foreign IBAN). Never deleted.

    Good while it is confirmed, not withdrawn, not stopped and not past `valid_to` (the first day it is no longer).
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.CharField(max_length=34)
    confirmed_at = models.DateTimeField(null=True)
    valid_to = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)  # suspicion of fraud
    reason = models.CharField(max_length=500, blank=True)  # why it was withdrawn or stopped

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "supplier", "account"], name="account_once")]


class AccountConfirmation(models.Model):
    """The question whether an account is the supplier's: open until two persons confirm or one rejects it."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    account = models.CharField(max_length=34)
    known = models.JSONField(default=list)  # the accounts that were good when the question was asked
    state = models.CharField(max_length=9, default="open")
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)  # None: an invoice asked
    due = models.DateField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "supplier", "account"],
                condition=models.Q(state="open"),
                name="confirmation_open_once",
            )
        ]
        indexes = [models.Index(fields=["buyer", "state"], name="confirmation_state")]


class ConfirmationInvoice(models.Model):
    """An invoice that names the account asked about. Its id only: invoices live further on."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    confirmation = models.ForeignKey(AccountConfirmation, models.PROTECT, related_name="invoices")
    invoice_id = models.UUIDField()
    number = models.CharField(max_length=100)
    payable = models.BigIntegerField()  # øre
    currency = models.CharField(max_length=3)
    received_at = models.DateTimeField()
    streams = models.JSONField(default=list)  # where it was handled

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["confirmation", "invoice_id"], name="confirmation_invoice")
        ]


class ConfirmationSignature(models.Model):
    """One person's confirmation, with the record of the call back."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    confirmation = models.ForeignKey(AccountConfirmation, models.PROTECT, related_name="signatures")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    talked_to = models.CharField(max_length=100)
    number = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    called_at = models.DateTimeField()
    said = models.CharField(max_length=1000)
    at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["confirmation", "person"], name="signature_once")]
