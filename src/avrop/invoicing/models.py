"""Invoices and credit notes as they came. EN 16931 names; amounts in øre; the original is never altered."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Invoice(models.Model):
    """An invoice or credit note. `state`: valid, invalid, duplicate, filed (readable, not payable)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    message_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    stream = models.CharField(max_length=80)
    kind = models.CharField(max_length=11)  # invoice, credit_note
    number = models.CharField(max_length=100)  # BT-1
    issue_date = models.DateField()  # BT-2
    due_date = models.DateField(null=True)  # BT-9
    currency = models.CharField(max_length=3)  # BT-5
    order_reference = models.CharField(max_length=100, blank=True)  # BT-13
    buyer_reference = models.CharField(max_length=100, blank=True)  # BT-10
    contract_reference = models.CharField(max_length=100, blank=True)  # BT-12
    preceding = models.CharField(max_length=100, blank=True)  # BT-25, the first
    preceding_all = models.JSONField(default=list)  # [{number, date}], BT-25 and BT-26
    number_key = models.CharField(max_length=100, blank=True)  # BT-1 without disguise, see rules.number_key
    preceding_key = models.CharField(max_length=100, blank=True)  # the same of `preceding`
    credits = models.JSONField(default=list)  # a credit note's originals: ids (hex)
    credited_by = models.JSONField(default=list)  # an invoice's credit notes: ids (hex)
    looks_like = models.UUIDField(null=True)  # an earlier invoice that this may be once more
    buyer_orgnr = models.CharField(max_length=40, blank=True)  # BT-47, else BT-49
    supplier = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    seller_name = models.CharField(max_length=200)  # BT-27
    seller_orgnr = models.CharField(max_length=40, blank=True)  # BT-30
    seller_endpoint = models.CharField(max_length=80, blank=True)  # BT-34
    payment_reference = models.CharField(max_length=100, blank=True)  # BT-83
    bank_account = models.CharField(max_length=34, blank=True)  # BT-84
    line_total = models.BigIntegerField()  # BT-106
    allowances = models.BigIntegerField(default=0)  # BT-107
    charges = models.BigIntegerField(default=0)  # BT-108
    net = models.BigIntegerField()  # BT-109
    vat = models.BigIntegerField()  # BT-110
    gross = models.BigIntegerField()  # BT-112
    prepaid = models.BigIntegerField(default=0)  # BT-113
    rounding = models.BigIntegerField(default=0)  # BT-114
    payable = models.BigIntegerField()  # BT-115
    document_charges = models.JSONField(
        default=list
    )  # [{charge, code, reason, amount, vat_category, vat_rate}]
    vat_breakdown = models.JSONField(default=list)  # [{category, rate, base, vat}]
    state = models.CharField(max_length=10)
    findings = models.JSONField(default=list)
    rule_set = models.CharField(max_length=200, blank=True)
    response_code = models.CharField(
        max_length=3, blank=True
    )  # last Invoice Response sent (AB IP UQ CA RE AP PD)
    response_key = models.CharField(
        max_length=60, blank=True
    )  # which question it answered, so that none is sent twice
    received_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [
            models.Index(fields=["buyer", "seller_orgnr", "number"], name="invoice_once"),
            models.Index(fields=["buyer", "seller_orgnr", "number_key"], name="invoice_key"),
            models.Index(fields=["buyer", "seller_orgnr", "preceding_key"], name="invoice_preceding"),
            models.Index(fields=["buyer", "order_reference"], name="invoice_order"),
            models.Index(fields=["buyer", "received_at", "id"], name="invoice_newest"),
            models.Index(fields=["buyer", "number", "id"], name="invoice_number"),
            models.Index(fields=["stream", "buyer"], name="invoice_stream"),
        ]


class InvoiceLine(models.Model):
    """A line. Quantity, price and base quantity scaled by 10^6; net (BT-131) in øre."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", db_index=False)
    position = models.IntegerField()
    line_id = models.CharField(max_length=60)  # BT-126
    order_reference = models.CharField(max_length=100, blank=True)
    order_line_reference = models.CharField(max_length=60, blank=True)  # BT-132
    seller_item_id = models.CharField(max_length=100, blank=True)  # BT-155
    standard_item_id = models.CharField(max_length=40, blank=True)  # BT-157
    name = models.CharField(max_length=300)
    quantity = models.BigIntegerField()
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()  # BT-146
    base_quantity = models.BigIntegerField(default=1_000_000)
    net = models.BigIntegerField()
    allowances = models.BigIntegerField(default=0)
    charges = models.BigIntegerField(default=0)
    vat_category = models.CharField(max_length=2)
    vat_rate = models.IntegerField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line")]
        ordering = ["position"]
