"""Order x receipt x invoice: one match per invoice, with every check's numbers, and the deviations."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.invoicing.models import Invoice
from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Match(models.Model):
    """The state of an invoice's match. `checks` holds every check made with the values compared.

    States of an invoice: awaiting_receipt, deviation, without_order, matched (clean, waits for the approver's
    click), disputed, awaiting_credit, approved, rejected, credited (cancelled out by its credit note). Of a
    credit note: without_original, awaiting_original, deviation, matched, approved, rejected, credited.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    invoice = models.OneToOneField(Invoice, models.PROTECT, related_name="match")
    stream = models.CharField(max_length=80)  # the purchase's, else the invoice's
    orders = models.JSONField(default=list)  # ids (hex) of the orders paired with
    state = models.CharField(max_length=20)
    treatment = models.CharField(max_length=8, blank=True)  # of a credit note, by a person: amount, quantity
    checks = models.JSONField(default=list)  # [[code, line, order, ...]], in the order of facts.Check
    lines = models.JSONField(default=list)  # see facts.LineMatch
    allocation = models.JSONField(default=list)  # when approved: net and VAT per coding and rate, see facts
    held_due = models.DateField(null=True)  # when a disputed or awaited answer should be here
    held_reason = models.TextField(blank=True)
    asked = models.BigIntegerField(default=0)  # øre incl. VAT that a credit note is asked for
    touched = models.BooleanField(default=False)  # a person had a hand on it
    preapproval = models.CharField(max_length=80, blank=True)  # reference of the switch that let it through
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    matched_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "state", "matched_at", "id"], name="match_state"),
            # Covers the share that went through untouched.
            models.Index(fields=["buyer", "matched_at", "state", "touched"], name="match_when"),
            models.Index(fields=["stream", "buyer"], name="match_stream"),
            # What is not approved, oldest first; `queries.waiting_matches` asks in the same words.
            models.Index(
                fields=["buyer", "matched_at", "id"],
                name="match_waits",
                condition=~models.Q(state="approved"),
            ),
        ]


class MatchOrder(models.Model):
    """Finds the matches of an order: an index over `Match.orders`, written once with the match."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = False  # says nothing that the audited Match.orders does not say

    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    match = models.ForeignKey(Match, models.PROTECT, related_name="of_orders")
    order_id = models.UUIDField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [models.Index(fields=["order_id"], name="match_of_order")]


class Deviation(models.Model):
    """Something a person must decide, with the numbers, an owner and a deadline."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    match = models.ForeignKey(Match, models.PROTECT, related_name="deviations")
    code = models.CharField(max_length=20)
    line = models.CharField(max_length=60, blank=True)  # invoice line id, empty for the document
    expected = models.CharField(max_length=100, blank=True)
    found = models.CharField(max_length=100, blank=True)
    amount = models.BigIntegerField(default=0)  # øre at stake
    owner_role = models.CharField(max_length=30)
    due = models.DateField()
    state = models.CharField(max_length=9, default="open")  # open, accepted, rejected, resolved (by itself)
    opened_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "state", "due", "id"], name="deviation_open"),
            # How many there are of each kind, and those of one kind by deadline, without a look at the rows.
            models.Index(
                fields=["buyer", "code", "due", "id", "amount"],
                name="deviation_kinds",
                condition=models.Q(state="open"),
            ),
        ]


class PreApproval(models.Model):
    """Førehandstilvising: the dated switch for touchless approval (Decision 3). `ceiling` øre incl. VAT."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    ceiling = models.BigIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")
