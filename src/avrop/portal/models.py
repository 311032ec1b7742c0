"""The seller's own station: sales orders built only from the XML received, and the invoices made of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class SalesOrder(models.Model):
    """An order as the seller received it. States: see `states.py`. Amounts in øre."""

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    message_id = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    stream = models.CharField(max_length=80)
    number = models.CharField(max_length=100)  # the buyer's order number
    profile_id = models.CharField(max_length=200, blank=True)  # decides which answer, if any, is wanted
    response_number = models.CharField(max_length=110, blank=True)
    changes_asked = models.IntegerField(default=0)  # changes and cancellations that wait for an answer
    responses = models.IntegerField(default=0)  # how many answers were sent: to the order and its changes
    answer_note = models.TextField(blank=True)
    buyer_endpoint = models.CharField(max_length=80)
    buyer_name = models.CharField(max_length=200)
    buyer_orgnr = models.CharField(max_length=20, blank=True)
    buyer_reference = models.CharField(max_length=100, blank=True)
    buyer_address = models.JSONField(default=dict)
    delivery = models.JSONField(default=dict)
    marking = models.CharField(max_length=200, blank=True)
    contract = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    response_wanted = models.BooleanField(default=True)
    currency = models.CharField(max_length=3)
    net = models.BigIntegerField()
    vat = models.BigIntegerField(default=0)
    gross = models.BigIntegerField(default=0)
    issue_date = models.DateField()
    state = models.CharField(max_length=10, default="new")
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("seller")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "buyer_endpoint", "number"], name="sales_order_number")
        ]
        indexes = [
            models.Index(fields=["seller", "received_at", "id"], name="sales_order_newest"),
            models.Index(fields=["seller", "number", "id"], name="sales_order_by_number"),
            models.Index(
                fields=["seller", "state", "received_at", "id", "response_wanted"], name="sales_order_stands"
            ),
            # What is to be delivered and invoiced, oldest first; `queries.to_invoice` asks in the same words.
            models.Index(
                fields=["seller", "received_at", "id"],
                name="sales_order_to_invoice",
                condition=~models.Q(state="invoiced")
                & ~models.Q(state="cancelled")
                & ~models.Q(state="rejected")
                & ~models.Q(state="new", response_wanted=True),
            ),
            models.Index(
                fields=["seller", "received_at"],
                name="sales_order_asked",
                condition=models.Q(changes_asked__gt=0),
            ),
        ]


class SalesOrderLine(models.Model):
    """A line as ordered, and as the seller answered it (`answer_*`; None: unchanged)."""

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="lines", db_index=False)
    position = models.IntegerField()
    line_id = models.CharField(max_length=60)
    seller_item_id = models.CharField(max_length=100, blank=True)
    name = models.TextField()
    description = models.TextField(blank=True)
    note = models.TextField(blank=True)
    quantity = models.BigIntegerField()
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()
    base_quantity = models.BigIntegerField(default=1_000_000)
    net = models.BigIntegerField()
    vat_category = models.CharField(max_length=2, blank=True)  # blank: the order does not say
    vat_rate = models.IntegerField()
    free_text = models.BooleanField(default=False)
    answer = models.CharField(max_length=2, blank=True)  # 5 accepted, 3 changed, 7 not accepted (UNCL1229)
    answer_quantity = models.BigIntegerField(null=True)
    answer_price = models.BigIntegerField(null=True)
    answer_note = models.CharField(max_length=200, blank=True)
    invoiced = models.BigIntegerField(default=0)
    cancelled = models.BooleanField(default=False)  # the buyer took the line back, and the seller agreed

    objects: ClassVar[ScopedManager] = ScopedManager("seller")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "position"], name="sales_order_line")]
        ordering = ["position"]


class SalesInvoice(models.Model):
    """An invoice or credit note that the seller sent, and its fate as the buyer told it (T111 codes).

    Amounts are positive on both. A credit note has `credits`, and neither KID, account nor a due date that
    anybody must keep.
    """

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=12, default="invoice")  # or credit_note
    credits = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="credit_notes", db_index=False
    )
    credited = models.BigIntegerField(default=0)  # with VAT, by the credit notes to this invoice
    note = models.TextField(blank=True)  # why it is credited
    released = models.BooleanField(
        default=False
    )  # rejected or stopped, so that its order lines are free again
    stopped = models.BooleanField(default=False)  # turned away at the buyer's door (MLR, MLS): never received
    asked = models.CharField(max_length=3, blank=True)  # CNF, CNP, CNA: the buyer asks for a credit note
    number = models.CharField(max_length=40)
    issue_date = models.DateField()
    due_date = models.DateField()
    delivered_on = models.DateField()
    kid = models.CharField(max_length=25, blank=True)
    account = models.CharField(max_length=34, blank=True)
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    gross = models.BigIntegerField()
    message_id = models.UUIDField()
    response_code = models.CharField(max_length=3, blank=True)
    response_note = models.TextField(blank=True)
    response_reasons = models.JSONField(default=list)  # [[list, code], ...] as T111 gave them
    answered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("seller")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seller", "number"], name="sales_invoice_number")]
        indexes = [
            models.Index(fields=["seller", "issue_date", "id"], name="sales_invoice_newest"),
            models.Index(
                fields=["credits", "seller"],
                name="sales_invoice_credits",
                condition=models.Q(credits__isnull=False),
            ),
            # What is owed and what is disputed, without reading the invoices.
            models.Index(
                fields=["seller", "response_code", "gross", "credited", "kind", "stopped"],
                name="sales_invoice_is_owed",
                condition=models.Q(kind="invoice", stopped=False),
            ),
            # What a credit note is due to; `queries.TO_CREDIT` asks in the same words.
            models.Index(
                fields=["seller", "issue_date", "id"],
                name="sales_invoice_to_credit",
                condition=models.Q(credited__lt=models.F("gross"), kind="invoice")
                & (~models.Q(asked="") | models.Q(response_code="RE") | models.Q(stopped=True)),
            ),
        ]


class SalesInvoiceLine(models.Model):
    """What an invoice bills, or a credit note credits, of an order line. Scaled quantity and price, net in øre.

    `amount_only`: no goods go back; the quantity is one lump sum.
    """

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    invoice = models.ForeignKey(SalesInvoice, models.PROTECT, related_name="lines", db_index=False)
    order_line = models.ForeignKey(SalesOrderLine, models.PROTECT, related_name="invoice_lines")
    credits = models.ForeignKey("self", models.PROTECT, null=True, related_name="credit_lines")
    amount_only = models.BooleanField(default=False)
    position = models.IntegerField()
    quantity = models.BigIntegerField()
    price = models.BigIntegerField()
    net = models.BigIntegerField()

    objects: ClassVar[ScopedManager] = ScopedManager("seller")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "position"], name="sales_invoice_line")]
        ordering = ["position"]


class SalesChange(models.Model):
    """A change (T114) or cancellation (T115) of an order, as it came, and the seller's answer (T116)."""

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(SalesOrder, models.PROTECT, related_name="changes", db_index=False)
    message_id = models.UUIDField()
    kind = models.CharField(max_length=12)  # change, cancellation
    number = models.CharField(max_length=100)
    sequence = models.IntegerField()  # a cancellation comes after every change there is
    issue_date = models.DateField()
    note = models.TextField(blank=True)
    header = models.JSONField(default=dict)  # delivery, marking, buyer_reference where they shall be others
    state = models.CharField(max_length=10, default="asked")
    response_number = models.CharField(max_length=110, blank=True)
    answer_note = models.TextField(blank=True)
    received_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("seller")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind", "number"], name="sales_change_number")
        ]
        indexes = [models.Index(fields=["seller", "state"], name="sales_change_state")]


