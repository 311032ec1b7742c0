"""Postings and their transfer to the accounting system."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.invoicing.models import Invoice
from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class PostingBatch(models.Model):
    """One transfer for one buyer. States: released, sent, answered (all posted), partly (some lines rejected,
    the rest posted), mismatch (count, sum or vouchers do not agree: nothing posted)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default="released")
    count = models.IntegerField()
    total = models.BigIntegerField()  # payable, øre
    answered_count = models.IntegerField(null=True)
    answered_total = models.BigIntegerField(null=True)
    rejected_count = models.IntegerField(default=0)
    rejected_total = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # of the canonical JSON sent, kept as it left
    sha256_csv = models.CharField(max_length=64, blank=True)
    released_by = models.UUIDField(null=True)
    released_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)  # the last time it was handed over
    resent = models.IntegerField(default=0)  # how many times it was sent again, byte for byte
    late_at = models.DateTimeField(null=True)  # when somebody was told that no answer came
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "number"], name="batch_number")]
        indexes = [
            models.Index(fields=["buyer", "released_at", "id"], name="batch_newest"),
            models.Index(fields=["buyer", "state", "total"], name="batch_state"),
            # Without an answer that agrees, oldest first; `queries.unsettled` asks in the same words.
            models.Index(
                fields=["buyer", "released_at", "id"],
                name="batch_unsettled",
                condition=~models.Q(state="answered") & ~models.Q(state="partly"),
            ),
        ]


class Posting(models.Model):
    """One invoice (or credit note: negative) as it goes to the books. States: ready, released, posted, rejected.

    What is posted is never altered: it is reversed in full by one posting and booked anew by another
    (bokføringsloven §9). `turn` counts an invoice's postings: 0 the first, then reversal, correction, ...
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="postings", db_index=False)
    turn = models.IntegerField(default=0)
    kind = models.CharField(max_length=11, default="invoice")  # invoice, credit_note, reversal, correction
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    credits = models.JSONField(default=list)  # [[invoice id (hex), number], ...] of the invoices credited
    parts = models.JSONField(default=list)  # costs by coding and VAT rate, see rules.parts_in
    batch = models.ForeignKey(PostingBatch, models.PROTECT, null=True, related_name="postings")  # the latest
    stream = models.CharField(max_length=80)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    supplier_no = models.CharField(max_length=20, blank=True)
    invoice_number = models.CharField(max_length=100)
    invoice_date = models.DateField()
    due_date = models.DateField()
    payable = models.BigIntegerField()  # negative: credit note, or reversal of an invoice
    payment_reference = models.CharField(max_length=100, blank=True)
    bank_account = models.CharField(max_length=34, blank=True)
    original = models.CharField(max_length=64)  # SHA-256 of the original
    state = models.CharField(max_length=10, default="ready")
    rejection = models.CharField(max_length=200, blank=True)  # the accounting system's words, the last ones
    voucher = models.CharField(max_length=40, blank=True)
    posted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "turn"], name="posting_turn")]
        indexes = [
            models.Index(
                fields=["buyer", "state", "due_date", "created_at", "id", "payable"], name="posting_state"
            ),
            models.Index(fields=["buyer", "created_at", "id"], name="posting_newest"),
            models.Index(fields=["buyer", "invoice_number", "id"], name="posting_number"),
            models.Index(
                fields=["buyer", "invoice_number", "id"],
                name="posting_ready_number",
                condition=models.Q(state="ready"),
            ),
            models.Index(
                fields=["buyer", "supplier", "created_at"],
                name="posting_credit",
                condition=models.Q(kind="credit_note"),
            ),
            models.Index(fields=["buyer", "voucher"], name="posting_voucher"),
        ]


class BatchItem(models.Model):
    """A posting's place in one batch, and what was answered there: sent, posted or rejected.

    A rejected posting goes in a new batch when it is mended; its place in the old one stands.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    batch = models.ForeignKey(PostingBatch, models.PROTECT, related_name="items", db_index=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="items")
    position = models.IntegerField()
    payable = models.BigIntegerField()
    state = models.CharField(max_length=8, default="sent")
    voucher = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "posting"], name="batch_item")]
        indexes = [models.Index(fields=["buyer", "state", "payable"], name="batch_item_state")]


class KeptSum(models.Model):
    """How many postings and how much (øre) of a buyer stand so, kept as they change; see `sums`.

    Of `what`: released (as the batches say), sent, posted, rejected (places in batches), booked (postings).
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = (
        False  # follows from batches, their items and postings; `sums.recount` says the same
    )

    buyer = models.ForeignKey(Organisation, models.CASCADE, related_name="+", db_index=False)
    what = models.CharField(max_length=8)
    count = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "what"], name="kept_sum")]


class PostingLine(models.Model):
    """A debit (positive) or credit (negative) line in øre; the lines of a posting sum to zero."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="lines", db_index=False)
    position = models.IntegerField()
    kind = models.CharField(max_length=8)  # cost, vat, rounding, supplier, prepaid
    account = models.CharField(max_length=20)
    responsibility = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=20, blank=True)
    project = models.CharField(max_length=20, blank=True)
    vat_code = models.CharField(max_length=10, blank=True)
    amount = models.BigIntegerField()
    text = models.CharField(max_length=200, blank=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["posting", "position"], name="posting_line")]
        ordering = ["position"]
