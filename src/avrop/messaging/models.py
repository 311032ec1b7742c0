"""Envelopes in and out. Knows senders, receivers and document types, no business document."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from avrop.kernel.ports import new_id
from avrop.tenancy.models import Organisation
from avrop.tenancy.scope import By, ScopedManager, Shared


class Message(models.Model):
    """One envelope on one side: the sender's outbound row and the receiver's inbound row share instance_id.

    Inbound: `sha256` names the stored original (the bytes exactly as they came). Outbound: `body` holds the
    document until it has left, then `sha256` names the stored envelope.
    """

    tenancy: ClassVar[By | Shared] = By("owner")
    audited: ClassVar[bool] = True

    IN, OUT = "in", "out"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=3)
    instance_id = models.CharField(max_length=100)
    sender = models.CharField(max_length=80)
    receiver = models.CharField(max_length=80)
    document_type = models.CharField(max_length=60)  # our short name: order, invoice ... or "" when unknown
    document_type_id = models.CharField(max_length=300)
    process_id = models.CharField(max_length=200)
    number = models.CharField(max_length=100, blank=True)  # the document's, of an answer the invoice's
    refers_to = models.CharField(
        max_length=80, blank=True
    )  # our document (label:id) that it carries or became
    stream = models.CharField(max_length=80)
    other_name = models.CharField(
        max_length=200, blank=True
    )  # the other party, as known when it came or went
    answer_to = models.CharField(max_length=80, blank=True)  # in: the service provider that wants an MLS
    # out: queued sent failed rejected; in: stored routed refused filed duplicate
    state = models.CharField(max_length=12)
    reason = models.CharField(max_length=60, blank=True)  # code of the refusal or failure
    params = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    rule_set = models.CharField(max_length=200, blank=True)
    outcome = models.JSONField(default=dict)  # what the receiving station said (for the sender of a file)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.IntegerField(default=0)
    body = models.BinaryField(null=True)
    transmission = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedManager] = ScopedManager("owner")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "direction", "sender", "instance_id"], name="message_once"
            )
        ]
        indexes = [
            models.Index(fields=["owner", "at", "id"], name="message_at"),
            # The operator's log and figures of the whole installation.
            models.Index(fields=["at", "direction", "state"], name="message_flow"),
            models.Index(fields=["direction", "state", "at"], name="message_state_at"),
            # Whether a document has left, for those that only count it.
            models.Index(fields=["id", "state"], name="message_left"),
            models.Index(fields=["stream", "owner"], name="message_stream"),
            models.Index(fields=["refers_to", "owner"], name="message_refers_to"),
            models.Index(fields=["instance_id"], name="message_instance"),
        ]