class SalesChangeLine(models.Model):
    """A line as the buyer wants it. `stood_*`: what stood when it was answered; `answer`: 5 as asked, 7 not."""

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seller = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    change = models.ForeignKey(SalesChange, models.PROTECT, related_name="lines", db_index=False)
    position = models.IntegerField()
    line_id = models.CharField(max_length=60)
    action = models.CharField(max_length=2)  # UNCL1229 as T114 uses it
    seller_item_id = models.CharField(max_length=100, blank=True)
    name = models.TextField()
    description = models.TextField(blank=True)
    note = models.TextField(blank=True)
    quantity = models.BigIntegerField()
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()
    base_quantity = models.BigIntegerField(default=1_000_000)
    net = models.BigIntegerField()
    vat_category = models.CharField(max_length=2, blank=True)
    vat_rate = models.IntegerField()
    free_text = models.BooleanField(default=False)
    answer = models.CharField(max_length=2, blank=True)
    stood_quantity = models.BigIntegerField(null=True)
    stood_price = models.BigIntegerField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("seller")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "position"], name="sales_change_line"),
        ]
        ordering = ["position"]


class SellerProfile(models.Model):
    """What a seller's invoices need: bank account, next invoice number comes from its series."""

    tenancy: ClassVar[By | Shared] = By("seller")
    audited: ClassVar[bool] = True

    seller = models.OneToOneField(Organisation, models.PROTECT, related_name="+", primary_key=True)
    bank_account = models.CharField(max_length=34, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("seller")
