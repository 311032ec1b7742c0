"""Orders out, their lines, and what the supplier answered."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.messaging.models import Message
from avrop.tenancy.models import Organisation, Unit
from avrop.tenancy.scope import By, ScopedManager, Shared

_TO_COME = models.Q(ended="") & ~models.Q(receipt_state="full") & ~models.Q(response_state="rejected")
_WHOSE = ("unit", "requester_id", "message", "ended", "receipt_state", "response_state")


class Order(models.Model):
    """A purchase order. Sent orders are immutable but for the state axes and accepted changes of lines.

    Axes: transport (queued sent failed: the state of its message), response (none awaited accepted
    proposed changed rejected), receipt (none partial full), invoice (none partial full). Amounts in øre.
    `ended` (cancelled, closed): nothing more is owed under it. `process` is how it was sent; `sequence` the
    number of the last change that left.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=100)  # 20 in our own series; one taken over keeps its own
    stream = models.CharField(max_length=80)
    requisition_id = models.UUIDField(null=True)
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreement_id = models.UUIDField(null=True)
    agreement_ref = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    requester_id = models.UUIDField()
    requester_name = models.CharField(max_length=200)
    address_id = models.UUIDField()
    delivery = models.JSONField()  # name street postal_zone city, as sent
    marking = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="NOK")
    net = models.BigIntegerField()
    vat = models.BigIntegerField()
    gross = models.BigIntegerField()
    approval_hash = models.CharField(max_length=64)
    approved_gross = models.BigIntegerField(default=0)  # what was approved; accepted changes do not move it
    response_state = models.CharField(max_length=8, default="none")
    receipt_state = models.CharField(max_length=8, default="none")
    invoice_state = models.CharField(max_length=8, default="none")
    process = models.CharField(max_length=10, default="ordering")  # order_only ordering advanced
    wanted_by = models.DateField(null=True)
    ended = models.CharField(max_length=9, blank=True)  # cancelled closed
    sequence = models.IntegerField(default=0)
    changes = models.IntegerField(default=0)  # how many rows of OrderChange it has
    issued_at = models.DateTimeField()
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["buyer", "number"], name="order_number"),
            models.UniqueConstraint(fields=["buyer", "requisition_id", "approval_hash"], name="order_once"),
        ]
        indexes = [
            models.Index(fields=["stream", "buyer"], name="order_stream"),
            models.Index(fields=["buyer", "issued_at", "id"], name="order_newest"),
            models.Index(fields=["buyer", "requester_id", "issued_at", "id"], name="order_mine"),
            # What is still to come, oldest first and by number; `queries.expected_deliveries` asks in the same
            # words. The last holds what a receiver's own are known by, so that a count reads no order.
            models.Index(fields=["buyer", "issued_at", "id"], name="order_to_come", condition=_TO_COME),
            models.Index(fields=["buyer", *_WHOSE], name="order_to_come_whose", condition=_TO_COME),
            models.Index(fields=["buyer", "number", "id"], name="order_to_come_number", condition=_TO_COME),
        ]

    @property
    def transport_state(self) -> str:
        """queued, sent or failed: what became of its message."""
        return self.message.state if self.message else "queued"

    @property
    def sent_at(self) -> datetime | None:
        """When the access point took its message."""
        return self.message.done_at if self.message and self.message.state == "sent" else None


class OrderLine(models.Model):
    """A line as it was sent; `quantity` and `price` are replaced only by an accepted change."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines", db_index=False)
    line_no = models.IntegerField()
    kind = models.CharField(max_length=10)
    seller_item_id = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=300)
    category = models.CharField(max_length=40, blank=True)
    quantity = models.BigIntegerField()
    unit_code = models.CharField(max_length=3)
    price = models.BigIntegerField()
    base_quantity = models.BigIntegerField(default=1_000_000)
    vat_category = models.CharField(max_length=2)
    vat_rate = models.IntegerField()
    net = models.BigIntegerField()
    frame = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    account = models.CharField(max_length=20)
    responsibility = models.CharField(max_length=20)
    function = models.CharField(max_length=20)
    project = models.CharField(max_length=20, blank=True)
    vat_treatment = models.CharField(max_length=20)
    arrived = models.BooleanField(default=False)  # all of it has come, told while other lines are still due
    cancelled = models.BooleanField(default=False)  # nothing of it is owed: rejected, removed or all returned
    closed = models.BooleanField(default=False)  # nothing more comes: what was committed was given back then
    received = models.BigIntegerField(default=0)  # told by delivery: what has come, less what went back
    accrued = models.BigIntegerField(default=0)  # told by delivery: øre that went from committed to accrued
    returned = models.BigIntegerField(default=0)  # told by delivery: returned for credit, out of `quantity`
    told = models.BigIntegerField(default=0)  # all that ever came and went, as far as we have been told
    billed = models.JSONField(default=dict)  # told by matching: invoice id (hex) -> as facts.Billed

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "line_no"], name="order_line")]
        indexes = [
            models.Index(
                fields=["buyer", "order"],
                name="order_line_uncoded",
                condition=models.Q(account="", cancelled=False),
            ),
        ]
        ordering = ["line_no"]


class OrderChange(models.Model):
    """What the buyer wants otherwise: a change, a cancellation, a closed rest, or an answer to the supplier.

    Kinds: change, cancellation, rest (closed), confirmation and restatement (what the supplier's proposal
    became; T114). States: see `states.CHANGE`. What has been sent never changes; only the supplier's answer
    is noted. Without `message` it was agreed by other means, with whom and when. Amounts in øre.
    """

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12)
    sequence = models.IntegerField(default=0)  # SequenceNumberID of T114; 0 until it leaves
    number = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=9)
    lines = models.JSONField(default=list)  # [{line_no, quantity (None: taken out)}]
    details = models.JSONField(
        default=dict
    )  # what else is new: address_id, delivery, marking, note, wanted_by
    reason = models.TextField(blank=True)  # to the supplier
    gross_before = models.BigIntegerField()
    gross_after = models.BigIntegerField()
    bound = models.JSONField(default=dict)  # line number -> øre bound when it was approved, until it stands
    content_hash = models.CharField(max_length=64)
    candidates = models.JSONField(default=list)  # ids (hex) of those asked to approve
    agreed_with = models.CharField(max_length=200, blank=True)
    agreed_on = models.DateField(null=True)
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()
    approved_by = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    declined = models.JSONField(
        default=list
    )  # line numbers that the supplier said no to, of a change that stands
    version = models.IntegerField(default=1)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [models.Index(fields=["buyer", "state"], name="order_change_state")]


class OrderResponse(models.Model):
    """A supplier's answer (T76 or T116). A change is a proposal until the buyer decides (Decision 7)."""

    tenancy: ClassVar[By | Shared] = By("buyer")
    audited: ClassVar[bool] = True

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="responses")
    number = models.CharField(max_length=100)
    code = models.CharField(max_length=4)  # AB AP CA RE (UNCL4343 subset of T76 and T116)
    change = models.ForeignKey(OrderChange, models.PROTECT, null=True, related_name="+")  # what it answers
    note = models.TextField(blank=True)
    lines = models.JSONField(default=list)  # [{line_no, code, quantity, price, name, note}]
    state = models.CharField(max_length=9)  # noted proposed accepted declined
    message_id = models.UUIDField()
    received_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("buyer")

    class Meta:
        indexes = [
            models.Index(
                fields=["buyer", "received_at"],
                name="response_to_decide",
                condition=models.Q(state="proposed"),
            ),
        ]


from avrop.ordering.takeover.models import TakenOver as TakenOver  # noqa: E402 (Django looks for models here)
